import { z } from 'zod';
import { type AlertSeverity, alertSeverity } from '@/lib/alerts/alert';
import { slackApiUrl } from '@/lib/alerts/channel';
import { postMessage } from '@/lib/worker/alerts/connection/post-message';
import { findStatusFailure, jsonRequest } from '@/lib/worker/alerts/formats/channel-format';
import { buildBlocks } from '@/lib/worker/alerts/formats/slack';
import { type Sender, type SenderDeps, type Sending, type SendOutcome, toOutcome } from './sender';

/** Answers of the Web API are 200 with `ok`. https://docs.slack.dev/apis/web-api/#responses */
const Answer = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  channel: z.string().optional(),
  ts: z.string().optional(),
});
type Answer = z.infer<typeof Answer>;

/** The message is gone or can't be edited any more. https://docs.slack.dev/reference/methods/chat.update#errors */
const lostMessages = ['message_not_found', 'cant_update_message', 'edit_window_closed'];

async function call(
  method: 'chat.postMessage' | 'chat.update',
  body: object,
  { target }: Sending,
  { privateHosts }: SenderDeps,
): Promise<{ readonly error: string | null; readonly answer: Answer | null }> {
  const request = jsonRequest(new URL(method, target.url || slackApiUrl).href, body);
  const headers = { ...request.headers, Authorization: `Bearer ${target.secret ?? ''}` };
  const received = await postMessage({ ...request, headers }, privateHosts);
  const failure = findStatusFailure(received);
  if (failure !== null) return { error: failure, answer: null };
  const parsed = z.preprocess(parseJson, Answer).safeParse(received.body);
  if (!parsed.success) return { error: `the answer of ${method} is not that of Slack`, answer: null };
  const { ok, error = 'no reason' } = parsed.data;
  return { error: ok ? null : `${method}: ${error}`, answer: parsed.data };
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}

const toReference = ({ channel, ts }: Answer) =>
  channel === undefined || ts === undefined ? null : `${channel}:${ts}`;

async function post(sending: Sending, deps: SenderDeps): Promise<SendOutcome> {
  const body = { channel: sending.target.conversation, unfurl_links: false, ...buildBlocks(sending.message) };
  const { error, answer } = await call('chat.postMessage', body, sending, deps);
  return toOutcome(error, answer === null ? null : toReference(answer));
}

const needsPerson = (severity: AlertSeverity) => severity !== 'info';

/**
 * A bot of Slack: one message for each incident, which shows its newest state. Slack sends no notification for an edit, so an alert that needs
 * a person is also a reply, which the channel sees. The edit comes first: a repeated attempt repeats it without effect.
 * https://docs.slack.dev/reference/methods/chat.update, https://docs.slack.dev/reference/methods/chat.postMessage
 */
export const sendBySlackBot: Sender = async (sending, deps) => {
  const { previous, message } = sending;
  const [channel, ts] = previous?.split(':') ?? [];
  if (channel === undefined || ts === undefined) return post(sending, deps);
  const blocks = buildBlocks(message);
  const edited = await call('chat.update', { channel, ts, ...blocks }, sending, deps);
  if (edited.answer?.error !== undefined && lostMessages.includes(edited.answer.error))
    return post(sending, deps);
  if (edited.error !== null || !needsPerson(alertSeverity[message.event]))
    return toOutcome(edited.error, previous);
  const reply = { channel, thread_ts: ts, reply_broadcast: true, unfurl_links: false, ...blocks };
  return toOutcome((await call('chat.postMessage', reply, sending, deps)).error, previous);
};
