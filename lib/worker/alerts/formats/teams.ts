import { alertSeverity } from '@/lib/alerts/alert';
import {
  type ChannelFormat,
  cutToBytes,
  escapeMarkdown,
  findStatusFailure,
  jsonRequest,
  listMessageLinks,
} from './channel-format';

/**
 * A message has up to 28 KB. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
 */
const textMax = 20_000;
const titleMax = 500;
const color = { critical: 'Attention', warning: 'Warning', info: 'Default' } as const;

/** A workflow of Microsoft Teams that posts an adaptive card. It answers 202. */
export const teamsFormat: ChannelFormat = {
  build({ title, text, event, ...links }, { url }) {
    const block = { type: 'TextBlock', wrap: true };
    const content = {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.4',
      body: [
        {
          ...block,
          text: cutToBytes(escapeMarkdown(title), titleMax),
          weight: 'Bolder',
          color: color[alertSeverity[event]],
        },
        { ...block, text: cutToBytes(escapeMarkdown(text), textMax) },
      ],
      actions: listMessageLinks(links).map(({ label, url: page }) => ({
        type: 'Action.OpenUrl',
        title: label,
        url: page,
      })),
    };
    const contentType = 'application/vnd.microsoft.card.adaptive';
    return jsonRequest(url, { type: 'message', attachments: [{ contentType, contentUrl: null, content }] });
  },
  findFailure: findStatusFailure,
};
