import type { IncomingMessage } from 'node:http';

/** Header names and values in the order sent, names as the client wrote them. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** Headers of one connection only; never passed on: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Node's flat name, value, name, value list as pairs, without what belongs to one connection only. */
export function endToEndHeaders(raw: readonly string[], connection: string | undefined): HeaderList {
  const named = (connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...HOP_BY_HOP, ...named]);
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (!dropped.has(name.toLowerCase())) pairs.push([name, raw[at + 1] ?? '']);
  }
  return pairs;
}

/**
 * Request headers as the backend gets them: the client's own, and those that the load balancer always sets
 * (https://www.tencentcloud.com/document/product/214/32428). A client can't set these; X-Forwarded-For grows.
 * `nowMs` is epoch milliseconds; X-Stgw-Time is seconds with three decimals.
 */
export function forwardedHeaders(request: IncomingMessage, nowMs: number): HeaderList {
  const client = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const before = request.headers['x-forwarded-for'];
  const own: HeaderList = [
    ['X-Stgw-Time', (nowMs / 1000).toFixed(3)],
    ['X-Client-Proto', 'http'],
    ['X-Forwarded-Proto', 'http'],
    ['X-Client-Proto-Ver', `HTTP/${request.httpVersion}`],
    ['X-Real-IP', client],
    ['X-Forwarded-For', before === undefined ? client : `${[before].flat().join(', ')}, ${client}`],
  ];
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  const sent = endToEndHeaders(request.rawHeaders, request.headers.connection);
  return [...sent.filter(([name]) => !names.has(name.toLowerCase())), ...own];
}
