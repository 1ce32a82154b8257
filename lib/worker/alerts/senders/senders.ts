import type { ChannelKind, HookKind } from '@/lib/alerts/channel';
import { postMessage } from '@/lib/worker/alerts/connection/post-message';
import { formats } from '@/lib/worker/alerts/formats/formats';
import { sendMail } from './mail';
import { type Sender, toOutcome } from './sender';
import { sendBySlackBot } from './slack-bot';

/** Creates the sender of a kind whose messages are one POST request. None of these services can change a message later. */
function hookSender(kind: HookKind): Sender {
  const { build, findFailure } = formats[kind];
  return async ({ message, target, at }, { privateHosts }) =>
    toOutcome(findFailure(await postMessage(build(message, target, at), privateHosts)));
}

/** The sender of each kind of channel. */
export const senders: Readonly<Record<ChannelKind, Sender>> = {
  webhook: hookSender('webhook'),
  wecom: hookSender('wecom'),
  dingtalk: hookSender('dingtalk'),
  feishu: hookSender('feishu'),
  slack: hookSender('slack'),
  slackBot: sendBySlackBot,
  teams: hookSender('teams'),
  email: sendMail,
};
