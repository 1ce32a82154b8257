import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Readable, Writable } from 'node:stream';
import type { TrafficSample } from '@/lib/sandbox/telemetry/traffic-log';
import type { Tunnel } from './upgrade';

export type ClientRequest = IncomingMessage | Http2ServerRequest;
export type ClientResponse = ServerResponse | Http2ServerResponse;

/** The data to record about a request once it is over. */
export type Trace = {
  rule: TrafficSample['rule'];
  backend: TrafficSample['backend'];
  /** When the backend got the request, and how long it took; `performance.now()`, null = it never got it. */
  backendStart: number | null;
  backendMs: number | null;
  /** True if the response is from the load balancer itself. */
  own: boolean;
};

/** Notified when a client's side is over. */
export type ExchangeEnding = { onClientGone(): void };

/** One request of a client with the means to respond: the same for HTTP/1 and HTTP/2. */
export class Exchange {
  readonly method: string;
  /** As sent, but in the origin form: `/a?b`. */
  readonly target: string;
  /** As sent: a name, perhaps with a port. */
  readonly host: string;
  /** `1.0`, `1.1` or `2.0`. */
  readonly version: string;
  /** Name, value, name, value; without the pseudo-headers of HTTP/2. */
  readonly rawHeaders: readonly string[];
  /** The address and port of the client. */
  readonly clientAddress: string;
  readonly clientPort: number;
  /** The client's connection: the same object for all its requests. */
  readonly connection: object;
  /** The body length in its header, null = not given. */
  readonly bodyLength: number | null;
  readonly trace: Trace = { rule: null, backend: null, backendStart: null, backendMs: null, own: false };
  status = 0;
  /** The bytes of a body whose length was not given. */
  streamedBytes = 0;
  bytesOut = 0;
  readonly #request: ClientRequest;
  readonly #response: ClientResponse;
  readonly #out: Writable;
  readonly #endings: ExchangeEnding[] = [];
  #tunnelled = false;

