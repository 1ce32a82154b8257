import type { FailureCause } from '@/lib/rehearsal/traffic/outcomes';

/** SCF's statuses, which the sandbox sends to clients: https://www.tencentcloud.com/document/product/583/35311 */
const byStatus: ReadonlyMap<number, FailureCause> = new Map<number, FailureCause>([
  [404, 'noRule'],
  [406, 'functionError'],
  [407, 'functionError'],
  [429, 'functionBurst'],
  [430, 'functionError'],
  [432, 'functionConcurrency'],
  [433, 'functionTimeout'],
  [434, 'functionError'],
  [435, 'noFunction'],
  [439, 'functionError'],
  [442, 'noFunction'],
  [450, 'functionError'],
  [502, 'serverDown'],
  [503, 'noBackend'],
  [504, 'serverTimeout'],
]);

/** Returns why a response is a failure; null if it is none. */
export function judgeStatus(status: number): FailureCause | null {
  if (status < 400) return null;
  return byStatus.get(status) ?? (status >= 500 ? 'serverError' : 'otherStatus');
}

const byCode: ReadonlyMap<string, FailureCause> = new Map<string, FailureCause>([
  ['ECONNREFUSED', 'noListener'],
  ['ECONNRESET', 'connectionReset'],
  ['EPIPE', 'connectionReset'],
  ['UND_ERR_SOCKET', 'connectionReset'],
  ['ETIMEDOUT', 'noAnswer'],
  ['UND_ERR_CONNECT_TIMEOUT', 'noAnswer'],
  ['UND_ERR_HEADERS_TIMEOUT', 'noAnswer'],
  ['UND_ERR_BODY_TIMEOUT', 'noAnswer'],
  ['NOT_LOOPBACK', 'outside'],
]);

const tlsCodes = /^(?:ERR_TLS|ERR_SSL|CERT_|EPROTO|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH)/;

/** Returns the code of an error of a connection, as Node and undici name it. */
export function readErrorCode(error: unknown): string {
  const has = (value: unknown): value is { readonly code: string } =>
    value instanceof Error && 'code' in value && typeof value.code === 'string';
  if (has(error)) return error.code;
  return error instanceof Error ? error.name : String(error);
}

/** Returns why a request got no response. */
export function judgeError(code: string): FailureCause {
  return byCode.get(code) ?? (tlsCodes.test(code) ? 'tlsFailed' : 'connectionReset');
}
