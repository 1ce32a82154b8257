import { createHmac } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { HookKind } from '@/lib/alerts/channel';
import { invariant } from '@/lib/invariant';
import { postMessage } from '@/lib/worker/alerts/connection/post-message';
import { formats } from '@/lib/worker/alerts/deliver-alerts';
import type { AlertMessage } from '@/lib/worker/alerts/formats/channel-format';
import { type ReceivedRequest, startAlertReceiver } from '@/testing/worker/alert-receiver';

/* Each kind over HTTP, against a receiver that checks the documented form of its service. */

const receiver = await startAlertReceiver();
afterAll(() => receiver.stop());
beforeEach(() => {
  receiver.received.length = 0;
});

const message: AlertMessage = {
  event: 'stopped',
  incident: 'run R-0001',
  state: 'alert 7',
  title: 'Run stopped: 12.12 <flash> *sale*',
  text: 'Stopped: someone else changed [flash](http://evil.example) & more.',
  path: '/runs/R-0001',
  at: '2026-12-12T00:00:00.000Z',
  scope: { connectionIds: ['a'], regions: ['ap-jakarta'], domains: ['shop.example.com'] },
  leadMinutes: null,
  deliveryId: 'alert_1',
  link: 'https://spillway.example.com/runs/R-0001',
  actions: [{ action: 'rollback', label: 'Roll back', url: 'https://spillway.example.com/alert-links/t' }],
};
/** The same, without links and mentions, where its signs have no meaning. */
const broken = {
  title: 'Run stopped: 12.12 <flash> *sale*',
  text: 'Stopped: someone else changed [flash]\u200b(http:\u200b//evil.example) & more.',
};
const at = new Date('2026-12-12T00:00:05.600Z');
const long = { ...message, title: '标'.repeat(3000), text: '长'.repeat(60_000) };

async function send(kind: HookKind, secret: string | null, sent = message, path = '/hook?key=k') {
  const { build, findFailure } = formats[kind];
  const target = { url: receiver.origin + path, secret, conversation: null, mail: null };
  const answer = await postMessage(build(sent, target, at), ['127.0.0.1']);
  const request = receiver.received.at(-1);
  invariant(request !== undefined, 'it was received');
  expect(request.method).toBe('POST');
  expect(request.headers['content-type']).toMatch(/^application\/json/);
  return { failure: findFailure(answer), request, json: JSON.parse(request.body) };
}
const bytes = ({ body }: ReceivedRequest) => Buffer.byteLength(body);
const withCode = (field: string, code: number) =>
  receiver.answer(() => ({ status: 200, body: JSON.stringify({ [field]: code, errmsg: 'no', msg: 'no' }) }));

