import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { boundedOutput } from './bounded-output';
import { currentLogFields, keepLogFields } from './log-fields';

/** Names under which secrets might be logged by mistake. */
const secretPaths = ['secretId', 'secretKey', 'token', '*.secretId', '*.secretKey', '*.token'];
const censor = '[secret]';
/** Shorter values are no secrets, and would match inside ordinary words. */
const secretLengthMin = 6;

/**
 * Returns the fields of an error with its causes, code and, for cloud errors, their data. Other properties of errors
 * are omitted: those of the database driver contain the whole connection, including the key to cancel its queries.
 */
function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { type, message, stack, code, data } = stdSerializers.err(error);
  return { type, message, stack, code, data };
}

/** Replaces each U+0000 in a line of JSON by U+FFFD: databases and tools that read logs can't process U+0000. */
function withoutNul(line: string): string {
  return line.replace(/\\(?:u0000|.)/g, (found) => (found === '\\u0000' ? '\uFFFD' : found));
}

type Secrets = readonly (string | undefined)[] | ReadonlySet<string>;

/** Returns the secrets as they appear in a line of JSON, again if there are more of them. */
function writtenSecrets(secrets: Secrets): () => readonly string[] {
  let count = -1;
  let written: readonly string[] = [];
  return () => {
    const size = 'size' in secrets ? secrets.size : secrets.length;
    if (size === count) return written;
    count = size;
    written = [...secrets]
      .filter((secret) => secret !== undefined && secret.length >= secretLengthMin)
      .map((secret) => JSON.stringify(secret).slice(1, -1));
    return written;
  };
}

/**
 * Creates the log of one process: JSON lines on standard output, with the current fields (`withLogFields`).
 * @param options.secrets values that this process knows and that must not appear in any line, wherever they come from;
 * values that are added to a set later are masked from then on
 * @param options.to standard output by default
 */
export function createLog(
  process: string,
  level: string,
  options: { readonly secrets?: Secrets; readonly to?: DestinationStream } = {},
): Logger {
  const written = writtenSecrets(options.secrets ?? []);
  keepLogFields();
  const settings = {
    level,
    base: { process },
    redact: { paths: secretPaths, censor },
    serializers: { err: errorFields },
    mixin: () => ({ ...currentLogFields() }),
    hooks: {
      streamWrite: (line: string) =>
        written().reduce((text, secret) => text.replaceAll(secret, censor), withoutNul(line)),
    },
  };
  return pino(settings, options.to ?? boundedOutput(globalThis.process.stdout));
}
