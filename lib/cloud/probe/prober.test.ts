import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StringAnswer } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { knowing, nameServerRecord, startNameServer } from '@/testing/cloud/test-name-server';
import { createTestProber } from '@/testing/cloud/test-prober';

const closers: Array<() => void> = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Starts a web server on a free port; it responds with the request's Host header and path. */
async function startWeb(handler: http.RequestListener): Promise<number> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** Starts a name server that has these answers and follows nothing. */
async function startDns(known: readonly StringAnswer[]): Promise<string> {
  const server = await startNameServer(knowing(known));
  closers.push(() => server.close());
  return server.address;
}

const shop = { kind: 'http', host: 'b.shop.test', path: '/sale?x=1', scheme: 'http' } as const;

describe('HTTP probe', () => {
  it('requests the host and path at the address, and compares status and body', async () => {
    const port = await startWeb((request, response) => {
      response.end(`${request.headers.host} ${request.url} ${request.headers.connection}`);
    });
    const prober = createTestProber({ '127.0.0.1': { ports: [port] } });
    const expectation = { status: 200, bodyContains: 'b.shop.test /sale?x=1 close' };
    const answer = await prober.probe({ ...shop, address: '127.0.0.1', port, expect: expectation });
    expect(answer).toMatchObject({
      passed: true,
      status: '200',
      address: `127.0.0.1:${port}`,
      failure: null,
    });

    const other = await prober.probe({
      ...shop,
      address: '127.0.0.1',
      port,
      expect: { status: 200, bodyContains: 'Hello CLB' },
    });
    expect(other).toMatchObject({ passed: false, failure: 'the body does not contain the expected text' });
  });

  it.each([
    ['U+0000', 'a\0b', 'a\uFFFDb'],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 'a\uFFFD\uFFFD\uFFFD'],
  ])('replaces %s in a body, so that it can be stored', async (_what, body, shown) => {
    const port = await startWeb((_request, response) => response.end(body));
    const expectation = { status: 200, bodyContains: null };
    const prober = createTestProber({ '127.0.0.1': { ports: [port] } });
    const answer = await prober.probe({ ...shop, address: '127.0.0.1', port, expect: expectation });
    expect(answer).toMatchObject({ passed: true, body: shown });
  });

  it('cuts a long body between characters', async () => {
    const port = await startWeb((_request, response) =>
      response.end(`${'x'.repeat(499)}${'😀'.repeat(2000)}`),
    );
    const expectation = { status: 200, bodyContains: null };
    const prober = createTestProber({ '127.0.0.1': { ports: [port] } });
    const answer = await prober.probe({ ...shop, address: '127.0.0.1', port, expect: expectation });
    expect(answer.body.length).toBeLessThanOrEqual(2000);
    expect(answer.body.isWellFormed()).toBe(true);
  });

  it.each([
    ['other.test', false],
    ['*.shop.test', true],
    ['b.shop.test', true],
    ['~^b', true],
  ])('judges a response by the rules of the listener: %s', async (domain, passed) => {
    const port = await startWeb((_request, response) => response.end('Hello'));
    const rule = { domain, domains: [domain], url: '/', isDefault: true, createdAt: null };
    const prober = createTestProber({ '127.0.0.1': { ports: [port] } }, { rules: { [port]: [rule] } });
    const expectation = { status: 200, bodyContains: 'Hello' };
    const answer = await prober.probe({ ...shop, address: '127.0.0.1', port, expect: expectation });
    const failure = `another site answered: lb-1 has no rule for b.shop.test at port ${port}`;
    expect(answer).toMatchObject({ passed, status: '200', failure: passed ? null : failure });
  });

  it('treats a redirect as the response', async () => {
    const port = await startWeb((_request, response) => {
      response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
    });
    const prober = createTestProber({ '127.0.0.1': { ports: [port] } });
    const answer = await prober.probe({
      ...shop,
      address: '127.0.0.1',
      port,
      expect: { status: 200, bodyContains: null },
    });
    expect(answer).toMatchObject({ passed: false, status: '302', failure: 'expected status 200, found 302' });
  });

  it("resolves a load balancer's own domain using the connection's resolver", async () => {
    const port = await startWeb((_request, response) => response.end('Hello CLB'));
    const dns = await startDns([nameServerRecord('lb-1.clb.test', 'A', '127.0.0.1')]);
    const answer = await createTestProber({ '127.0.0.1': { ports: [port] } }, { dns }).probe({
      ...shop,
      address: 'lb-1.clb.test',
      port,
      expect: { status: 200, bodyContains: 'Hello CLB' },
    });
    expect(answer).toMatchObject({ passed: true, address: `127.0.0.1:${port}`, body: 'Hello CLB' });
  });

  it('reaches an IPv6-only load balancer by its address or by a name with only that address', async () => {
    const port = await startWeb((_request, response) => response.end('Hello CLB'));
    const dns = await startDns([nameServerRecord('lb-6.clb.test', 'AAAA', '::ffff:7f00:1')]);
    const prober = createTestProber({ '::ffff:7f00:1': { ports: [port] } }, { dns });
    for (const address of ['::ffff:127.0.0.1', 'lb-6.clb.test'])
      expect(
        await prober.probe({ ...shop, address, port, expect: { status: 200, bodyContains: 'Hello CLB' } }),
      ).toMatchObject({ passed: true, failure: null });
    const expectAnswer = (value: string) =>
      prober.probe({ kind: 'dns', name: 'lb-6.clb.test', type: 'AAAA', expect: { value } });
    expect(await expectAnswer('::FFFF:127.0.0.1')).toMatchObject({ passed: true });
    expect(await expectAnswer('2001:db8::1')).toMatchObject({ passed: false });
  });

  it('returns the reason when nothing listens', async () => {
    const port = await startWeb(() => {});
    for (const close of closers.splice(0)) close();
    const answer = await createTestProber({ '127.0.0.1': { ports: [port] } }).probe({
      ...shop,
      address: '127.0.0.1',
      port,
      expect: { status: 200, bodyContains: null },
    });
    expect(answer).toMatchObject({ passed: false, status: null });
    expect(answer.failure).toContain('ECONNREFUSED');
  });
});

