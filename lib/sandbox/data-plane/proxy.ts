import { Socket } from 'node:net';
import { type Duplex, type Readable, Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { ParsedCustomConfig } from '../model/clb/custom-config-directives';
import { type Compressor, compressedHeaders, compressTo, isCompressible } from './http/compression';
import { sendErrorPage, sendRuleError } from './http/error-page';
import type { Exchange } from './http/exchange';
import { answerHeaders, endToEnd } from './http/forwarding-headers';
import type { Upstream } from './target-servers';

export type Forwarding = {
  readonly upstream: Upstream;
  /** The request's headers as the target gets them: name, value, name, value. */
  readonly headers: string[];
  readonly config: ParsedCustomConfig;
  readonly readTimeoutMs: number;
  readonly compresses: boolean;
  /** `Set-Cookie` of the session; null = none. */
  readonly cookie: string | null;
  /** The status of the load balancer's response when the target can't be reached, and when it is too slow. */
  readonly connectFailed: number;
  readonly timeout: number;
  /** Requests in flight by target, and the key of this one. */
  readonly underway: Map<string, number>;
  readonly key: string;
};

class BodyTooLarge extends Error {}

/**
 * Forwards the request to a target and its response back, streaming both bodies. If a target can't be reached, is too
 * slow, or disconnects before its response, the load balancer responds itself; if it disconnects during its response,
 * the client's connection is closed.
 */
export function proxyRequest(exchange: Exchange, forwarding: Forwarding): void {
  const { upstream, headers, readTimeoutMs, config } = forwarding;
  const handler = new ProxyHandler(exchange, forwarding);
  exchange.onClose(handler);
  try {
    upstream.pool.dispatch(
      {
        path: exchange.target,
        method: exchange.method,
        headers,
        body: limitBody(exchange, config.bodyMaxBytes),
        headersTimeout: readTimeoutMs,
        bodyTimeout: readTimeoutMs,
        ...(exchange.tunnel === null ? {} : { upgrade: 'websocket' }),
      },
      handler,
    );
  } catch {
    // A request that can't be written as HTTP/1, such as a path with a control character.
    handler.finish();
    sendErrorPage(exchange, 400);
  }
}

function limitBody(exchange: Exchange, max: number): Readable | null {
  if (exchange.bodyLength === 0) return null;
  if (exchange.bodyLength !== null) return exchange.body;
  let size = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      size += chunk.length;
      exchange.streamedBytes += chunk.length;
      if (size > max) next(new BodyTooLarge());
      else next(null, chunk);
    },
  });
  // The reader is notified; an error without a reader is harmless.
  limited.on('error', () => {});
  exchange.body.on('error', (error) => limited.destroy(error));
  exchange.body.on('aborted', () => limited.destroy(new Error('the client broke off')));
  return exchange.body.pipe(limited);
}

/**
 * Implements the older handler interface, which passes the header bytes as received; the newer one is built on it and
 * parses them again (https://github.com/nodejs/undici/blob/v7.x/lib/handler/unwrap-handler.js).
 */
class ProxyHandler implements Dispatcher.DispatchHandler {
  readonly #exchange: Exchange;
  readonly #forwarding: Forwarding;
  #abort: ((error?: Error) => void) | null = null;
  #compressor: Compressor | null = null;
  /** The remaining bytes of the response, if its length was given; otherwise negative. */
  #left = -1;
  #finished = false;
  #resume: () => void = () => {};

