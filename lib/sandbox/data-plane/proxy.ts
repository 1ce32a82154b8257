import { type Readable, Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type Compressor, compressedHeaders, compressTo, isCompressible } from './compression';
import { sendErrorPage } from './error-page';
import type { Exchange } from './exchange';
import { endToEnd } from './forwarding-headers';
import type { Upstream } from './target-servers';

export type Forwarding = {
  readonly upstream: Upstream;
  /** Of the request, as the target gets it: name, value, name, value. */
  readonly headers: string[];
  readonly readTimeoutMs: number;
  readonly bodyMaxBytes: number;
  readonly ignoresClientAbort: boolean;
  readonly compresses: boolean;
  /** The headers of the answer, as the client gets them. */
  readonly answerHeaders: (headers: string[]) => string[];
  readonly statuses: { readonly connectFailed: number; readonly timeout: number };
  /** Called once, when the target has no more to do with the request. */
  readonly done: () => void;
};

class BodyTooLarge extends Error {}

/**
 * Sends the request on to a target and its answer back, both bodies streamed. A target that can't be reached, is too
 * slow, or breaks off before its answer gives an answer of the load balancer; one that breaks off within its answer
 * breaks the client's.
 */
export function proxyRequest(exchange: Exchange, forwarding: Forwarding): void {
  const { upstream, headers, readTimeoutMs } = forwarding;
  const handler = new ProxyHandler(exchange, forwarding);
  exchange.onClose(() => handler.clientGone());
  try {
    upstream.pool.dispatch(
      {
        path: exchange.target,
        method: exchange.method,
        headers,
        body: bodyOf(exchange, forwarding.bodyMaxBytes),
        headersTimeout: readTimeoutMs,
        bodyTimeout: readTimeoutMs,
      },
      handler,
    );
  } catch {
    // A request that can't be written as HTTP/1, such as a path with a control character.
    handler.finish();
    sendErrorPage(exchange, 400);
  }
}

function bodyOf(exchange: Exchange, max: number): Readable | null {
  if (exchange.bodyLength === 0) return null;
  if (exchange.bodyLength !== null) return exchange.body;
  let size = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      size += chunk.length;
      exchange.bytesIn += chunk.length;
      if (size > max) next(new BodyTooLarge());
      else next(null, chunk);
    },
  });
  exchange.body.on('error', (error) => limited.destroy(error));
  exchange.body.on('aborted', () => limited.destroy(new Error('the client broke off')));
  return exchange.body.pipe(limited);
}

class ProxyHandler implements Dispatcher.DispatchHandler {
  readonly #exchange: Exchange;
  readonly #forwarding: Forwarding;
  #controller: Dispatcher.DispatchController | null = null;
  #compressor: Compressor | null = null;
  #finished = false;

  constructor(exchange: Exchange, forwarding: Forwarding) {
    this.#exchange = exchange;
    this.#forwarding = forwarding;
    exchange.trace.backendStart = performance.now();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#exchange.over && !this.#forwarding.ignoresClientAbort) {
      controller.abort(new Error('the client has gone'));
    }
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    const exchange = this.#exchange;
    if (status < 200 || exchange.over) return;
    const headers = this.#forwarding.answerHeaders(endToEnd(textOf(controller.rawHeaders)));
    if (this.#forwarding.compresses && isCompressible(exchange, status, headers)) {
      this.#compressor = compressTo(exchange, () => controller.resume());
      exchange.begin(status, compressedHeaders(headers));
    } else {
      exchange.begin(status, headers);
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#exchange.over) return;
    if (this.#compressor !== null) {
      if (!this.#compressor.write(chunk)) controller.pause();
      return;
    }
    if (this.#exchange.write(chunk)) return;
    controller.pause();
    this.#exchange.onDrain(() => controller.resume());
  }

  onResponseEnd(): void {
    this.finish();
    if (this.#compressor !== null) this.#compressor.end();
    else this.#exchange.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.finish();
    const exchange = this.#exchange;
    this.#compressor?.destroy();
    if (exchange.over) return;
    if (exchange.begun) {
      exchange.destroy();
      return;
    }
    // What the client still sends must be read, or it doesn't read the answer.
    exchange.body.resume();
    sendErrorPage(exchange, this.#statusOf(error));
  }

  #statusOf(error: Error): number {
    if (error instanceof BodyTooLarge) return 413;
    const { timeout, connectFailed } = this.#forwarding.statuses;
    const code = 'code' in error ? error.code : '';
    return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_CONNECT_TIMEOUT' ? timeout : connectFailed;
  }

  clientGone(): void {
    if (this.#finished || this.#forwarding.ignoresClientAbort) return;
    this.#compressor?.destroy();
    this.#controller?.abort(new Error('the client has gone'));
  }

  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    const { trace } = this.#exchange;
    if (trace.backendStart !== null) trace.backendMs = performance.now() - trace.backendStart;
    this.#forwarding.done();
  }
}

/** Header bytes are Latin-1: https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
function textOf(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
