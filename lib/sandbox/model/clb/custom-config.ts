import { invariant } from '@/lib/invariant';
import { err, ok, type Result } from '@/lib/result';
import type { WorldCustomConfig, WorldRule } from '@/lib/sandbox/world/clb';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { directives, type ParsedCustomConfig } from './custom-config-directives';

const read = new WeakMap<WorldCustomConfig, { content: string; config: Partial<ParsedCustomConfig> }>();

function toConfig(custom: WorldCustomConfig): Partial<ParsedCustomConfig> {
  const known = read.get(custom);
  if (known?.content === custom.content) return known.config;
  const parsed = parseCustomConfig(custom.content);
  invariant(parsed.ok, `${custom.id} holds a text that was never accepted`);
  read.set(custom, { content: custom.content, config: parsed.value });
  return parsed.value;
}

/**
 * Returns the effective configuration for the requests of a rule: the rule's own configuration overrides that of its
 * domain, which overrides the load balancer's, which overrides the defaults. Headers and error pages at a narrower
 * level replace those of the wider one, as in nginx
 * (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header).
 */
export function effectiveConfig(
  account: Pick<AccountWorld, 'customConfigs'>,
  place: { readonly loadBalancerId: string; readonly listenerId: string },
  rule: Pick<WorldRule, 'id' | 'domain' | 'furtherDomains'>,
): ParsedCustomConfig {
  const wide: Record<WorldCustomConfig['kind'], Partial<ParsedCustomConfig>> = {
    CLB: {},
    SERVER: {},
    LOCATION: {},
  };
  let isSet = false;
  for (const custom of Object.values(account.customConfigs)) {
    const holds = custom.bindings.some((bound) => {
      if (bound.loadBalancerId !== place.loadBalancerId) return false;
      if (custom.kind === 'CLB') return true;
      if (bound.listenerId !== place.listenerId) return false;
      if (custom.kind === 'LOCATION') return bound.ruleId === rule.id;
      return bound.domain === rule.domain || rule.furtherDomains.some((domain) => domain === bound.domain);
    });
    if (!holds) continue;
    wide[custom.kind] = toConfig(custom);
    isSet = true;
  }
  if (!isSet) return defaultCustomConfig;
  return { ...defaultCustomConfig, ...wide.CLB, ...wide.SERVER, ...wide.LOCATION };
}

/** One directive of an nginx-like text: `proxy_set_header X-Method $request_method;`. */
type Directive = { readonly name: string; readonly args: readonly string[]; readonly line: number };

/** The reason a text is invalid, and its line (from 1). */
type ConfigProblem = { readonly line: number; readonly reason: string };

/**
 * A space, a comment up to the end of its line, a quoted word, a bare word, the end of a directive, or an invalid
 * character. A quoted word may span lines and contain its own quote after a backslash, as in nginx.
 */
const token =
  /(?<space>\s+)|(?<comment>#[^\n]*)|(?<double>"(?:[^"\\]|\\.)*")|(?<single>'(?:[^'\\]|\\.)*')|(?<end>;)|(?<word>[^\s;{}"'#][^\s;{}"']*)|(?<other>.)/gsy;

function parseDirectives(text: string): Result<Directive[], ConfigProblem> {
  const directives: Directive[] = [];
  let words: string[] = [];
  let line = 1;
  let startLine = 1;
  for (const match of text.matchAll(token)) {
    const { double, single, end, word, other } = match.groups ?? {};
    if (other !== undefined) return err({ line, reason: `unexpected "${other}"` });
    const quoted = (double ?? single)?.slice(1, -1).replace(/\\(.)/gs, '$1');
    const next = quoted ?? word;
    if (next !== undefined) {
      if (words.length === 0) startLine = line;
      words.push(next);
    }
    if (end !== undefined) {
      const [name, ...args] = words;
      if (name === undefined) return err({ line, reason: 'unexpected ";"' });
      directives.push({ name, args, line: startLine });
      words = [];
    }
    line += match[0].split('\n').length - 1;
  }
  if (words.length > 0)
    return err({ line: startLine, reason: `directive "${words[0]}" is not terminated by ";"` });
  return ok(directives);
}

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

const repeatable = ['proxy_set_header', 'add_header', 'more_set_headers', 'error_page'];

/**
 * A body above this must not be buffered before it is forwarded:
 * https://www.tencentcloud.com/document/product/214/32427.
 */
const bufferedMaxBytes = 256 * 1024 * 1024;

/**
 * Parses a layer-7 custom configuration: nginx directives, each ended by `;`, at most one of each except headers and
 * error pages (https://www.tencentcloud.com/document/product/214/32427). Any header to the targets may be set except
 * those that the load balancer sends itself; the page lists some names and does not state that the list is complete
 * (assumption).
 * @returns only the settings of the text, or the first problem with its line
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
