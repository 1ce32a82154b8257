import { err, ok, type Result } from '@/lib/result';

/** Returns the setting of one directive, or the problem with its arguments. */
type Read = (args: readonly string[]) => Result<Partial<ParsedCustomConfig>, string>;

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

function parseSeconds(text: string): number | null {
  const [, digits, unit = 's'] = /^(\d{1,9})([smh])?$/.exec(text) ?? [];
  const factor = unit === 'h' ? 3600 : unit === 'm' ? 60 : 1;
  return digits === undefined ? null : Number(digits) * factor;
}

function parseBytes(text: string): number | null {
  const [, digits, unit = ''] = /^(\d{1,12})([kmg])?$/i.exec(text) ?? [];
  const factor = { '': 1, k: kilobyte, m: megabyte, g: 1024 * megabyte }[unit.toLowerCase()] ?? 1;
  return digits === undefined ? null : Number(digits) * factor;
}

const parseCount = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : null);

type NumberField = {
  [Field in keyof ParsedCustomConfig]: ParsedCustomConfig[Field] extends number ? Field : never;
}[keyof ParsedCustomConfig];
type SwitchField = {
  [Field in keyof ParsedCustomConfig]: ParsedCustomConfig[Field] extends boolean ? Field : never;
}[keyof ParsedCustomConfig];

/** Reads a single numeric argument within the range; `range` is the page's notation. */
function number(
  field: NumberField,
  read: (text: string) => number | null,
  [min, max]: readonly [number, number],
  range: string,
): Read {
  return ([text = '', ...more]) => {
    const value = more.length === 0 ? read(text) : null;
    return value !== null && value >= min && value <= max ? ok({ [field]: value }) : err(`must be ${range}`);
  };
}

const seconds = (field: NumberField, min: number, max: number) =>
  number(field, parseSeconds, [min, max], `${min}-${max} s`);
const kilobytes = (field: NumberField, min: number, max: number) =>
  number(field, parseBytes, [min * kilobyte, max * kilobyte], `${min}-${max}k`);

function onOff(field: SwitchField): Read {
  return ([text, ...more]) =>
    more.length === 0 && (text === 'on' || text === 'off')
      ? ok({ [field]: text === 'on' })
      : err('must be on or off');
}

const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

const variables: readonly HeaderVariable[] = [
  '$remote_port',
  '$server_addr',
  '$lbid',
  '$stgw_request_id',
  '$vport',
  '$request_method',
  '$uri',
  '$args',
];

/** Headers that the load balancer itself sends to its targets: a configuration must not set them. */
const reservedHeaders = [
  'x-stgw-time',
  'host',
  'x-client-proto',
  'x-forwarded-proto',
  'x-client-proto-ver',
  'x-client-spdy',
  'x-real-ip',
  'x-forwarded-for',
  'upgrade',
  'connection',
];

const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** The characters allowed in a header: no control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it rejects
const headerText = /^[^\u0000-\u0008\u000a-\u001f\u007f]*$/;

const requestHeader: Read = ([name = '', value, ...more]) => {
  if (value === undefined || more.length > 0) return err('takes a name and a value');
  if (!headerName.test(name)) return err(`can't set the header "${name}"`);
  if (reservedHeaders.includes(name.toLowerCase())) return err(`must not set the reserved header "${name}"`);
  const variable = variables.find((known) => known === value);
  if (variable) return ok({ requestHeaders: [{ name, variable }] });
  if (value.includes('$')) return err(`knows no variable "${value}"; there are ${variables.join(', ')}`);
  return headerText.test(value) ? ok({ requestHeaders: [{ name, text: value }] }) : err('has a bad value');
};

function responseHeader(name: string, text: string, replaces: boolean) {
  if (!headerName.test(name)) return err(`can't set the header "${name}"`);
  return headerText.test(text) ? ok({ responseHeaders: [{ name, text, replaces }] }) : err('has a bad value');
}

const addHeader: Read = ([name = '', text, always, ...more]) =>
  text === undefined || more.length > 0 || (always !== undefined && always !== 'always')
    ? err('takes a name and a value')
    : responseHeader(name, text, false);

