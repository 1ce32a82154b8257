import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import Sign from 'tencentcloud-sdk-nodejs/tencentcloud/common/sign.js';
import { afterAll, describe, expect, it, test } from 'vitest';
import { startTestCloud } from '@/testing/sandbox/test-cloud';
import { createAuthority, issueServerCertificate } from '../data-plane/tls/authority';
import { zipSeedFiles } from '../seeds/parts';
import { foreignRequest } from './local-request';

/*
 * Simulates a page on another site that makes a browser send requests to the sandbox. The page even knows the keys and
 * signs correctly, so only the headers that the browser adds can reveal it.
 */

const cloud = await startTestCloud({ vipNetwork: '127.108.0.0/16' });
const root = await createAuthority(Date.now());
const [validFrom, validTo] = [Date.now() - 60_000, Date.now() + 86_400_000];
const names = ['127.0.0.1', 'localhost'];
const pair = await issueServerCertificate(root, { name: 'localhost', names, validFrom, validTo });
const authority = root.certificate;
const tls = await cloud.plane.openTls(0, pair);
afterAll(() => cloud.plane.stop());

type Sent = { readonly method: string; readonly path: string; readonly body: string };
type Headers = Readonly<Record<string, string>>;
type Answer = { readonly status: number; readonly code: string | undefined };

async function send(base: string, { method, path, body }: Sent, headers: Headers): Promise<Answer> {
  const { protocol, hostname, port } = new URL(base);
  const options = {
    hostname,
    port,
    path,
    method,
    headers,
    ca: authority,
    servername: 'localhost',
    agent: false,
  };
  const client = protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
  client.end(body);
  const [response]: IncomingMessage[] = await once(client, 'response');
  let text = '';
  for await (const chunk of response ?? []) text += chunk;
  const answer = JSON.parse(text);
  return { status: response?.statusCode ?? 0, code: answer.Response?.Error?.Code };
}

let made = 0;
/** A call with a lasting effect: it creates a function with the attacker's code. */
const createFunction = () => ({
  FunctionName: `attack-${++made}`,
  Code: { ZipFile: zipSeedFiles({ 'index.py': 'def main_handler(event, context): return 1' }) },
  Handler: 'index.main_handler',
  Runtime: 'Python3.10',
});
const functions = () =>
  Object.values(cloud.account('small-standard').functions).filter(({ name }) => name.startsWith('attack-'));

/** Builds the request of a page's form with hidden fields: signed by version 1, with everything in the parameters. */
function buildForm(method: 'GET' | 'POST', host: string): Sent {
  const { secretId, secretKey } = cloud.keys('small-standard');
  const { Code, ...params } = createFunction();
  const fields: Record<string, string> = {
    Action: 'CreateFunction',
    Version: '2018-04-16',
    Region: 'ap-singapore',
    SecretId: secretId,
    Timestamp: String(Math.floor(Date.now() / 1000)),
    Nonce: '1',
    SignatureMethod: 'HmacSHA256',
    ...params,
    'Code.ZipFile': Code.ZipFile,
  };
  const sorted = Object.keys(fields).sort();
  const query = sorted.map((name) => `${name}=${fields[name]}`).join('&');
  fields.Signature = Sign.sign(secretKey, `${method}${host}/?${query}`, 'HmacSHA256');
  const text = String(new URLSearchParams(fields));
  return method === 'GET' ? { method, path: `/?${text}`, body: '' } : { method, path: '/', body: text };
}

/** Signs with the newer method, over any content type. */
function signed(contentType: string, body: string, host: string): Headers {
  const timestamp = Math.floor(Date.now() / 1000);
  const Authorization = Sign.sign3({
    method: 'POST',
    url: `http://${host}/`,
    payload: Buffer.from(body),
    timestamp,
    service: 'scf',
    ...cloud.keys('small-standard'),
    multipart: false,
    boundary: '',
    headers: { 'Content-Type': contentType },
  });
  return {
    Authorization,
    Host: host,
    'Content-Type': contentType,
    'X-TC-Action': 'CreateFunction',
    'X-TC-Version': '2018-04-16',
    'X-TC-Region': 'ap-singapore',
    'X-TC-Timestamp': String(timestamp),
  };
}

