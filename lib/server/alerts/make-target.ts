import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  type ChannelKind,
  type ChannelTarget,
  kindsWithSecret,
  Mail,
  slackApiUrl,
} from '@/lib/alerts/channel';
import type { ActionError } from '@/lib/contract/answer';
import { ok, type Result } from '@/lib/result';
import { refuseFields } from '@/lib/store/refusal';

/** A target as it is entered. */
export const TargetInput = z.object({
  url: z.string().trim().max(2000, 'alertChannel.url'),
  secret: z.string().trim().max(500, 'alertChannel.secret').nullable(),
  conversation: z.string().trim().nullable().default(null),
  mail: Mail.nullable().default(null),
});
type TargetInput = z.infer<typeof TargetInput>;

/** A target with its host, which is shown, and the secret that Spillway made for it, which is shown once. */
type MadeTarget = {
  readonly target: ChannelTarget;
  readonly host: string;
  readonly made: string | null;
};

/** The id of a public channel, a private one or a direct message: https://docs.slack.dev/reference/objects/conversation-object */
const conversationId = /^[CGD][A-Z0-9]{5,20}$/;

function parseUrl(text: string, protocols: readonly string[]): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !protocols.includes(url.protocol)) return null;
  return url.username === '' && url.password === '' && url.hostname !== '' ? url : null;
}

function toHookTarget(
  kind: ChannelKind,
  { url: text, secret: typed, conversation }: TargetInput,
  privateHosts: readonly string[],
): Result<MadeTarget, ActionError> {
  const isBot = kind === 'slackBot';
  const url = parseUrl(isBot && text === '' ? slackApiUrl : text, ['https:', 'http:']);
  if (url === null) return refuseFields({ url: ['alertChannel.url'] });
  if (url.protocol !== 'https:' && !privateHosts.includes(url.hostname))
    return refuseFields({ url: ['alertChannel.https'] });
  if (isBot && !conversationId.test(conversation ?? ''))
    return refuseFields({ conversation: ['alertChannel.conversation'] });
  if (isBot && !typed) return refuseFields({ secret: ['alertChannel.token'] });
  const made = kind === 'webhook' ? `whsec_${randomBytes(32).toString('base64')}` : null;
  const secret = made ?? (kindsWithSecret.includes(kind) && typed ? typed : null);
  const target = { url: url.href, secret, conversation: isBot ? conversation : null, mail: null };
  return ok({ target, host: url.hostname, made });
}

/** TLS is required: from the start (`smtps:`) or by STARTTLS (`smtp:`). Only allowed hosts may do without (`?tls=off`). */
function toMailTarget(
  { url: text, secret, mail }: TargetInput,
  privateHosts: readonly string[],
): Result<MadeTarget, ActionError> {
  const url = parseUrl(text.toLowerCase(), ['smtps:', 'smtp:']);
  const hasOther =
    url !== null && (!['', '/'].includes(url.pathname) || !['', '?tls=off'].includes(url.search));
  if (url === null || hasOther || url.hash !== '') return refuseFields({ url: ['alertChannel.smtp'] });
  if (url.search !== '' && (url.protocol === 'smtps:' || !privateHosts.includes(url.hostname)))
    return refuseFields({ url: ['alertChannel.startTls'] });
  if (mail === null) return refuseFields({ 'mail.to': ['alertChannel.to'] });
  if ((mail.user === null) !== (secret === null || secret === ''))
    return refuseFields({ secret: ['alertChannel.password'] });
  const target = { url: url.href, secret: secret || null, conversation: null, mail };
  return ok({ target, host: url.hostname, made: null });
}

/**
 * Checks the target of a channel of a kind.
 * @param privateHosts the hosts that may be reached without TLS
 */
export function makeTarget(
  kind: ChannelKind,
  input: TargetInput,
  privateHosts: readonly string[],
): Result<MadeTarget, ActionError> {
  return kind === 'email' ? toMailTarget(input, privateHosts) : toHookTarget(kind, input, privateHosts);
}
