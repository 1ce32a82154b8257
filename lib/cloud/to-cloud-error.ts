import { storable } from '@/lib/input/outside-text';
import { CloudError, type FailureAdvice } from './errors';
import { isAway, isRefusedForNow } from './transient';

/** A failed call before it is decided what may be done about it. */
type Failure =
  /** The cloud answered with one of its codes. */
  | { readonly kind: 'code'; readonly code: string }
  /** An HTTP status other than 200, from the cloud's gateway or an intermediary. */
  | { readonly kind: 'http'; readonly status: number }
  /** The connection was never established: nothing was sent. */
  | { readonly kind: 'notSent' }
  /** The connection broke, timed out, or the response was invalid: the call may have arrived. */
  | { readonly kind: 'noAnswer' };

type Verdict = { readonly advice: FailureAdvice; readonly mayHaveHappened: boolean };

const retry: Verdict = { advice: 'retry', mayHaveHappened: false };
const giveUp: Verdict = { advice: 'giveUp', mayHaveHappened: false };
/** This call did nothing, but an earlier one may already have had the intended effect. */
const readBackFirst: Verdict = { advice: 'readBack', mayHaveHappened: false };
const unknownOutcome: Verdict = { advice: 'readBack', mayHaveHappened: true };

// Meanings of the codes: https://tencentcloud.com/document/product/1140/51177 and the error lists per action in
// https://github.com/TencentCloud/tencentcloud-sdk-go; what is safe after each of them is our own conclusion.

/** Refused because of the request or the caller. */
const refused =
  /^(AuthFailure|UnauthorizedOperation|LimitExceeded|InvalidParameter|InvalidParameterValue|InvalidRequest|InvalidAction|MissingParameter|UnknownParameter|ResourceInsufficient|ResourceInUse|ResourceNotFound|ResourceUnavailable|ResourcesSoldOut|NoSuchVersion|NoSuchProduct|UnsupportedOperation|UnsupportedProtocol|UnsupportedRegion|RequestSizeLimitExceeded|IpInBlacklist|IpNotInWhitelist|ActionOffline|DryRunOperation|OperationDenied)(\..*)?$/;

/** The object already exists: the response to a repeated add. */
const alreadyThere =
  /^(InvalidParameterValue\.Duplicate|InvalidParameter\.DomainRecordExist|ResourceInUse\..*)$/;

/** The object does not exist: the response to a repeated removal. */
const alreadyDeleted = /^(ResourceNotFound(\..*)?|InvalidParameter\.(LocationNotFound|RecordIdInvalid))$/;

/** Our own codes: the adapter refused the call and sent nothing. */
const refusedByUs = /^Refused\./;

function ofCode(code: string, action: string, isWrite: boolean): Verdict {
  if (isRefusedForNow({ code })) return retry;
  if (isAway({ code })) return isWrite ? unknownOutcome : retry;
  if (!isWrite) return giveUp;
  if (refusedByUs.test(code)) return giveUp;
  if (alreadyThere.test(code)) return readBackFirst;
  if (/^(Delete|Deregister)/.test(action) && alreadyDeleted.test(code)) return readBackFirst;
  if (refused.test(code)) return giveUp;
  // A bare FailedOperation, or an unfamiliar code.
  return unknownOutcome;
}

function ofStatus(status: number, isWrite: boolean): Verdict {
  const passing = status === 408 || status === 429 || status >= 500;
  if (isWrite) return passing ? unknownOutcome : giveUp;
  return passing ? retry : giveUp;
}

/**
 * Decides what is safe after a failed call. A write is `retry` only when the cloud, or the network, reported with
 * certainty that nothing was done; any uncertain outcome is read back.
 */
export function classify(failure: Failure, action: string, isWrite: boolean): Verdict {
  switch (failure.kind) {
    case 'code':
      return ofCode(failure.code, action, isWrite);
    case 'http':
      return ofStatus(failure.status, isWrite);
    case 'notSent':
      return retry;
    case 'noAnswer':
      return isWrite ? unknownOutcome : retry;
  }
}

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