  constructor(exchange: Exchange, forwarding: Forwarding) {
    this.#exchange = exchange;
    this.#forwarding = forwarding;
    exchange.trace.backendStart = performance.now();
    const { underway, key } = forwarding;
    underway.set(key, (underway.get(key) ?? 0) + 1);
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort;
    if (this.#exchange.over) this.onClientGone();
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void): boolean {
    const exchange = this.#exchange;
    if (status < 200 || exchange.over) return true;
    const { config, cookie, compresses } = this.#forwarding;
    const headers = answerHeaders(config, endToEnd(decodeHeaders(raw)));
    if (cookie !== null) headers.push('Set-Cookie', cookie);
    if (status === 204 || status === 304) {
      // No body follows, even if a length is given (https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1). The response
      // ends before undici treats that length as missing bytes; a 204 must not pass it on (section 8.6).
      exchange.begin(status, status === 204 ? withoutLength(headers) : headers);
      exchange.end();
      return true;
    }
    if (compresses && isCompressible(exchange, status, headers)) {
      this.#compressor = compressTo(exchange, resume);
      exchange.begin(status, compressedHeaders(headers));
      return true;
    }
    this.#left = exchange.method === 'HEAD' ? -1 : lengthIn(headers);
    this.#resume = resume;
    exchange.begin(status, headers);
    return true;
  }

  /**
   * Switches to WebSocket: everything that one side sends goes to the other. As in nginx, the response timeout is then
   * the longest silence (https://nginx.org/en/docs/http/websocket.html).
   */
  onUpgrade(_status: number, raw: Buffer[], target: Duplex): void {
    const exchange = this.#exchange;
    const { config, cookie, readTimeoutMs } = this.#forwarding;
    const { tunnel } = exchange;
    if (tunnel === null || tunnel.socket.destroyed) {
      this.finish();
      target.destroy();
      return;
    }
    const headers = answerHeaders(config, endToEnd(decodeHeaders(raw)));
    if (cookie !== null) headers.push('Set-Cookie', cookie);
    exchange.beginTunnel(tunnel, headers);
    const client = tunnel.socket;
    const end = () => {
      this.finish();
      client.destroy();
      target.destroy();
    };
    for (const side of [client, target]) {
      side.once('close', end);
      side.on('error', end);
      // undici's connections and the client's are sockets, for which Node reports silence.
      if (side instanceof Socket) side.setTimeout(readTimeoutMs, end);
    }
    target.write(tunnel.head);
    client.pipe(target);
    target.pipe(client);
  }

  onData(chunk: Buffer): boolean {
    const exchange = this.#exchange;
    if (exchange.over) return true;
    if (this.#compressor !== null) return this.#compressor.write(chunk);
    this.#left -= chunk.length;
    if (this.#left === 0) {
      // The end is sent with the last chunk.
      exchange.end(chunk);
      return true;
    }
    if (exchange.write(chunk)) return true;
    exchange.onDrain(this.#resume);
    return false;
  }

  onComplete(): void {
    this.finish();
    if (this.#compressor !== null) this.#compressor.end();
    else if (!this.#exchange.over) this.#exchange.end();
  }

  onError(error: Error): void {
    this.finish();
    const exchange = this.#exchange;
    this.#compressor?.destroy();
    if (exchange.over) return;
    if (exchange.begun) {
      exchange.destroy();
      return;
    }
    // The rest of the client's request must be read, otherwise the client doesn't read the response.
    exchange.body.resume();
    sendRuleError(exchange, this.#forwarding.config, this.#statusOf(error));
  }

  #statusOf(error: Error): number {
    if (error instanceof BodyTooLarge) return 413;
    const { timeout, connectFailed } = this.#forwarding;
    const code = 'code' in error ? error.code : '';
    return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_CONNECT_TIMEOUT' ? timeout : connectFailed;
  }

  /** Called when the response is complete or the client has disconnected. */
  onClientGone(): void {
    if (this.#finished || this.#forwarding.config.ignoresClientAbort || this.#exchange.answered) return;
    this.#compressor?.destroy();
    this.#abort?.(new Error('the client has gone'));
  }

  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    const { trace } = this.#exchange;
    if (trace.backendStart !== null) trace.backendMs = performance.now() - trace.backendStart;
    const { underway, key } = this.#forwarding;
    const left = (underway.get(key) ?? 1) - 1;
    if (left === 0) underway.delete(key);
    else underway.set(key, left);
  }
}

/** Header bytes are Latin-1: https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
function decodeHeaders(raw: readonly Buffer[]): string[] {
  const text: string[] = [];
  for (const part of raw) text.push(part.toString('latin1'));
  return text;
}

function withoutLength(headers: readonly string[]): string[] {
  return headers.filter((_, at) => (headers[at - (at % 2)] ?? '').toLowerCase() !== 'content-length');
}

function lengthIn(headers: readonly string[]): number {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (name.length === 14 && name.toLowerCase() === 'content-length') return Number(headers[at + 1]);
  }
  return -1;
}
