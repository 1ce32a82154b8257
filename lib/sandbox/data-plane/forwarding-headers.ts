import type { CustomConfig, HeaderVariable } from '../clb-model/custom-config';
import type { Exchange } from './exchange';

/** Headers of one connection only; never passed on: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // HTTP/2 has no place for it, and towards HTTP/1 it has been turned into the stream itself.
  'http2-settings',
]);

/** Those that the load balancer always sets, and `Expect`, which it answers itself. A client can't set these. */
const setAlways = new Set([
  'x-stgw-time',
  'x-client-proto',
  'x-forwarded-proto',
  'x-client-proto-ver',
  'x-real-ip',
  'x-forwarded-for',
  'expect',
]);

/** Name, value, name, value without what belongs to one connection only. */
export function endToEnd(raw: readonly string[], dropped?: (name: string) => boolean): string[] {
  const named = connectionNames(raw);
  const kept: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const key = name.toLowerCase();
    if (hopByHop.has(key) || named?.has(key) || dropped?.(key)) continue;
    kept.push(name, raw[at + 1] ?? '');
  }
  return kept;
}

/** The further names that a `Connection` header makes hop-by-hop; null = none. */
function connectionNames(raw: readonly string[]): Set<string> | null {
  let names: Set<string> | null = null;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    const value = (raw[at + 1] ?? '').toLowerCase();
    if (value === 'keep-alive' || value === 'close') continue;
    names ??= new Set();
    for (const each of value.split(',')) names.add(each.trim());
  }
  return names;
}

/** What the headers to a backend say of the load balancer. */
export type Hop = {
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly vip: string;
  readonly port: number;
  readonly loadBalancerId: string;
  readonly requestId: () => string;
  /** Epoch milliseconds. */
  readonly now: number;
};

/**
 * Request headers as a backend gets them (name, value, name, value): the client's own, those that the load balancer
 * always sets, and those of the custom configuration (https://www.tencentcloud.com/document/product/214/32427).
 * X-Forwarded-For grows; X-Stgw-Time is seconds with three decimals. Over HTTP/2 all names are lower case, as the FAQ of
 * https://cloud.tencent.com/document/product/214/15185 says of HTTP/2 itself.
 */
export function forwardedHeaders(exchange: Exchange, hop: Hop, config: CustomConfig): string[] {
  const { requestHeaders } = config;
  const dropped =
    requestHeaders.length === 0
      ? (key: string) => setAlways.has(key)
      : (key: string) => setAlways.has(key) || requestHeaders.some((each) => each.name.toLowerCase() === key);
  const headers = endToEnd(exchange.rawHeaders, dropped);
  const protocol = hop.protocol === 'HTTPS' ? 'https' : 'http';
  const before = exchange.header('x-forwarded-for');
  const client = exchange.clientAddress;
  headers.push(
    'X-Stgw-Time',
    (hop.now / 1000).toFixed(3),
    'X-Client-Proto',
    protocol,
    'X-Forwarded-Proto',
    protocol,
    'X-Client-Proto-Ver',
    `HTTP/${exchange.version}`,
    'X-Real-IP',
    client,
    'X-Forwarded-For',
    before === undefined ? client : `${before}, ${client}`,
  );
  for (const header of requestHeaders) {
    headers.push(header.name, 'text' in header ? header.text : textFor(header.variable, exchange, hop));
  }
  if (exchange.version === '2.0') {
    for (let at = 0; at < headers.length; at += 2) headers[at] = (headers[at] ?? '').toLowerCase();
  }
  return headers;
}

function textFor(variable: HeaderVariable, exchange: Exchange, hop: Hop): string {
  const { target } = exchange;
  const question = target.indexOf('?');
  switch (variable) {
    case '$remote_port':
      return String(exchange.clientPort);
    case '$server_addr':
      return hop.vip;
    case '$lbid':
      return hop.loadBalancerId;
    case '$stgw_request_id':
      return hop.requestId();
    case '$vport':
      return String(hop.port);
    case '$request_method':
      return exchange.method;
    case '$uri':
      return question < 0 ? target : target.slice(0, question);
    case '$args':
      return question < 0 ? '' : target.slice(question + 1);
  }
}
