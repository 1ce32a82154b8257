import dgram from 'node:dgram';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { decode, encode, type StringAnswer } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { createProber } from './prober';

const closers: Array<() => void> = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A web server on a free port; answers with its Host header and path. */
async function startWeb(handler: http.RequestListener): Promise<number> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A name server on a free port that knows these answers and follows nothing. */
async function startDns(known: readonly StringAnswer[]): Promise<string> {
  const socket = dgram.createSocket('udp4');
  socket.on('message', (bytes, from) => {
    const query = decode(bytes);
    const question = query.questions?.[0];
    const answers = known.filter(
      ({ name, type }) => name === question?.name && (type === question.type || type === 'CNAME'),
    );
    const rcode = known.some(({ name }) => name === question?.name) ? 0 : 3;
    const reply = encode({
      type: 'response',
      id: query.id ?? 0,
      flags: rcode,
      questions: query.questions ?? [],
      answers,
    });
    socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  closers.push(() => socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

const record = (name: string, type: 'A' | 'CNAME', data: string): StringAnswer => ({
  name,
  type,
  ttl: 1,
  class: 'IN',
  data,
});
const shop = { kind: 'http', host: 'b.shop.test', path: '/sale?x=1', scheme: 'http' } as const;

describe('HTTP probe', () => {
  it('asks the address for the host and path, and compares status and body', async () => {
    const port = await startWeb((request, response) => {
      response.end(`${request.headers.host} ${request.url} ${request.headers.connection}`);
    });
    const prober = createProber({ dns: null, portOffset: 0, addresses: null, authority: null });
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

  it('takes a redirect for the answer that it is', async () => {
    const port = await startWeb((_request, response) => {
      response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
    });
    const prober = createProber({ dns: null, portOffset: 0, addresses: null, authority: null });
    const answer = await prober.probe({
      ...shop,
      address: '127.0.0.1',
      port,
      expect: { status: 200, bodyContains: null },
    });
    expect(answer).toMatchObject({ passed: false, status: '302', failure: 'expected status 200, found 302' });
  });

  it("resolves a load balancer's own domain at the connection's resolver", async () => {
    const port = await startWeb((_request, response) => response.end('Hello CLB'));
    const dns = await startDns([record('lb-1.clb.test', 'A', '127.0.0.1')]);
    const answer = await createProber({ dns, portOffset: 0, addresses: null, authority: null }).probe({
      ...shop,
      address: 'lb-1.clb.test',
      port,
      expect: { status: 200, bodyContains: 'Hello CLB' },
    });
    expect(answer).toMatchObject({ passed: true, address: `127.0.0.1:${port}`, body: 'Hello CLB' });
  });

  it('answers with the reason when nothing listens', async () => {
    const port = await startWeb(() => {});
    for (const close of closers.splice(0)) close();
    const answer = await createProber({ dns: null, portOffset: 0, addresses: null, authority: null }).probe({
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
      record('b.shop.test', 'CNAME', 'lb-1.clb.test'),
      record('lb-1.clb.test', 'A', '127.83.0.9'),
    ]);
    const prober = createProber({ dns, portOffset: 0, addresses: null, authority: null });
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

  it('says what it found instead', async () => {
    const dns = await startDns([record('b.shop.test', 'A', '127.83.0.1')]);
    const prober = createProber({ dns, portOffset: 0, addresses: null, authority: null });
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
    'answers with the reason when the resolver is %s, and leaves nothing running',
    async (dns) => {
      const prober = createProber({ dns, portOffset: 0, addresses: null, authority: null });
      const asked = { kind: 'dns', name: 'b.shop.test', type: 'A', expect: { value: '127.83.0.9' } } as const;
      const before = process.getActiveResourcesInfo().filter((name) => /UDP|Timeout/.test(name));
      const answer = await prober.probe(asked);
      expect(answer).toMatchObject({ passed: false, status: null });
      expect(answer.failure).toContain('is not the address of a resolver');
      const after = process.getActiveResourcesInfo().filter((name) => /UDP|Timeout/.test(name));
      expect(after.length).toBeLessThanOrEqual(before.length);
    },
  );

  it('answers with the reason when no resolver listens', async () => {
    const dns = await startDns([]);
    for (const close of closers.splice(0)) close();
    const answer = await createProber({ dns, portOffset: 0, addresses: null, authority: null }).probe({
      kind: 'dns',
      name: 'b.shop.test',
      type: 'A',
      expect: { value: '127.83.0.9' },
    });
    expect(answer).toMatchObject({ passed: false, status: null });
    expect(answer.failure).toContain('ECONNREFUSED');
  });
});