const moreSetHeaders: Read = (args) => {
  const [header = '', ...more] = args;
  const colon = header.indexOf(':');
  return more.length > 0 || colon < 1
    ? err('takes one "Name: value"')
    : responseHeader(header.slice(0, colon).trim(), header.slice(colon + 1).trimStart(), true);
};

const errorPage: Read = (args) => {
  const uri = args.at(-1) ?? '';
  const [, response] = /^=(\d{3})?$/.exec(args.at(-2) ?? '') ?? [];
  const hasResponse = args.at(-2)?.startsWith('=') ?? false;
  const codes = args.slice(0, hasResponse ? -2 : -1);
  const isFine = codes.length > 0 && codes.every((code) => /^[345]\d\d$/.test(code)) && uri.startsWith('/');
  if (!isFine || (hasResponse && !/^=(\d{3})?$/.test(args.at(-2) ?? ''))) {
    return err('must be "code [=[response]] uri" with a URI that begins with "/"');
  }
  const status = hasResponse ? (response === undefined ? null : Number(response)) : 302;
  return ok({ errorPages: [{ codes: codes.map(Number), status, uri }] });
};

/**
 * The supported directives, with their ranges: https://www.tencentcloud.com/document/product/214/32427 and
 * https://cloud.tencent.com/document/product/214/15171 (directives that a newer page leaves out are still accepted).
 */
export const directives: Readonly<Record<string, Read>> = {
  ssl_protocols: (args) =>
    args.length > 0 && args.every((version) => tlsVersions.includes(version))
      ? ok({ tlsVersions: args })
      : err(`must be of ${tlsVersions.join(', ')}`),
  ssl_ciphers: ([ciphers = '', ...more]) =>
    more.length === 0 && /^[A-Z0-9+!@=:-]+$/i.test(ciphers)
      ? ok({ ciphers })
      : err('must be an OpenSSL cipher list'),
  client_header_timeout: seconds('clientHeaderTimeoutS', 30, 120),
  client_header_buffer_size: kilobytes('clientHeaderBytes', 1, 256),
  client_body_timeout: seconds('clientBodyTimeoutS', 30, 120),
  client_max_body_size: number('bodyMaxBytes', parseBytes, [megabyte, 10_240 * megabyte], '1-10240M'),
  keepalive_timeout: seconds('keepaliveTimeoutS', 0, 900),
  add_header: addHeader,
  more_set_headers: moreSetHeaders,
  proxy_connect_timeout: seconds('connectTimeoutS', 4, 120),
  proxy_read_timeout: seconds('readTimeoutS', 30, 3600),
  proxy_send_timeout: seconds('sendTimeoutS', 30, 3600),
  server_tokens: onOff('serverTokens'),
  keepalive_requests: number('keepaliveRequests', parseCount, [1, 10_000], '1-10000'),
  proxy_buffer_size: kilobytes('proxyBufferBytes', 1, 32),
  proxy_buffers: ([count = '', size = '', ...more]) => {
    const [buffers, bytes] = [parseCount(count) ?? 0, parseBytes(size) ?? 0];
    const isFine = buffers >= 3 && buffers <= 8 && bytes >= 4 * kilobyte && bytes <= 16 * kilobyte;
    return isFine && more.length === 0
      ? ok({ proxyBuffers: { count: buffers, bytes } })
      : err('must be 3-8 4-16k');
  },
  proxy_request_buffering: onOff('requestBuffering'),
  proxy_set_header: requestHeader,
  send_timeout: seconds('clientSendTimeoutS', 1, 3600),
  ssl_verify_depth: number('clientCertificateDepth', parseCount, [1, 10], '1-10'),
  proxy_redirect: (args) =>
    args.join(' ') === 'http:// https://'
      ? ok({ redirectsToHttps: true })
      : err('must be "http:// https://"'),
  ssl_early_data: onOff('tlsEarlyData'),
  http2_max_field_size: kilobytes('http2FieldMaxBytes', 1, 256),
  error_page: errorPage,
  proxy_ignore_client_abort: onOff('ignoresClientAbort'),
};

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
