import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/*
 * The signed links of alerts: a payload that everybody can read, and its HMAC-SHA256. A link proves what an alert offered,
 * not who uses it: that is the sign-in.
 */

const linkActions = ['approve', 'pause', 'rollback'] as const;
export type LinkAction = (typeof linkActions)[number];

const ActionLink = z.object({
  /** Identifies the link: it works once. */
  id: z.string().min(1).max(100),
  action: z.enum(linkActions),
  /** The id of the plan to approve, or of the run. */
  subject: z.string().min(1).max(100),
  /** The hash of the plan, or of the run's plan. */
  hash: z.string().min(1).max(200),
  /** Of a run: the number of its attempts when the alert was sent. */
  attempts: z.number().int().nullable(),
  /** When it expires, in s since 1970. */
  expires: z.number().int(),
});
/** A link: one action on one plan or run, in the state that the alert was about. */
export type ActionLink = Readonly<z.infer<typeof ActionLink>>;

/** Keys, hashes and signatures together are far below this. */
const tokenMax = 2000;

/** The key of this one use, derived from a secret with several: RFC 5869. */
const deriveKey = (secret: string) =>
  Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64'), '', 'spillway alert links v1', 32));

const sign = (secret: string, payload: string) =>
  createHmac('sha256', deriveKey(secret)).update(payload).digest();

/**
 * Returns the token of a link. The same link has the same token, so that a repeated delivery has it, too.
 * @param secret in base64, shared by dashboard and workers
 */
export function signLink(secret: string, link: ActionLink): string {
  const payload = Buffer.from(JSON.stringify(ActionLink.parse(link))).toString('base64url');
  return `${payload}.${sign(secret, payload).toString('base64url')}`;
}

/** Returns what a token says, whether or not it is genuine; null = it is malformed. */
export function readLink(token: string): ActionLink | null {
  if (token.length > tokenMax) return null;
  const [payload = ''] = token.split('.');
  try {
    return ActionLink.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch {
    // Malformed JSON or other fields: no link of ours.
    return null;
  }
}

/** Returns the link of a token; null = it was not signed with this secret, or was changed. */
export function verifyLink(secret: string, token: string): ActionLink | null {
  const [payload = '', signature = '', ...rest] = token.split('.');
  if (token.length > tokenMax || rest.length > 0) return null;
  const given = Buffer.from(signature, 'base64url');
  const expected = sign(secret, payload);
  // A second spelling of the same bytes is another token, and none that we made.
  if (given.length !== expected.length || given.toString('base64url') !== signature) return null;
  return timingSafeEqual(given, expected) ? readLink(token) : null;
}
