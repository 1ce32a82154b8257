import { afterEach, describe, expect, it } from 'vitest';
import type { ChannelTarget } from '@/lib/alerts/channel';
import { RefusedTargetError } from '@/lib/worker/alerts/connection/public-lookup';
import type { AlertMessage } from '@/lib/worker/alerts/formats/channel-format';
import { type MailReceiver, startMailReceiver } from '@/testing/worker/mail-receiver';
import { sendMail } from './mail';

const open: MailReceiver[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((receiver) => receiver.stop()));
});
async function start(options: Parameters<typeof startMailReceiver>[0]) {
  const receiver = await startMailReceiver(options);
  open.push(receiver);
  return receiver;
}

const message: AlertMessage = {
  event: 'stopped',
  incident: 'run R-0001',
  state: 'alert 7',
  title: 'Run stopped: 12.12 <flash>',
  text: 'Stopped: someone else changed <b>flash</b> & more.',
  path: '/runs/R-0001',
  at: '2026-12-12T00:00:00.000Z',
  scope: { connectionIds: ['a'], regions: ['ap-jakarta'], domains: ['shop.example.com'] },
  leadMinutes: null,
  deliveryId: 'alert_1',
  link: 'https://spillway.example.com/runs/R-0001',
  actions: [{ action: 'rollback', label: 'Roll back', url: 'https://spillway.example.com/alert-links/t' }],
};
const mail = { user: null, from: 'spillway@example.com', to: ['sari@example.com', 'budi@example.com'] };
const mailTarget = (url: string, changes: Partial<ChannelTarget> = {}): ChannelTarget => ({
  url,
  secret: null,
  conversation: null,
  mail,
  ...changes,
});
const send = (target: ChannelTarget, trusted?: string, sent = message, privateHosts = ['localhost']) =>
  sendMail(
    { message: sent, target, at: new Date('2026-12-12T00:00:05Z'), previous: null },
    { privateHosts, ...(trusted === undefined ? {} : { trusted }) },
  );
const header = (raw: string, name: string) =>
  (raw.split('\r\n\r\n')[0] ?? '')
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    ?.slice(name.length + 1)
    .trim();

