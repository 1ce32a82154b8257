import { err, ok, type Result } from '@/lib/result';
import { directives } from './custom-config-directives';
import { type ConfigProblem, parseDirectives } from './read-directives';

/** The variables that a header to the targets can contain. */
export type HeaderVariable =
  /** Port of the client. */
  | '$remote_port'
  /** The address that the client connected to: the VIP. */
  | '$server_addr'
  /** Id of the load balancer. */
  | '$lbid'
  /** The id that the load balancer assigned to the request. */
  | '$stgw_request_id'
  /** Port of the listener. */
  | '$vport'
  | '$request_method'
  /** Path, without the query. */
  | '$uri'
  /** Query, without the question mark. */
  | '$args';

/** A header that is set on requests to the targets, in place of one that the client sent. */
export type RequestHeader = { readonly name: string } & (
  | { readonly variable: HeaderVariable }
  | { readonly text: string }
);

/** A header of the responses to clients: added, or replacing those of that name. */
export type ResponseHeader = { readonly name: string; readonly text: string; readonly replaces: boolean };

/**
 * The settings with which a load balancer handles requests of its HTTP and HTTPS listeners. Times in seconds, sizes in
 * bytes.
 */
export type ParsedCustomConfig = {
  readonly requestHeaders: readonly RequestHeader[];
  readonly responseHeaders: readonly ResponseHeader[];
  /** For connections to the targets. */
  readonly connectTimeoutS: number;
  readonly readTimeoutS: number;
  readonly sendTimeoutS: number;
  /** For headers from the clients. */
  readonly clientHeaderTimeoutS: number;
  readonly clientBodyTimeoutS: number;
  readonly clientSendTimeoutS: number;
  readonly clientHeaderBytes: number;
  readonly bodyMaxBytes: number;
  /** 0 = no keep-alive. */
  readonly keepaliveTimeoutS: number;
  readonly keepaliveRequests: number;
  readonly serverTokens: boolean;
  readonly requestBuffering: boolean;
  readonly ignoresClientAbort: boolean;
  /** True if `http:` in the `Location` of a target's redirect becomes `https:`. */
  readonly redirectsToHttps: boolean;
  readonly errorPages: readonly {
    readonly codes: readonly number[];
    /** null = the status of the page itself. */
    readonly status: number | null;
    readonly uri: string;
  }[];
  readonly proxyBufferBytes: number;
  readonly proxyBuffers: { readonly count: number; readonly bytes: number };
  readonly http2FieldMaxBytes: number;
  readonly tlsVersions: readonly string[];
  /** OpenSSL cipher list; null = the load balancer's default. */
  readonly ciphers: string | null;
  readonly tlsEarlyData: boolean;
  readonly clientCertificateDepth: number;
};

/** The settings without any configuration: the defaults of https://www.tencentcloud.com/document/product/214/32427. */
export const defaultCustomConfig: ParsedCustomConfig = {
  requestHeaders: [],
  responseHeaders: [],
  connectTimeoutS: 4,
  readTimeoutS: 60,
  sendTimeoutS: 60,
  clientHeaderTimeoutS: 60,
  clientBodyTimeoutS: 60,
  clientSendTimeoutS: 60,
  clientHeaderBytes: 4096,
  bodyMaxBytes: 60 * 1024 * 1024,
  keepaliveTimeoutS: 75,
  keepaliveRequests: 100,
  serverTokens: true,
  requestBuffering: true,
  ignoresClientAbort: false,
  redirectsToHttps: false,
  errorPages: [],
  proxyBufferBytes: 4096,
  proxyBuffers: { count: 8, bytes: 4096 },
  http2FieldMaxBytes: 4096,
  tlsVersions: ['TLSv1', 'TLSv1.1', 'TLSv1.2'],
  ciphers: null,
  tlsEarlyData: false,
  clientCertificateDepth: 1,
};

/** Directives that may occur several times in a text. */
const repeatable = ['proxy_set_header', 'add_header', 'more_set_headers', 'error_page'];

/**
 * A body above this must not be buffered before it is forwarded:
 * https://www.tencentcloud.com/document/product/214/32427.
 */
const bufferedMaxBytes = 256 * 1024 * 1024;

/**
 * Parses a layer-7 custom configuration: nginx directives, each ended by `;`, at most one of each except headers and
 * error pages (https://www.tencentcloud.com/document/product/214/32427). Any header to the targets may be set except
 * those that the load balancer sends itself; the page lists some names and does not say that there are no others
 * (assumption).
 * @returns only what the text sets, or the first problem with its line
 */
export function parseCustomConfig(text: string): Result<Partial<ParsedCustomConfig>, ConfigProblem> {
  const read = parseDirectives(text);
  if (!read.ok) return read;
  const lines = new Map<string, number>();
  let config: Partial<ParsedCustomConfig> = {};
  for (const { name, args, line } of read.value) {
    const directive = Object.hasOwn(directives, name) ? directives[name] : undefined;
    if (!directive) return err({ line, reason: `unknown directive "${name}"` });
    if (lines.has(name) && !repeatable.includes(name)) {
      return err({ line, reason: `"${name}" directive is duplicate` });
    }
    lines.set(name, line);
    const set = directive(args);
    if (!set.ok) return err({ line, reason: `"${name}" ${set.error}` });
    config = joined(config, set.value);
  }
  const problem = problemBetween(config);
  return problem ? err({ line: lines.get(problem.name) ?? 1, reason: problem.reason }) : ok(config);
}

function joined(
  config: Partial<ParsedCustomConfig>,
  more: Partial<ParsedCustomConfig>,
): Partial<ParsedCustomConfig> {
  const list = <T>(a: readonly T[] | undefined, b: readonly T[] | undefined) => [...(a ?? []), ...(b ?? [])];
  return {
    ...config,
    ...more,
    ...(more.requestHeaders && { requestHeaders: list(config.requestHeaders, more.requestHeaders) }),
    ...(more.responseHeaders && { responseHeaders: list(config.responseHeaders, more.responseHeaders) }),
    ...(more.errorPages && { errorPages: list(config.errorPages, more.errorPages) }),
  };
}

/** Finds a conflict between two directives of one text. */
function problemBetween(config: Partial<ParsedCustomConfig>): { name: string; reason: string } | null {
  const { bodyMaxBytes = 0, requestBuffering = true, proxyBufferBytes, proxyBuffers } = config;
  if (bodyMaxBytes > bufferedMaxBytes && requestBuffering) {
    return {
      name: 'client_max_body_size',
      reason: '"client_max_body_size" above 256M needs "proxy_request_buffering off"',
    };
  }
  if (proxyBufferBytes !== undefined && !proxyBuffers) {
    return { name: 'proxy_buffer_size', reason: '"proxy_buffer_size" needs "proxy_buffers" beside it' };
  }
  if (proxyBuffers) {
    const { count, bytes } = proxyBuffers;
    const single = proxyBufferBytes ?? defaultCustomConfig.proxyBufferBytes;
    if (2 * Math.max(single, bytes) > (count - 1) * bytes) {
      return {
        name: 'proxy_buffers',
        reason:
          '"proxy_buffers" must satisfy 2 * max(proxy_buffer_size, proxy_buffers.size) <= (proxy_buffers.num - 1) * proxy_buffers.size',
      };
    }
  }
  return null;
}
