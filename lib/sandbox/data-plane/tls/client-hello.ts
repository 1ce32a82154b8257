import type { Server, Socket } from 'node:net';
import { getExtensionData, readTlsClientHello, type TlsClientHelloMessage } from 'read-tls-client-hello';
import type { KeyKind } from './authority';

/** ECDSA with SHA-256, 384 and 512: https://www.rfc-editor.org/rfc/rfc8446#section-4.2.3 */
const ecdsaSchemes: readonly number[] = [0x0403, 0x0503, 0x0603];
const tls13 = 0x0304;
/** TLS 1.2 suites with ECDSA: https://www.iana.org/assignments/tls-parameters/ */
const ecdsaSuites: readonly number[] = [
  ...[0xc009, 0xc00a, 0xc023, 0xc024, 0xc02b, 0xc02c],
  ...[0xc0ac, 0xc0ad, 0xc0ae, 0xc0af, 0xcca9],
];

/** The parts of a TLS client's hello that determine which certificates it supports. */
export type ClientHello = Pick<TlsClientHelloMessage, 'cipherSuites' | 'extensions'>;

/**
 * Returns the key type to present if there are certificates of both: ECC, if the client supports it.
 * @param isTls13 whether the listener supports TLS 1.3, in which cipher suites don't determine the key type
 */
export function supportedKeyType(hello: ClientHello, isTls13: boolean): KeyKind {
  const message = { ...emptyHello, ...hello };
  const schemes = getExtensionData(message, 'signature_algorithms')?.algorithms ?? [];
  if (!schemes.some((scheme) => ecdsaSchemes.includes(scheme))) return 'RSA';
  const versions = getExtensionData(message, 'supported_versions')?.versions ?? [];
  if (isTls13 && versions.includes(tls13)) return 'ECC';
  return hello.cipherSuites.some((suite) => ecdsaSuites.includes(suite)) ? 'ECC' : 'RSA';
}

const emptyHello = {
  version: 0,
  random: Buffer.alloc(0),
  sessionId: Buffer.alloc(0),
  compressionMethods: [],
};

/**
 * Delays the handshake of a TLS server until the client's hello has been read; the server then reads it, too. A client
 * that doesn't send it in time is disconnected; an invalid or fragmented hello is passed to the server.
 * @param options.isNeeded called for each new connection; returns false to start the handshake at once
 * @param begin calls the second parameter, which starts the handshake
 */
export function readClientHellos(
  server: Server,
  { isNeeded, withinMs }: { readonly isNeeded: () => boolean; readonly withinMs: () => number },
  begin: (hello: ClientHello | null, handshake: () => void) => void,
): void {
  // Node's own listener, the only one so far, wraps the connection into TLS.
  const [wrap, ...others] = server.listeners('connection');
  if (wrap === undefined || others.length > 0) throw new Error('A TLS server has one listener of its own.');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const handshake = () => wrap.call(server, socket);
    if (!isNeeded()) {
      handshake();
      return;
    }
    const late = setTimeout(() => socket.destroy(), withinMs());
    const fails = () => socket.destroy();
    socket.on('error', fails);
    readTlsClientHello(socket)
      .catch(() => null)
      .then((hello) => {
        clearTimeout(late);
        socket.off('error', fails);
        if (!socket.destroyed) begin(hello, handshake);
      });
  });
}
