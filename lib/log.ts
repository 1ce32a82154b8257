import { type Logger, pino } from 'pino';

/** Names under which secrets might be logged by mistake. */
const secretPaths = ['secretId', 'secretKey', 'token', '*.secretId', '*.secretKey', '*.token'];

/** The log of one process: JSON lines on standard output, secrets masked. */
export function createLog(process: string, level: string): Logger {
  return pino({ level, base: { process }, redact: { paths: secretPaths, censor: '[secret]' } });
}