const urlencoded = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** The headers that browsers add to a page's requests. */
const browsers: [string, Headers][] = [
  ['a form of another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
  ['a form in a sandboxed frame', { Origin: 'null' }],
  ['a link of another site', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }],
  ['a page of another port', { 'Sec-Fetch-Site': 'same-site' }],
  ['a page of the very same address', { 'Sec-Fetch-Site': 'same-origin' }],
];

describe.each([
  ['the API', () => cloud.plane.api],
  ['the API over TLS', () => tls],
])('%s', (_, baseOf) => {
  const apiHost = () => new URL(baseOf()).host;

  it.each(['POST', 'GET'] as const)('accepts a signed form by %s of a program', async (method) => {
    const before = functions().length;
    const answer = await send(baseOf(), buildForm(method, apiHost()), { ...urlencoded, Host: apiHost() });
    expect(answer).toEqual({ status: 200, code: undefined });
    expect(functions()).toHaveLength(before + 1);
  });

  it.each(
    browsers.flatMap(([who, headers]) =>
      (['POST', 'GET'] as const).map((method) => [method, who, headers] as const),
    ),
  )('refuses a signed %s from %s, and does nothing', async (method, _, headers) => {
    const before = functions().length;
    const answer = await send(baseOf(), buildForm(method, apiHost()), {
      ...urlencoded,
      Host: apiHost(),
      ...headers,
    });
    expect(answer).toEqual({ status: 403, code: 'AuthFailure.UnauthorizedOperation' });
    expect(functions()).toHaveLength(before);
  });

  it.each(['POST', 'GET'] as const)('refuses a signed %s through a name that was rebound', async (method) => {
    const before = functions().length;
    const host = `evil.example:${new URL(baseOf()).port}`;
    const answer = await send(baseOf(), buildForm(method, host), { ...urlencoded, Host: host });
    expect(answer).toEqual({ status: 403, code: 'AuthFailure.UnauthorizedOperation' });
    expect(functions()).toHaveLength(before);
  });

  it.each([
    ['text/plain', 'UnsupportedProtocol'],
    ['multipart/form-data; boundary=x', 'UnsupportedProtocol'],
    ['', 'UnsupportedProtocol'],
    // Valid only with the older signature.
    ['application/x-www-form-urlencoded', 'AuthFailure.InvalidAuthorization'],
    ['application/json', undefined],
    ['application/json; charset=utf-8', undefined],
  ])('responds to a correctly signed POST of content type "%s" with %s', async (contentType, code) => {
    const before = functions().length;
    const body = JSON.stringify(createFunction());
    const answer = await send(
      baseOf(),
      { method: 'POST', path: '/', body },
      signed(contentType, body, apiHost()),
    );
    expect(answer).toEqual({ status: 200, code });
    expect(functions()).toHaveLength(before + (code === undefined ? 1 : 0));
  });

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/json'])(
    'refuses a form with the older signature as %s',
    async (contentType) => {
      const before = functions().length;
      const headers = { Host: apiHost(), 'Content-Type': contentType };
      const { code } = await send(baseOf(), buildForm('POST', apiHost()), headers);
      expect(code).toMatch(/^(UnsupportedProtocol|AuthFailure\.InvalidAuthorization)$/);
      expect(functions()).toHaveLength(before);
    },
  );
});

test.each([
  ['a form', 'POST', 1024 * 1024],
  ['a query', 'GET', 32 * 1024],
] as const)('refuses %s larger than the cloud accepts', async (_, method, size) => {
  const host = new URL(cloud.plane.api).host;
  const sent = buildForm(method, host);
  const filler = `&Filler=${'x'.repeat(size)}`;
  const larger =
    method === 'GET' ? { ...sent, path: sent.path + filler } : { ...sent, body: sent.body + filler };
  const answer = await send(cloud.plane.api, larger, { ...urlencoded, Host: host });
  expect(answer).toEqual({ status: 200, code: 'RequestSizeLimitExceeded' });
});

