import { afterAll, beforeEach, expect, it } from 'vitest';
import type { AlertMessage } from '@/lib/worker/alerts/formats/channel-format';
import { startAlertReceiver } from '@/testing/worker/alert-receiver';
import { sendBySlackBot } from './slack-bot';

const slack = await startAlertReceiver();
afterAll(() => slack.stop());

/** Answers as documented: https://docs.slack.dev/reference/methods/chat.postMessage, …/chat.update */
function answer(errors: Readonly<Record<string, string>> = {}) {
  slack.answer(({ url }) => {
    const error = errors[url.pathname];
    const said = { ok: true, channel: 'C0123456789', ts: `170000000${slack.received.length}.000100` };
    return { status: 200, body: JSON.stringify(error === undefined ? said : { ok: false, error }) };
  });
}
beforeEach(() => {
  slack.received.length = 0;
  answer();
});

const message: AlertMessage = {
  event: 'stopped',
  incident: 'run R-0001',
  state: 'alert 7',
  title: 'Run stopped: <!channel>',
  text: 'sari stopped the run.',
  path: '/runs/R-0001',
  at: '2026-12-12T00:00:00.000Z',
  scope: { connectionIds: ['a'], regions: ['ap-jakarta'], domains: ['shop.example.com'] },
  leadMinutes: null,
  deliveryId: 'alert_1',
  link: 'https://spillway.example.com/runs/R-0001',
  actions: [],
};
const send = (previous: string | null, changes: Partial<AlertMessage> = {}) =>
  sendBySlackBot(
    {
      message: { ...message, ...changes },
      target: { url: `${slack.origin}/api/`, secret: 'xoxb-token', conversation: 'C0123456789', mail: null },
      at: new Date(),
      previous,
    },
    { privateHosts: ['127.0.0.1'] },
  );
const calls = () => slack.received.map(({ url, body }) => ({ method: url.pathname, body: JSON.parse(body) }));

it('posts the first message of an incident, and returns where it is', async () => {
  expect(await send(null)).toEqual({
    error: null,
    isAccepted: true,
    isFinal: false,
    reference: 'C0123456789:1700000001.000100',
  });
  expect(slack.received[0]?.headers.authorization).toBe('Bearer xoxb-token');
  expect(calls()).toMatchObject([{ method: '/api/chat.postMessage', body: { channel: 'C0123456789' } }]);
  expect(calls()[0]?.body.text).toContain('&lt;\u200b!channel&gt;');
});

it('edits it, and replies so that people see it only if the alert needs them', async () => {
  const at = 'C0123456789:1700000000.000100';
  expect(await send(at, { event: 'finished' })).toMatchObject({ isAccepted: true, reference: at });
  expect(calls()).toMatchObject([
    { method: '/api/chat.update', body: { channel: 'C0123456789', ts: '1700000000.000100' } },
  ]);
  expect(await send(at)).toMatchObject({ isAccepted: true, reference: at });
  expect(calls().slice(1)).toMatchObject([
    { method: '/api/chat.update' },
    { method: '/api/chat.postMessage', body: { thread_ts: '1700000000.000100', reply_broadcast: true } },
  ]);
});

it('posts a new message if the old one is gone', async () => {
  answer({ '/api/chat.update': 'message_not_found' });
  expect(await send('C0123456789:1.1')).toMatchObject({
    isAccepted: true,
    reference: 'C0123456789:1700000002.000100',
  });
});

it('fails with the reason of Slack, and with that of an answer that is not from Slack', async () => {
  answer({ '/api/chat.postMessage': 'not_in_channel' });
  expect(await send(null)).toMatchObject({
    isAccepted: false,
    error: 'chat.postMessage: not_in_channel',
    reference: null,
  });
  slack.answer(() => ({ status: 200, body: '<html>' }));
  expect((await send(null)).error).toBe('the answer of chat.postMessage is not that of Slack');
  slack.answer(() => ({ status: 429, body: '' }));
  expect((await send(null)).error).toBe('status 429');
});
