import { createHmac } from 'node:crypto';
import {
  breakLinks,
  type ChannelFormat,
  cutToBytes,
  findCodeFailure,
  jsonRequest,
  listMessageLinks,
} from './channel-format';

/** A request has up to 20 KB; this leaves room for title, link and JSON. */
const textMax = 12_000;
const titleMax = 500;

/**
 * A custom bot of Feishu or Lark: a post without markup, and 200 with `code`. With a secret, the body has `timestamp` (s) and
 * `sign`: HMAC-SHA256 of nothing, with both as the key. https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
export const feishuFormat: ChannelFormat = {
  build({ title, text, ...links }, { url, secret }, at) {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const signature =
      secret === null
        ? {}
        : { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') };
    const post = {
      title: cutToBytes(breakLinks(title), titleMax),
      content: [
        [{ tag: 'text', text: cutToBytes(breakLinks(text), textMax) }],
        ...listMessageLinks(links).map(({ label, url: href }) => [{ tag: 'a', text: label, href }]),
      ],
    };
    return jsonRequest(url, { ...signature, msg_type: 'post', content: { post: { en_us: post } } });
  },
  findFailure: (answer) => findCodeFailure(answer, { code: 'code', message: 'msg' }),
};
