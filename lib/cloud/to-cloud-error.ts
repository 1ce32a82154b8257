import { storable } from '@/lib/input/outside-text';
import { classify, type Failure } from './classify';
import { CloudError } from './errors';

export type CallContext = {
  readonly action: string;
  readonly region: string | null;
  readonly isWrite: boolean;
  /** Texts that must not appear in a message: the keys of the connection. */
  readonly secrets: readonly string[];
};

/** The parts of the SDK's exception that we read; not every bundle has a class to test for. */
type SdkException = Error & {
  readonly code?: unknown;
  readonly httpCode?: unknown;
  readonly requestId?: unknown;
};

type Seen = { readonly failure: Failure; readonly code: string; readonly message: string };

/** The SDK wraps network errors and keeps only their text, so the text must show whether anything was sent. */
const neverConnected =
  /reason: (?:connect (ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)|getaddrinfo (ENOTFOUND|EAI_AGAIN))\b/;

function seenInText(message: string): Seen {
  const notSent = neverConnected.exec(message);
  if (notSent !== null) {
    return { failure: { kind: 'notSent' }, code: `Network.${notSent[1] ?? notSent[2]}`, message };
  }
  const failure: Failure = { kind: 'noAnswer' };
  if (/timeout/i.test(message)) return { failure, code: 'Network.Timeout', message };
  if (/invalid json/i.test(message)) return { failure, code: 'Network.BrokenAnswer', message };
  const errno = /\b(E[A-Z]{4,})\b/.exec(message);
  if (errno !== null) return { failure, code: `Network.${errno[1]}`, message };
  if (/socket hang up|premature close/i.test(message)) return { failure, code: 'Network.Closed', message };
  return { failure, code: 'Network.Failed', message };
}

function seen(cause: unknown): Seen {
  if (!(cause instanceof Error)) return seenInText(String(cause));
  const { code, httpCode, message } = cause as SdkException;
  if (typeof code === 'string' && code !== '') return { failure: { kind: 'code', code }, code, message };
  if (typeof httpCode === 'number') {
    const text = message === '' ? 'the answer was not HTTP 200' : message;
    return { failure: { kind: 'http', status: httpCode }, code: `Http.${httpCode}`, message: text };
  }
  return seenInText(message);
}

function findRequestId(cause: unknown): string | null {
  if (!(cause instanceof Error)) return null;
  const { requestId } = cause as SdkException;
  return typeof requestId === 'string' && requestId !== '' ? requestId : null;
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (clean, secret) => (secret === '' ? clean : clean.replaceAll(secret, '[hidden]')),
    text,
  );
}

/**
 * Converts any error of the SDK into the only error that the adapter throws. The code, message and request id are the
 * cloud's; failures without a code get `Network.*` or `Http.<status>`.
 */
export function toCloudError(cause: unknown, context: CallContext): CloudError {
  if (cause instanceof CloudError) return cause;
  const { failure, code, message } = seen(cause);
  return new CloudError({
    ...storable({ code, message: withoutSecrets(message, context.secrets), requestId: findRequestId(cause) }),
    action: context.action,
    region: context.region,
    ...classify(failure, context.action, context.isWrite),
  });
}