describe('DNS probe', () => {
  it('follows CNAMEs to the address, and compares names without the trailing dot', async () => {
    const dns = await startDns([
      nameServerRecord('b.shop.test', 'CNAME', 'lb-1.clb.test'),
      nameServerRecord('lb-1.clb.test', 'A', '127.83.0.9'),
    ]);
    const prober = createTestProber({}, { dns });
    const address = await prober.probe({
      kind: 'dns',
      name: 'b.shop.test',
      type: 'A',
      expect: { value: '127.83.0.9' },
    });
    expect(address).toMatchObject({ passed: true, status: 'NOERROR', address: dns });
    const alias = await prober.probe({
      kind: 'dns',
      name: 'b.shop.test',
      type: 'CNAME',
      expect: { value: 'LB-1.clb.test.' },
    });
    expect(alias).toMatchObject({ passed: true, failure: null });
  });

  it('reports the actual answer', async () => {
    const dns = await startDns([nameServerRecord('b.shop.test', 'A', '127.83.0.1')]);
    const prober = createTestProber({}, { dns });
    const wrong = await prober.probe({
      kind: 'dns',
      name: 'b.shop.test',
      type: 'A',
      expect: { value: '127.83.0.9' },
    });
    expect(wrong).toMatchObject({ passed: false, failure: 'expected 127.83.0.9, found 127.83.0.1' });
    const missing = await prober.probe({
      kind: 'dns',
      name: 'c.shop.test',
      type: 'A',
      expect: { value: '127.83.0.9' },
    });
    expect(missing).toMatchObject({ passed: false, status: 'NXDOMAIN' });
  });

  it.each(['127.0.0.1:0', '127.0.0.1:99999', 'localhost:53', ':'.repeat(60_000)])(
    'returns the reason when the resolver is %s, and stops its queries',
    async (dns) => {
      const prober = createTestProber({}, { dns });
      const asked = { kind: 'dns', name: 'b.shop.test', type: 'A', expect: { value: '127.83.0.9' } } as const;
      const before = process.getActiveResourcesInfo().filter((name) => /UDP|Timeout/.test(name));
      const answer = await prober.probe(asked);
      expect(answer).toMatchObject({ passed: false, status: null });
      expect(answer.failure).toContain('is not the address of a resolver');
      const after = process.getActiveResourcesInfo().filter((name) => /UDP|Timeout/.test(name));
      expect(after.length).toBeLessThanOrEqual(before.length);
    },
  );

  it('returns the reason when no resolver listens', async () => {
    const dns = await startDns([]);
    for (const close of closers.splice(0)) close();
    const answer = await createTestProber({}, { dns }).probe({
      kind: 'dns',
      name: 'b.shop.test',
      type: 'A',
      expect: { value: '127.83.0.9' },
    });
    expect(answer).toMatchObject({ passed: false, status: null });
    expect(answer.failure).toContain('ECONNREFUSED');
  });
});
