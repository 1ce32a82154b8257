import type { HeaderVariable, ParsedCustomConfig } from '@/lib/sandbox/model/clb/custom-config-directives';
import type { Exchange } from './exchange';
import type { SiteKey } from './site';

/** Headers of one connection only, which are never passed on: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
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
  // HTTP/2 has no use for it, and towards HTTP/1 it was already turned into the stream itself.
  'http2-settings',
]);

/** Headers that the load balancer always sets, and `Expect`, which it answers itself. A client can't set these. */
const setAlways = new Set([
  'x-stgw-time',
  'x-client-proto',
  'x-forwarded-proto',
  'x-client-proto-ver',
  'x-real-ip',
  'x-forwarded-for',
  'expect',
]);

/**
 * Returns the headers (name, value, name, value) without those of one connection only, and without those to be dropped.
 */
export function endToEnd(raw: readonly string[], isDropped: (name: string) => boolean = nothing): string[] {
  const kept: string[] = [];
  let named: Set<string> | null = null;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    const key = name.toLowerCase();
    if (key === 'connection') named = connectionNames(value, named);
    if (!hopByHop.has(key) && !isDropped(key)) kept.push(name, value);
  }
  return named === null ? kept : without(kept, named);
}

function nothing(): boolean {
  return false;
}

/** Returns the additional names that a `Connection` header makes hop-by-hop; null = none. */
function connectionNames(value: string, before: Set<string> | null): Set<string> | null {
  const text = value.toLowerCase();
  if (text === 'keep-alive' || text === 'close') return before;
  const names = before ?? new Set<string>();
  for (const each of text.split(',')) names.add(each.trim());
  return names;
}

function without(headers: readonly string[], names: ReadonlySet<string>): string[] {
  return headers.filter((_, at) => !names.has((headers[at - (at % 2)] ?? '').toLowerCase()));
}

/** The point at which a request arrived, as reported to backends. */
type Hop = Pick<SiteKey, 'protocol' | 'vip' | 'port' | 'loadBalancerId'>;
type Passing = {
  readonly requestId: () => string;
  /** Epoch milliseconds. */
  readonly now: number;
};

/**
 * Returns the request headers as a backend gets them (name, value, name, value): the client's own, those that the load
 * balancer always sets, and those of the custom configuration
 * (https://www.tencentcloud.com/document/product/214/32427). X-Forwarded-For grows; X-Stgw-Time is seconds with three
 * decimals. Over HTTP/2 all names are lower case (https://cloud.tencent.com/document/product/214/15185).
 */
export function forwardedHeaders(
  exchange: Exchange,
  hop: Hop,
  { requestHeaders }: ParsedCustomConfig,
  passing: Passing,
): string[] {
  const headers = endToEnd(
    exchange.rawHeaders,
    requestHeaders.length === 0 ? isSetAlways : (key) => isSetAlways(key) || names(requestHeaders, key),
  );
  const protocol = hop.protocol === 'HTTPS' ? 'https' : 'http';
  const before = exchange.header('x-forwarded-for');
  const client = exchange.clientAddress;
  headers.push(
    'X-Stgw-Time',
    (passing.now / 1000).toFixed(3),
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
    headers.push(
      header.name,
      'text' in header ? header.text : textFor(header.variable, exchange, hop, passing),
    );
  }
  if (exchange.version === '2.0') {
    for (let at = 0; at < headers.length; at += 2) headers[at] = (headers[at] ?? '').toLowerCase();
  }
  return headers;
}

function isSetAlways(key: string): boolean {
  return setAlways.has(key);
}

function names(headers: ParsedCustomConfig['requestHeaders'], key: string): boolean {
  return headers.some(({ name }) => name.toLowerCase() === key);
}

function textFor(variable: HeaderVariable, exchange: Exchange, hop: Hop, { requestId }: Passing): string {
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
      return requestId();
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

/**
 * Applies a custom configuration to the headers of a response (name, value, name, value):
 * https://www.tencentcloud.com/document/product/214/32427
 */
export function answerHeaders(
  { responseHeaders, redirectsToHttps }: ParsedCustomConfig,
  headers: string[],
): string[] {
  if (responseHeaders.length === 0 && !redirectsToHttps) return headers;
  const replaced = new Set(
    responseHeaders.filter(({ replaces }) => replaces).map(({ name }) => name.toLowerCase()),
  );
  const answered: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const value = headers[at + 1] ?? '';
    const key = name.toLowerCase();
    if (replaced.has(key)) continue;
    const moved = redirectsToHttps && key === 'location' ? value.replace(/^http:/, 'https:') : value;
    answered.push(name, moved);
  }
  for (const { name, text } of responseHeaders) answered.push(name, text);
  return answered;
}
