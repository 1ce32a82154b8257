import { createHmac } from 'node:crypto';
import {
  breakLinks,
  type ChannelFormat,
  cutToBytes,
  escapeMarkdown,
  findCodeFailure,
  jsonRequest,
  linksInMarkdown,
} from './channel-format';

/** Messages have up to 20,000 bytes; this leaves room for title, link and JSON. */
const textMax = 16_000;
const titleMax = 200;

/**
 * A custom robot of DingTalk: Markdown, and 200 with `errcode`. With a secret, the address gets `timestamp` (ms) and `sign`,
 * HMAC-SHA256 with the secret over both. https://open.dingtalk.com/document/robots/customize-robot-security-settings
 */
export const dingtalkFormat: ChannelFormat = {
  build({ title, text, ...links }, { url, secret }, at) {
    const signed = new URL(url);
    if (secret !== null) {
      const timestamp = String(at.getTime());
      const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
      signed.searchParams.set('timestamp', timestamp);
      signed.searchParams.set('sign', sign);
    }
    const body = cutToBytes(`**${escapeMarkdown(title)}**\n\n${escapeMarkdown(text)}`, textMax);
    const markdown = {
      title: cutToBytes(breakLinks(title), titleMax),
      text: `${body}\n\n${linksInMarkdown(links)}`,
    };
    return jsonRequest(signed.href, { msgtype: 'markdown', markdown });
  },
  findFailure: (answer) => findCodeFailure(answer, { code: 'errcode', message: 'errmsg' }),
};
