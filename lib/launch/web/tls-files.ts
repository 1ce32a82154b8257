import { readFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';

/** The paths of the PEM files with the certificate chain and its private key. */
export type TlsFiles = { readonly cert: string; readonly key: string };

type Pem = { readonly cert: string; readonly key: string };

/** The interval at which the files are read again, in ms: a renewed certificate is used without a restart. */
const CHECK_MS = 60_000;

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readPem(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${setting}: ${file} can't be read (${reasonOf(error)})`, { cause: error });
  }
}

/**
 * Reads the certificate chain and its key.
 * @throws {Error} names the setting and the file that can't be read, or says why the two can't be used
 */
export function readTlsFiles({ cert, key }: TlsFiles): Pem {
  const pem = { cert: readPem(cert, 'SPILLWAY_TLS_CERT'), key: readPem(key, 'SPILLWAY_TLS_KEY') };
  try {
    createSecureContext(pem);
  } catch (error) {
    const files = `${cert} and ${key}`;
    throw new Error(`SPILLWAY_TLS_CERT, SPILLWAY_TLS_KEY: ${files} can't be used (${reasonOf(error)})`, {
      cause: error,
    });
  }
  return pem;
}

/**
 * Reads the files again every minute, and uses them for new connections once they have changed. Files that can't be
 * used leave the server as it is.
 * @param report gets the reason, once for each
 * @returns a function that stops this
 */
export function followTlsFiles(
  server: Server,
  files: TlsFiles,
  report: (reason: string) => void,
  checkMs = CHECK_MS,
): () => void {
  let used = readTlsFiles(files);
  let reported = '';
  const timer = setInterval(() => {
    try {
      const found = readTlsFiles(files);
      reported = '';
      if (found.cert === used.cert && found.key === used.key) return;
      server.setSecureContext(found);
      used = found;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== reported) report(`${reason}; the earlier certificate stays in use`);
      reported = reason;
    }
  }, checkMs);
  timer.unref();
  return () => clearInterval(timer);
}
