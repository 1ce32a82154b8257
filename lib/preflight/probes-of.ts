import type { PreflightInput } from './model';

/** What the probes of a connection can ask: nothing in the sandbox answers TLS, a real account's listeners do. */
export function probesOf(connection: {
  readonly kind: 'sandbox' | 'tencent';
}): NonNullable<PreflightInput['probes']> {
  return { https: connection.kind === 'tencent' };
}
