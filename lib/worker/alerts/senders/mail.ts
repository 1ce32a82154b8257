import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { alertSeverity } from '@/lib/alerts/alert';
import { shorten } from '@/lib/shorten';
import { connectPublic } from '@/lib/worker/alerts/connection/public-lookup';
import { type AlertMessage, listMessageLinks } from '@/lib/worker/alerts/formats/channel-format';
import type { Sender } from './sender';

/** For how long the connection, the greeting and each answer may take, in ms. */
const timeoutMs = 15_000;
/** Of the subject, in characters. Longer ones are shortened. */
const subjectMax = 200;
/** Of the text, in characters. Longer ones are shortened. */
const textMax = 50_000;
/** The ports of submission, with TLS from the start and with STARTTLS: RFC 8314, RFC 6409. */
const ports = { 'smtps:': 465, 'smtp:': 587 };

/** A reply that will be the same next time: RFC 5321, 4.2.1. Of nodemailer's errors. */
const PermanentError = z.object({ responseCode: z.number().min(500).max(599) });

const escapes = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (sign) => escapes.get(sign) ?? sign);

/** Makes one line of a text that people have chosen. */
const toLine = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();

function buildHtml({ title, text, ...links }: AlertMessage): string {
  return [
    '<!doctype html><html lang="en"><body style="font-family:sans-serif">',
    `<p><strong>${escapeHtml(title)}</strong></p>`,
    `<p style="white-space:pre-line">${escapeHtml(text)}</p>`,
    ...listMessageLinks(links).map(
      ({ label, url }) => `<p><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`,
    ),
    '</body></html>',
  ].join('\n');
}

/**
 * Returns the headers that make one thread of all messages about an incident: the id of the thread is that of no message, as
 * mail programs allow (RFC 5322, 3.6.4), so that a lost first message doesn't split it.
 */
function buildThread({ incident, deliveryId, link }: AlertMessage, from: string) {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const thread = createHash('sha256')
    .update(`${new URL(link).origin} ${incident}`)
    .digest('hex')
    .slice(0, 32);
  const root = `<incident.${thread}@${domain}>`;
  const id = createHash('sha256')
    .update(`${new URL(link).origin} ${deliveryId}`)
    .digest('hex')
    .slice(0, 32);
  return { messageId: `<alert.${id}@${domain}>`, inReplyTo: root, references: [root] };
}

/** E-mail by SMTP. Each attempt has the same Message-ID, so that a repeated one is recognized. */
export const sendMail: Sender = async ({ message, target, at }, { privateHosts, trusted }) => {
  const { protocol, hostname, port, search } = new URL(target.url);
  const isSecure = protocol === 'smtps:';
  const { mail, secret } = target;
  if (mail === null) throw new Error('the channel has no recipients');
  const address = { hostname, port: port === '' ? ports[isSecure ? 'smtps:' : 'smtp:'] : Number(port) };
  const connection = await connectPublic(address, privateHosts, timeoutMs);
  const withoutTls = search === '?tls=off' && privateHosts.includes(hostname);
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    secure: isSecure,
    ...(withoutTls ? { ignoreTLS: true } : { requireTLS: true }),
    connection,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    ...(mail.user === null ? {} : { auth: { user: mail.user, pass: secret ?? '' }, forceAuth: true }),
    ...(trusted === undefined ? {} : { tls: { ca: trusted } }),
  });
  const links = listMessageLinks(message)
    .map(({ label, url }) => `${label}:\n${url}`)
    .join('\n\n');
  try {
    const { rejected } = await transport.sendMail({
      from: { name: 'Spillway', address: mail.from },
      to: [...mail.to],
      subject: shorten(toLine(message.title), subjectMax),
      text: `${toLine(message.title)}\n\n${shorten(message.text, textMax)}\n\n${links}\n`,
      html: buildHtml({ ...message, text: shorten(message.text, textMax) }),
      date: at,
      ...buildThread(message, mail.from),
      priority: alertSeverity[message.event] === 'critical' ? 'high' : 'normal',
      // RFC 3834: so that absent people don't answer.
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const error = rejected.length === 0 ? null : `the server refused ${rejected.join(', ')}`;
    return { error, isAccepted: true, isFinal: true, reference: null };
  } catch (error) {
    if (!(error instanceof Error) || !PermanentError.safeParse(error).success) throw error;
    return { error: error.message, isAccepted: false, isFinal: true, reference: null };
  } finally {
    transport.close();
    connection.destroy();
  }
};
