import { expect, it } from 'vitest';
import { parseFacts } from './convert-custom-configs';

it.each<[text: string, facts: object]>([
  [
    '',
    {
      addsMethodHeader: false,
      addsUriHeader: false,
      readTimeoutS: null,
      bodyMaxMb: null,
      tlsVersions: null,
      directives: [],
    },
  ],
  [
    'ssl_protocols TLSv1.2 TLSv1.3;add_header A 1;add_header B 2;',
    { tlsVersions: ['TLSv1.2', 'TLSv1.3'], directives: ['add_header', 'ssl_protocols'] },
  ],
  ['proxy_set_header X-Method $request_method; # how', { addsMethodHeader: true, addsUriHeader: false }],
  [
    'proxy_set_header x-uri $uri;\nproxy_set_header X-Method "GET";',
    { addsMethodHeader: false, addsUriHeader: true },
  ],
  ['# proxy_set_header X-Uri $uri;\nproxy_read_timeout 90s;', { addsUriHeader: false, readTimeoutS: 90 }],
  ['add_header A "proxy_read_timeout 5s; #";proxy_read_timeout 2m;', { readTimeoutS: 120 }],
  ['proxy_read_timeout 60;client_max_body_size 100M;', { readTimeoutS: 60, bodyMaxMb: 100 }],
  ['client_max_body_size 1g;', { bodyMaxMb: 1024 }],
  ['client_max_body_size 512k;', { bodyMaxMb: 0.5 }],
  ['client_max_body_size 2097152;', { bodyMaxMb: 2 }],
  ['client_max_body_size unlimited;', { bodyMaxMb: null }],
])('%j', (text, facts) => {
  expect(parseFacts(text)).toMatchObject(facts);
});