test('the control API refuses pages, too, even with its token', async () => {
  const { url, token } = cloud.plane.control ?? { url: '', token: '' };
  const { host, port } = new URL(url);
  const seed = cloud.plane.store.world.seed;
  const sent = { method: 'POST', path: '/seed', body: JSON.stringify({ name: 'flash-sale' }) };
  const Authorization = `Bearer ${token}`;
  for (const [, headers] of [...browsers, ['rebound', { Host: `evil.example:${port}` }] as const]) {
    const { status } = await send(url, sent, { Authorization, Host: host, ...headers });
    expect(status).toBe(403);
  }
  expect(cloud.plane.store.world.seed).toBe(seed);
  expect(await send(url, { method: 'GET', path: '/seeds', body: '' }, { Authorization, Host: host })).toEqual(
    {
      status: 200,
      code: undefined,
    },
  );
});

test.each([
  ['API', () => cloud.plane.api],
  ['control API', () => cloud.plane.control?.url ?? ''],
])('the %s refuses a second Host header', async (_, baseOf) => {
  const { host, port } = new URL(baseOf());
  const answerTo = (lines: string) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(`GET / HTTP/1.1\r\n${lines}\r\n`);
    return text(socket);
  };
  for (const second of ['evil.example', host])
    expect(await answerTo(`Host: ${host}\r\nHost: ${second}\r\n`)).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*more than one header `Host`/,
    );
  expect(await answerTo(`Host: evil.example\r\nHost: ${host}\r\n`)).toMatch(/^HTTP\/1\.1 403 /);
});

test.each([
  '127.0.0.1',
  '127.0.0.1:3001',
  '127.77.1.22:80',
  '[::1]:3001',
  'localhost',
  'LOCALHOST:3001',
  'clb.sandbox.localhost:3001',
  'dnspod.localhost',
])('accepts %s as a name of this machine', (host) => {
  expect(foreignRequest({ headers: { host } })).toBeNull();
});

test.each([
  undefined,
  '',
  'evil.example',
  'localhost.evil.example',
  'localhostevil',
  'evil-localhost',
  '.localhost',
  'a..localhost',
  '-a.localhost',
  '127.0.0.1.evil.example',
  '127.0.0.1:',
  '128.0.0.1',
  '127.1',
  '0.0.0.0',
  '[::]',
  '::1',
  'user@localhost',
  'localhost, evil.example',
  ' localhost',
  'localhost\n',
  `${'a.'.repeat(9)}localhost`,
])('rejects %j as a name of this machine', (host) => {
  expect(foreignRequest({ headers: { host } })?.reason).toContain('`Host`');
});

test.each([
  ['clb.tencentcloudapi.com', null],
  ['SCF.TencentCloudAPI.com:443', null],
  ['tencentcloudapi.com', 403],
  ['a.b.tencentcloudapi.com', 403],
  ['clb.tencentcloudapi.com.evil.example', 403],
  ['clb.eviltencentcloudapi.com', 403],
  ['evil.example', 403],
])('with an accepted domain, responds to %s with %s', (host, status) => {
  expect(foreignRequest({ headers: { host } }, ['*.tencentcloudapi.com'])?.status ?? null).toBe(status);
  expect(foreignRequest({ headers: { host } })?.status).toBe(403);
});

test('accepts a typed address, and never echoes a long header whole', () => {
  expect(foreignRequest({ headers: { host: 'localhost', 'sec-fetch-site': 'none' } })).toBeNull();
  expect(foreignRequest({ headers: { host: 'localhost', origin: '' } })?.reason).toContain('`Origin`');
  expect(foreignRequest({ headers: { host: 'x'.repeat(10_000) } })?.reason.length).toBeLessThan(400);
});