  /** @param onClose is called last, when the response is complete or the client has disconnected */
  constructor(
    request: ClientRequest,
    response: ClientResponse,
    onClose: (exchange: Exchange) => void,
    /** The connection if the client requests WebSocket; otherwise null. */
    readonly tunnel: Tunnel | null = null,
  ) {
    this.#request = request;
    this.#response = response;
    this.#out = response;
    this.#out.once('close', () => {
      for (const ending of this.#endings) ending.onClientGone();
      onClose(this);
    });
    const { headers } = request;
    this.method = request.method ?? 'GET';
    this.target = originForm(request.url ?? '/');
    this.version = request.httpVersion;
    if ('stream' in request) {
      this.host = [request.authority || headers.host || ''].flat()[0] ?? '';
      this.rawHeaders = withHost(request.rawHeaders, this.host);
      this.connection = request.stream.session ?? request.stream;
    } else {
      this.host = headers.host ?? '';
      this.rawHeaders = request.rawHeaders;
      this.connection = request.socket;
    }
    const { remoteAddress = '', remotePort = 0 } = request.socket;
    this.clientAddress = remoteAddress.startsWith('::ffff:') ? remoteAddress.slice(7) : remoteAddress;
    this.clientPort = remotePort;
    const length = headers['content-length'];
    const streamed =
      'stream' in request ? !request.stream.endAfterHeaders : headers['transfer-encoding'] !== undefined;
    this.bodyLength = length === undefined ? (streamed ? null : 0) : Number(length);
  }

  /** Returns a request header by its lower-case name; repeated ones are joined as in Node. */
  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** The request's body as a stream. */
  get body(): Readable {
    return this.#request;
  }

  /** The size of the request in bytes, including its head. */
  get bytesIn(): number {
    let bytes = (this.bodyLength ?? this.streamedBytes) + this.method.length + this.target.length + 12;
    for (const text of this.rawHeaders) bytes += text.length + 2;
    return bytes;
  }

  get begun(): boolean {
    return this.#response.headersSent;
  }

  /** True if the client has disconnected, or its response is complete. */
  get over(): boolean {
    const response = this.#response;
    if (response.writableEnded) return true;
    return 'stream' in response ? response.stream.destroyed : response.destroyed;
  }

  /** True if the response was sent completely. */
  get answered(): boolean {
    if (this.#tunnelled) return true;
    const response = this.#response;
    if (!('stream' in response)) return response.writableFinished;
    // Node treats a stream that was reset as finished.
    return response.writableEnded && response.stream.rstCode === constants.NGHTTP2_NO_ERROR;
  }

  /** Closes the client's connection after this response. */
  closeAfter(): void {
    const response = this.#response;
    // In HTTP/2 this tells the client to send no more requests. The connection ends with its open streams.
    if ('stream' in response) response.stream.session?.close();
    else response.shouldKeepAlive = false;
  }

  /** Sends status and headers (name, value, name, value). */
  begin(status: number, headers: string[]): void {
    this.status = status;
    this.bytesOut += 17;
    for (const text of headers) this.bytesOut += text.length + 2;
    const response = this.#response;
    if ('stream' in response) response.writeHead(status, grouped(headers));
    else response.writeHead(status, headers);
  }

  /** Tells the client, with these headers (name, value, name, value), that the target has taken over its connection. */
  beginTunnel({ socket }: Tunnel, headers: readonly string[]): void {
    this.#tunnelled = true;
    this.status = 101;
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket'];
    for (let at = 0; at + 1 < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
    const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    this.bytesOut += head.length;
    socket.write(head);
  }

  /** @returns false when the client can't take more until it has drained */
  write(chunk: Uint8Array): boolean {
    this.bytesOut += chunk.length;
    return this.#out.write(chunk);
  }

  onDrain(listener: () => void): void {
    this.#out.once('drain', listener);
  }

  end(chunk?: Uint8Array): void {
    if (chunk === undefined) {
      this.#out.end();
      return;
    }
    this.bytesOut += chunk.length;
    this.#out.end(chunk);
  }

  /** Closes the client's connection. */
  destroy(): void {
    this.#out.destroy();
  }

  /** Registers who is notified once, when the response is complete or the client has disconnected. */
  onClose(ending: ExchangeEnding): void {
    this.#endings.push(ending);
  }

  /** Calls the listener when the client sends nothing of its body for this long. */
  onIdleBody(ms: number, listener: () => void): void {
    const request = this.#request;
    if ('stream' in request) {
      request.stream.setTimeout(ms, listener);
      request.once('end', () => request.stream.setTimeout(0));
      return;
    }
    request.setTimeout(ms, listener);
    let isWaiting = true;
    const ended = () => {
      // Only once: from then on the timeout is that of a kept-alive connection.
      if (isWaiting) request.off('timeout', listener);
      // The connection may be closed, and its timer with it.
      if (isWaiting && request.socket) request.setTimeout(0);
      isWaiting = false;
    };
    request.once('end', ended);
    this.onClose({ onClientGone: ended });
  }
}

/** Strips scheme and host from the absolute form (`http://host/a?b`). */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const [before = target] = /^https?:\/\/[^/?#]*/i.exec(target) ?? [];
  const path = target.slice(before.length);
  return path.startsWith('/') ? path : `/${path}`;
}

/** Removes pseudo-headers, and adds the Host, which HTTP/2 sends as one of them. */
function withHost(raw: readonly string[], host: string): string[] {
  const headers = ['host', host];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (name !== 'host' && !name.startsWith(':')) headers.push(name, raw[at + 1] ?? '');
  }
  return headers;
}

/** Groups headers as Node's HTTP/2 takes them: one lower-case entry per name, several values in a list. */
function grouped(headers: readonly string[]): Record<string, string | string[]> {
  const byName: Record<string, string | string[]> = {};
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase();
    const value = headers[at + 1] ?? '';
    const before = byName[name];
    byName[name] = before === undefined ? value : [before, value].flat();
  }
  return byName;
}