describe('a webhook', () => {
  it('is signed as Standard Webhooks says, with a time, and accepted by any 2xx', async () => {
    receiver.answer(() => ({ status: 204, body: '' }));
    const key = Buffer.alloc(32, 5);
    const { failure, request, json } = await send('webhook', `whsec_${key.toString('base64')}`);
    expect(failure).toBeNull();
    const signed = `alert_1.1797033605.${request.body}`;
    expect(request.headers).toMatchObject({
      'webhook-id': 'alert_1',
      'webhook-timestamp': '1797033605',
      'webhook-signature': `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    });
    expect(json).toEqual({
      version: 1,
      id: 'alert_1',
      event: 'stopped',
      severity: 'critical',
      incident: 'run R-0001',
      state: 'alert 7',
      title: message.title,
      text: message.text,
      at: message.at,
      ...message.scope,
      link: message.link,
      actions: [{ action: 'rollback', url: 'https://spillway.example.com/alert-links/t' }],
    });
  });

  it('fails by status, and follows no redirect', async () => {
    receiver.answer(() => ({ status: 410, body: 'gone' }));
    expect((await send('webhook', 'whsec_AA==')).failure).toBe('status 410: gone');
    receiver.answer(() => ({ status: 302, body: '', headers: { location: `${receiver.origin}/other` } }));
    expect((await send('webhook', 'whsec_AA==')).failure).toBe('status 302: redirects are not followed');
    expect(receiver.received.map(({ url }) => url.pathname)).toEqual(['/hook', '/hook']);
  });
});

describe('WeCom', () => {
  it('gets Markdown of at most 4096 bytes, with the link, and fails by errcode', async () => {
    withCode('errcode', 0);
    const { failure, request, json } = await send('wecom', null);
    expect(failure).toBeNull();
    expect(request.url.search).toBe('?key=k');
    expect(json).toEqual({ msgtype: 'markdown', markdown: { content: expect.any(String) } });
    expect(json.markdown.content).toBe(
      '**Run stopped: 12.12 \\<flash\\> \\*sale\\***\nStopped: someone else changed \\[flash\\]\u200b(http:\u200b//evil.example) & more.\n[Open in Spillway](https://spillway.example.com/runs/R-0001) · [Roll back](https://spillway.example.com/alert-links/t)',
    );
    const cut = await send('wecom', null, long);
    expect(Buffer.byteLength(cut.json.markdown.content)).toBeLessThanOrEqual(4096);
    expect(cut.json.markdown.content).toMatch(/…\n\[Open in Spillway\]\(\S+\) · \[Roll back\]\(\S+\)$/);
    withCode('errcode', 93_000);
    expect((await send('wecom', null)).failure).toBe('errcode 93000: no');
  });
});

describe('DingTalk', () => {
  it('gets Markdown with title and text, signed in the address, and fails by errcode', async () => {
    withCode('errcode', 0);
    const { failure, request, json } = await send(
      'dingtalk',
      'SECabc',
      message,
      '/robot/send?access_token=t',
    );
    expect(failure).toBeNull();
    const timestamp = String(at.getTime());
    const sign = createHmac('sha256', 'SECabc').update(`${timestamp}\nSECabc`).digest('base64');
    expect(Object.fromEntries(request.url.searchParams)).toEqual({ access_token: 't', timestamp, sign });
    expect(json).toEqual({
      msgtype: 'markdown',
      markdown: {
        title: broken.title,
        text: expect.stringContaining(`[Open in Spillway](${message.link})`),
      },
    });
    expect((await send('dingtalk', null)).request.url.search).toBe('?key=k');
    expect(bytes((await send('dingtalk', null, long)).request)).toBeLessThanOrEqual(20_000);
    withCode('errcode', 310_000);
    expect((await send('dingtalk', null)).failure).toBe('errcode 310000: no');
  });
});

describe('Feishu', () => {
  it('gets a post with the signature in the body, and fails by code', async () => {
    withCode('code', 0);
    const { failure, json } = await send('feishu', 'demo');
    expect(failure).toBeNull();
    const timestamp = '1797033605';
    expect(json).toEqual({
      timestamp,
      sign: createHmac('sha256', `${timestamp}\ndemo`).update('').digest('base64'),
      msg_type: 'post',
      content: {
        post: {
          en_us: {
            title: broken.title,
            content: [
              [{ tag: 'text', text: broken.text }],
              [{ tag: 'a', text: 'Open in Spillway', href: message.link }],
              [{ tag: 'a', text: 'Roll back', href: 'https://spillway.example.com/alert-links/t' }],
            ],
          },
        },
      },
    });
    expect((await send('feishu', null)).json).not.toHaveProperty('sign');
    expect(bytes((await send('feishu', null, long)).request)).toBeLessThanOrEqual(20_000);
    withCode('code', 19_021);
    expect((await send('feishu', null)).failure).toBe('code 19021: no');
    receiver.answer(() => ({ status: 200, body: '<html>' }));
    expect((await send('feishu', null)).failure).toBe('the answer is no JSON: <html>');
    receiver.answer(() => ({ status: 200, body: '{}' }));
    expect((await send('feishu', null)).failure).toBe('the answer has no code');
  });
});

describe('Slack', () => {
  const Section = z.object({
    type: z.literal('section'),
    text: z.object({
      type: z.literal('mrkdwn'),
      text: z.string().min(1).max(3000),
      verbatim: z.literal(true).optional(),
    }),
  });
  const Payload = z.strictObject({
    text: z.string(),
    unfurl_links: z.literal(false),
    blocks: z.array(Section).max(50),
  });

  it('gets blocks with escaped text, and fails by status', async () => {
    receiver.answer(() => ({ status: 200, body: 'ok' }));
    const { failure, json } = await send('slack', null);
    expect(failure).toBeNull();
    const { blocks } = Payload.parse(json);
    expect(blocks[0]?.text.text).toContain('12.12 &lt;flash&gt; ∗sale∗');
    expect(blocks[0]?.text.text).toContain('&amp; more.');
    expect(blocks[1]?.text.text).toBe(
      `<${message.link}|Open in Spillway> · <https://spillway.example.com/alert-links/t|Roll back>`,
    );
    Payload.parse((await send('slack', null, { ...long, text: '&'.repeat(9000) })).json);
    receiver.answer(() => ({ status: 404, body: 'no_service' }));
    expect((await send('slack', null)).failure).toBe('status 404: no_service');
  });
});

describe('Microsoft Teams', () => {
  it('gets an adaptive card of at most 28 KB, and answers 202', async () => {
    receiver.answer(() => ({ status: 202, body: '' }));
    const { failure, json } = await send('teams', null);
    expect(failure).toBeNull();
    expect(json).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              { type: 'TextBlock', wrap: true, color: 'Attention' },
              { type: 'TextBlock', wrap: true },
            ],
            actions: [
              { type: 'Action.OpenUrl', url: message.link },
              { type: 'Action.OpenUrl', title: 'Roll back' },
            ],
          },
        },
      ],
    });
    expect(json.attachments[0].content.body[1].text).toContain('\\[flash\\]');
    expect(bytes((await send('teams', null, long)).request)).toBeLessThanOrEqual(28_000);
    receiver.answer(() => ({ status: 400, body: '{"error":{"code":"TriggerInputSchemaMismatch"}}' }));
    expect((await send('teams', null)).failure).toContain('TriggerInputSchemaMismatch');
  });
});

describe('a text that people have chosen', () => {
  const request = {
    ...message,
    title: 'Approve *P-0001*',
    text: 'sari: “[Open](https://evil.example/a) www.evil.example evil.example/login <!here> <@all> _now_ \u202e”',
  };

  it.each(['wecom', 'dingtalk', 'teams', 'slack', 'feishu'] as const)(
    'has no link, no mention and no markup in %s',
    async (kind) => {
      receiver.answer(() => ({ status: 200, body: '{}' }));
      const { request: sent } = await send(kind, null, request);
      const own = sent.body.replaceAll(/https:\/\/spillway\.example\.com[^"|)]*/g, '');
      expect(own).toContain('evil');
      expect(own).not.toMatch(/\w:\/\/evil|www\.|evil\.example\/|\]\(http|<[!@]|&lt;[!@]|\u202e/);
      if (kind !== 'feishu' && kind !== 'dingtalk') expect(own).not.toMatch(/(?<!\\)_now|(?<!\\)\*P/);
    },
  );
});