describe('e-mail', () => {
  it('goes to all recipients over STARTTLS, as text and HTML without markup of others', async () => {
    const receiver = await start({ tls: 'startTls', passwords: { spillway: 'a password' } });
    const target = mailTarget(`smtp://localhost:${receiver.port}`, {
      secret: 'a password',
      mail: { ...mail, user: 'spillway' },
    });
    expect(await send(target, receiver.certificate)).toMatchObject({ error: null, isAccepted: true });
    const [got] = receiver.received;
    expect(got).toMatchObject({ from: mail.from, to: mail.to, user: 'spillway', isSecure: true });
    const raw = got?.raw ?? '';
    expect(header(raw, 'From')).toBe('Spillway <spillway@example.com>');
    expect(header(raw, 'Subject')).toBe('Run stopped: 12.12 <flash>');
    expect(header(raw, 'Auto-Submitted')).toBe('auto-generated');
    expect(raw).toContain('Stopped: someone else changed <b>flash</b> & more.');
    expect(raw).toContain('&lt;b&gt;flash&lt;/b&gt; &amp; more.');
    expect(raw).toContain('https://spillway.example.com/runs/R-0001');
    expect(raw.replaceAll(/=\r\n/g, '')).toContain('alert-links/t">Roll back</a>');
  });

  it('uses TLS from the start with smtps, and one thread for an incident, with an id for each message', async () => {
    const receiver = await start({ tls: 'always' });
    const target = mailTarget(`smtps://localhost:${receiver.port}`);
    const ids = ['alert_1', 'alert_1', 'alert_2'];
    for (const deliveryId of ids)
      await send(target, receiver.certificate, { ...message, deliveryId, state: deliveryId });
    await send(target, receiver.certificate, { ...message, deliveryId: 'alert_3', incident: 'run R-0002' });
    const headers = (name: string) => receiver.received.map(({ raw }) => header(raw, name));
    const [first, again, second, other] = headers('Message-ID');
    expect(again).toBe(first);
    expect(new Set([first, second, other]).size).toBe(3);
    const threads = headers('References');
    expect(threads[0]).toMatch(/^<incident\.\S+@example\.com>$/);
    expect(headers('In-Reply-To')).toEqual(threads);
    expect(new Set(threads.slice(0, 3)).size).toBe(1);
    expect(threads[3]).not.toBe(threads[0]);
    expect(receiver.received.every(({ isSecure }) => isSecure)).toBe(true);
  });

  it('is not sent without TLS, nor to a server with another certificate', async () => {
    const plain = await start({ tls: 'none' });
    await expect(send(mailTarget(`smtp://localhost:${plain.port}`))).resolves.toMatchObject({
      isAccepted: false,
      error: expect.stringMatching(/STARTTLS/i),
    });
    const other = await start({ tls: 'startTls' });
    await expect(send(mailTarget(`smtp://localhost:${other.port}`))).rejects.toThrow(/self.signed/i);
    expect([...plain.received, ...other.received]).toEqual([]);
    // Only an allowed host may do without TLS, and only if the target says so.
    const off = mailTarget(`smtp://localhost:${plain.port}?tls=off`);
    await expect(send(off, undefined, message, [])).rejects.toBeInstanceOf(RefusedTargetError);
    expect(await send(off)).toMatchObject({ isAccepted: true });
    expect(plain.received).toMatchObject([{ isSecure: false }]);
  });

  it('connects to no private address', async () => {
    for (const host of [
      '127.0.0.1',
      'localhost',
      '127.1',
      '2130706433',
      '[::1]',
      '10.0.0.5',
      '169.254.169.254',
    ])
      await expect(send(mailTarget(`smtp://${host}:25`), undefined, message, [])).rejects.toThrow(
        /SPILLWAY_ALERT_PRIVATE_HOSTS/,
      );
  });

  it('adds no header or recipient from a name', async () => {
    const receiver = await start({ tls: 'always' });
    const title = 'Sale\r\nBcc: eve@example.com\r\n\r\nHello\u2028Cc: eve@example.com';
    const sent = {
      ...message,
      title,
      text: '.\r\nRCPT TO:<eve@example.com>\r\n.\r\n',
      incident: 'x\r\nBcc: e@example.com',
    };
    expect(
      await send(mailTarget(`smtps://localhost:${receiver.port}`), receiver.certificate, sent),
    ).toMatchObject({
      isAccepted: true,
    });
    const [got] = receiver.received;
    expect(receiver.received).toHaveLength(1);
    expect(got?.to).toEqual(mail.to);
    expect(header(got?.raw ?? '', 'Bcc')).toBeUndefined();
    expect(header(got?.raw ?? '', 'Cc')).toBeUndefined();
    expect(header(got?.raw ?? '', 'Subject')).toBe('Sale Bcc: eve@example.com Hello Cc: eve@example.com');
  });

  it('fails for good if the server says so, and else is tried again', async () => {
    const receiver = await start({ tls: 'always', passwords: { spillway: 'another password' } });
    const target = mailTarget(`smtps://localhost:${receiver.port}`, {
      secret: 'a password',
      mail: { ...mail, user: 'spillway' },
    });
    const wrong = await send(target, receiver.certificate);
    expect(wrong).toMatchObject({ isAccepted: false, isFinal: true, error: expect.stringContaining('535') });
    expect(wrong.error).not.toContain('a password');
    const busy = await start({ tls: 'always', refused: Object.fromEntries(mail.to.map((to) => [to, 451])) });
    await expect(send(mailTarget(`smtps://localhost:${busy.port}`), busy.certificate)).rejects.toThrow(/451/);
  });

  it('names the recipients that the server refused', async () => {
    const receiver = await start({ tls: 'always', refused: { 'budi@example.com': 550 } });
    expect(await send(mailTarget(`smtps://localhost:${receiver.port}`), receiver.certificate)).toMatchObject({
      isAccepted: true,
      error: 'the server refused budi@example.com',
    });
    expect(receiver.received).toMatchObject([{ to: ['sari@example.com'] }]);
  });
});
