import {
  type AlertMessage,
  breakLinks,
  type ChannelFormat,
  findStatusFailure,
  jsonRequest,
  listMessageLinks,
} from './channel-format';

/** The text of a section block. https://docs.slack.dev/reference/block-kit/blocks/section-block */
const sectionMax = 3000;

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escapes = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** Slack has no escape of its marks for bold, italic, struck and code: signs that look like them have no meaning. */
const lookAlikes = new Map([
  ['*', '∗'],
  ['_', '＿'],
  ['~', '∼'],
  ['`', 'ˋ'],
]);
/** A mark at the beginning or the end of a word, and one of a quotation at the beginning of a line. */
const marks = /(?<![\p{L}\p{N}])[*_~`]|[*_~`](?![\p{L}\p{N}])|^[\t ]*>+/gmu;

const withoutMarks = (text: string) =>
  breakLinks(text).replace(marks, (mark) => lookAlikes.get(mark) ?? mark.replaceAll('>', '›'));

/** Cuts before it escapes, so that no escape is cut: each character becomes five at most. */
const toMarkup = (text: string, max: number) =>
  [...withoutMarks(text)]
    .slice(0, max)
    .map((sign) => escapes.get(sign) ?? sign)
    .join('');

/** Returns the text of a message, with its blocks; the text alone is that of notifications. */
export function buildBlocks({
  title,
  text,
  ...links
}: Pick<AlertMessage, 'title' | 'text' | 'link' | 'actions'>) {
  const shown = listMessageLinks(links).map(({ label, url }) => `<${url}|${label}>`);
  const head = toMarkup(title, 100);
  const body = toMarkup(text, (sectionMax - 500) / 5);
  return {
    text: `${head}: ${body}`,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*${head}*\n${body}`, verbatim: true } },
      { type: 'section', text: { type: 'mrkdwn', text: shown.join(' · ') } },
    ],
  };
}

/** An incoming webhook of Slack. It answers `ok`, or a status with a word such as `no_service`. */
export const slackFormat: ChannelFormat = {
  build: (message, { url }) => jsonRequest(url, { unfurl_links: false, ...buildBlocks(message) }),
  findFailure: findStatusFailure,
};
