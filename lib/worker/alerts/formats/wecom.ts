import {
  type ChannelFormat,
  cutToBytes,
  escapeMarkdown,
  findCodeFailure,
  jsonRequest,
  linksInMarkdown,
} from './channel-format';

/** The longest Markdown message, in bytes of UTF-8. https://developer.work.weixin.qq.com/document/path/91770 */
const contentMax = 4096;

/** A group robot of WeCom: Markdown, and 200 with `errcode`. It accepts 20 messages a minute, then 45009. */
export const wecomFormat: ChannelFormat = {
  build({ title, text, ...links }, { url }) {
    const end = `\n${linksInMarkdown(links)}`;
    const head = `**${escapeMarkdown(title)}**\n${escapeMarkdown(text)}`;
    const content = cutToBytes(head, contentMax - Buffer.byteLength(end)) + end;
    return jsonRequest(url, { msgtype: 'markdown', markdown: { content } });
  },
  findFailure: (answer) => findCodeFailure(answer, { code: 'errcode', message: 'errmsg' }),
};
