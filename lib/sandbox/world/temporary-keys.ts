import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { AccessKey } from './secret-store';

/** The keys of an assumed role. */
export type TemporaryKey = AccessKey & {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly endsAt: number;
};

/** The content of a token. Epoch milliseconds. */
const TokenContent = z.strictObject({
  uin: z.string(),
  /** The name of the role. */
  role: z.string(),
  session: z.string(),
  endsAt: z.number(),
  /** Distinguishes it from all others. */
  nonce: z.string(),
});
type TokenContent = z.infer<typeof TokenContent>;

const derive = ({ secretKey }: AccessKey, text: string) =>
  createHmac('sha256', secretKey).update(`temporary ${text}`).digest('base64url');

function readContent(token: string): TokenContent | null {
  try {
    return TokenContent.parse(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()));
  } catch {
    // Not one of ours.
    return null;
  }
}

function deriveKey(key: AccessKey, content: TokenContent): TemporaryKey {
  const text = Buffer.from(JSON.stringify(content)).toString('base64url');
  return {
    endsAt: content.endsAt,
    token: `${text}.${derive(key, `token ${text}`)}`,
    secretId: `AKIDtmp${derive(key, `id ${text}`).slice(0, 24)}`,
    secretKey: derive(key, `key ${text}`),
  };
}

/**
 * Issues temporary keys: all of them follow from the account's own key, so that they survive a restart of the sandbox.
 * @param key of the account
 */
export function issueTemporaryKey(key: AccessKey, content: Omit<TokenContent, 'nonce'>): TemporaryKey {
  return deriveKey(key, { ...content, nonce: randomUUID() });
}

/** Returns the account that a token names; null = it is no token. It is not verified yet. */
export function readTokenOwner(token: string): string | null {
  return readContent(token)?.uin ?? null;
}

/**
 * Verifies a token and the SecretId that was sent with it.
 * @param key of the account that it names
 * @returns null if it was not issued with this key, belongs to another SecretId, or has expired
 */
export function openTemporaryKey(
  key: AccessKey,
  sent: Pick<TemporaryKey, 'secretId' | 'token'>,
  now: number,
): (TokenContent & { readonly secretKey: string }) | null {
  const content = readContent(sent.token);
  if (content === null || content.endsAt <= now) return null;
  const issued = deriveKey(key, content);
  const [left, right] = [Buffer.from(issued.token), Buffer.from(sent.token)];
  const isOurs = left.length === right.length && timingSafeEqual(left, right);
  return isOurs && issued.secretId === sent.secretId ? { ...content, secretKey: issued.secretKey } : null;
}
