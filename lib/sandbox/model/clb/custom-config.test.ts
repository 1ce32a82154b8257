import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultCustomConfig, parseCustomConfig } from './custom-config';
import { directives } from './custom-config-directives';

const value = (text: string) => {
  const parsed = parseCustomConfig(text);
  return parsed.ok ? parsed.value : parsed.error;
};

/** The page's own default: https://www.tencentcloud.com/document/product/214/32427. */
const pageDefault = `
ssl_protocols   TLSv1 TLSv1.1 TLSv1.2;
client_header_timeout   60s;
client_header_buffer_size   4k;
client_body_timeout    60s;
client_max_body_size   60M;
keepalive_timeout    75s;
add_header     xxx yyy;
more_set_headers      "A:B";
proxy_connect_timeout    4s;
proxy_read_timeout    60s;
proxy_send_timeout    60s;
`;

test('parses the example of the documentation as the defaults plus two headers', () => {
  expect({ ...defaultCustomConfig, ...parseText(pageDefault) }).toEqual({
    ...defaultCustomConfig,
    responseHeaders: [
      { name: 'xxx', text: 'yyy', replaces: false },
      { name: 'A', text: 'B', replaces: true },
    ],
  });
});

function parseText(text: string) {
  const parsed = parseCustomConfig(text);
  if (!parsed.ok) throw new Error(parsed.error.reason);
  return parsed.value;
}

test('sets headers for the targets, by variable and by text', () => {
  const text =
    'proxy_set_header X-Method $request_method; # how\nproxy_set_header X-Uri $uri;proxy_set_header X-From "a b";';
  expect(value(text)).toEqual({
    requestHeaders: [
      { name: 'X-Method', variable: '$request_method' },
      { name: 'X-Uri', variable: '$uri' },
      { name: 'X-From', text: 'a b' },
    ],
  });
});

test.each<[string, object]>([
  ['proxy_read_timeout 1h;', { readTimeoutS: 3600 }],
  ['proxy_read_timeout 5m;', { readTimeoutS: 300 }],
  ['proxy_read_timeout 30;', { readTimeoutS: 30 }],
  [
    'client_max_body_size 1g; proxy_request_buffering off;',
    { bodyMaxBytes: 2 ** 30, requestBuffering: false },
  ],
  ['keepalive_timeout 0;', { keepaliveTimeoutS: 0 }],
  ['error_page 502 503 /sorry;', { errorPages: [{ codes: [502, 503], status: 302, uri: '/sorry' }] }],
  ['error_page 404 =200 /home;', { errorPages: [{ codes: [404], status: 200, uri: '/home' }] }],
  ['error_page 404 = /home;', { errorPages: [{ codes: [404], status: null, uri: '/home' }] }],
  ['proxy_redirect http:// https://;', { redirectsToHttps: true }],
  [
    'proxy_buffer_size 24k; proxy_buffers 8 8k;',
    { proxyBufferBytes: 24576, proxyBuffers: { count: 8, bytes: 8192 } },
  ],
  [
    "add_header Allow 'GET, POST' always;",
    { responseHeaders: [{ name: 'Allow', text: 'GET, POST', replaces: false }] },
  ],
  ['add_header X "say \\"hi\\"";', { responseHeaders: [{ name: 'X', text: 'say "hi"', replaces: false }] }],
  ['', {}],
  ['# nothing', {}],
])('%s', (text, config) => {
  expect(value(text)).toEqual(config);
});

test.each<[string, number, string]>([
  ['proxy_read_timeout 60s', 1, 'directive "proxy_read_timeout" is not terminated by ";"'],
  ['send_timeout 1;\nworker_processes 4;', 2, 'unknown directive "worker_processes"'],
  ['toString 1;', 1, 'unknown directive "toString"'],
  ['location / { }', 1, 'unexpected "{"'],
  [';', 1, 'unexpected ";"'],
  ['add_header A "b;', 1, 'unexpected """'],
  ['\n\nproxy_read_timeout 29s;', 3, '"proxy_read_timeout" must be 30-3600 s'],
  ['proxy_read_timeout 3601s;', 1, '"proxy_read_timeout" must be 30-3600 s'],
  ['proxy_read_timeout soon;', 1, '"proxy_read_timeout" must be 30-3600 s'],
  ['proxy_read_timeout 60s 60s;', 1, '"proxy_read_timeout" must be 30-3600 s'],
  ['proxy_read_timeout 60s;\nproxy_read_timeout 70s;', 2, '"proxy_read_timeout" directive is duplicate'],
  ['client_max_body_size 10241M;', 1, '"client_max_body_size" must be 1-10240M'],
  ['client_max_body_size 257M;', 1, '"client_max_body_size" above 256M needs "proxy_request_buffering off"'],
  ['proxy_buffer_size 4k;', 1, '"proxy_buffer_size" needs "proxy_buffers" beside it'],
  [
    'proxy_buffers 3 4k;\nproxy_buffer_size 32k;',
    1,
    '"proxy_buffers" must satisfy 2 * max(proxy_buffer_size, proxy_buffers.size) <= (proxy_buffers.num - 1) * proxy_buffers.size',
  ],
  ['proxy_set_header Host example.com;', 1, '"proxy_set_header" must not set the reserved header "Host"'],
  [
    'proxy_set_header x-real-ip 1.2.3.4;',
    1,
    '"proxy_set_header" must not set the reserved header "x-real-ip"',
  ],
  ['proxy_set_header X-A;', 1, '"proxy_set_header" takes a name and a value'],
  ['proxy_set_header "X A" b;', 1, '"proxy_set_header" can\'t set the header "X A"'],
  [
    'proxy_set_header X-A $host;',
    1,
    '"proxy_set_header" knows no variable "$host"; there are $remote_port, $server_addr, $lbid, $stgw_request_id, $vport, $request_method, $uri, $args',
  ],
  ['proxy_set_header X-A "a\nb";', 1, '"proxy_set_header" has a bad value'],
  ['more_set_headers A;', 1, '"more_set_headers" takes one "Name: value"'],
  ['server_tokens maybe;', 1, '"server_tokens" must be on or off'],
  [
    'error_page 404 sorry;',
    1,
    '"error_page" must be "code [=[response]] uri" with a URI that begins with "/"',
  ],
  [
    'error_page 404 =x /;',
    1,
    '"error_page" must be "code [=[response]] uri" with a URI that begins with "/"',
  ],
  ['ssl_protocols SSLv3;', 1, '"ssl_protocols" must be of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3'],
])('refuses %j in line %i', (text, line, reason) => {
  expect(value(text)).toEqual({ line, reason });
});

describe('any text', () => {
  test('is parsed or refused, never throws, and a refusal names one of its lines', () => {
    const word = fc.oneof(
      fc.constantFrom(...Object.keys(directives)),
      fc.string(),
      fc.constantFrom('on', '60s', '4k', '\n'),
    );
    fc.assert(
      fc.property(fc.array(word), fc.constantFrom(' ', ';', '; ', '\n'), (words, between) => {
        const text = words.join(between);
        const parsed = parseCustomConfig(text);
        if (!parsed.ok) expect(parsed.error.line).toBeLessThanOrEqual(text.split('\n').length);
      }),
    );
  });

  test('has the same meaning in any layout', () => {
    const lines = fc.subarray(
      ['proxy_read_timeout 90s', 'server_tokens off', 'proxy_set_header X-Uri $uri', 'add_header A "b c"'],
      { minLength: 1 },
    );
    const gap = fc.constantFrom(' ', '\n', '\t', ' # so\n');
    fc.assert(
      fc.property(lines, gap, (directiveLines, space) => {
        const plain = directiveLines.map((line) => `${line};`).join('');
        const laidOut = directiveLines
          .map((line) => `${space}${line.replace(/ (?!c)/g, space)}${space};${space}`)
          .join('');
        expect(parseCustomConfig(laidOut)).toEqual(parseCustomConfig(plain));
      }),
    );
  });
});
