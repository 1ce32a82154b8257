import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpProbe } from '@/lib/estate/probe';
import {
  knowing,
  type NameServer,
  nameServerRecord,
  startNameServer,
} from '@/testing/cloud/test-name-server';
import { createTestProber } from '@/testing/cloud/test-prober';

/*
 * Tests what third-party name servers, Switches and plans can make a worker connect to, with real name servers and web
 * servers on loopback.
 */

const closers: Array<() => void> = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Starts a web server that counts its clients, including connections that it must never receive. */
async function startWeb(host: string, port = 0) {
  let requests = 0;
  const server = http.createServer((_request, response) => {
    requests += 1;
    response.end(`from ${host}`);
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  closers.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, requests: () => requests };
}

async function nameServer(...args: Parameters<typeof startNameServer>): Promise<NameServer> {
  const server = await startNameServer(...args);
  closers.push(() => server.close());
  return server;
}

const probe = (port: number, more: Partial<HttpProbe> = {}): HttpProbe => ({
  kind: 'http',
  host: 'shop.test',
  path: '/latest/meta-data/',
  scheme: 'http',
  port,
  address: 'shop.test',
  expect: { status: 200, bodyContains: null },
  ...more,
});

describe('a real account with a malicious name server', () => {
  it.each([
    ['A', '127.0.0.1'],
    ['A', '127.77.1.1'],
    ['A', '0.0.0.0'],
    ['A', '10.0.0.1'],
    ['A', '172.16.0.1'],
    ['A', '192.168.1.1'],
    ['A', '100.64.0.1'],
    ['A', '169.254.0.23'],
    ['A', '169.254.169.254'],
    ['A', '224.0.0.1'],
    ['A', '240.0.0.1'],
    ['AAAA', '::1'],
    ['AAAA', '::ffff:127.0.0.1'],
    ['AAAA', '64:ff9b::7f00:1'],
    ['AAAA', 'fd00:ec2::254'],
    ['AAAA', 'fe80::1'],
  ] as const)('connects to nothing at %s %s, even if the account claims it as its own', async (type, ip) => {
    const web = await startWeb('127.0.0.1');
    const dns = await nameServer(knowing([nameServerRecord('shop.test', type, ip)]));
    const prober = createTestProber({ [ip]: { ports: [web.port] } }, { dns: dns.address, vipNetwork: null });
    const answer = await prober.probe(probe(web.port));
    expect(answer).toMatchObject({ passed: false, status: null });
    expect(answer.failure).toContain('not connected:');
    expect((await prober.probe(probe(web.port, { address: ip }))).failure).toContain('not connected:');
    expect(web.requests()).toBe(0);
  });

  it('never connects to a public address that no load balancer of the account has', async () => {
    const dns = await nameServer(knowing([nameServerRecord('shop.test', 'A', '8.8.8.8')]));
    const answer = await createTestProber({}, { dns: dns.address, vipNetwork: null }).probe(probe(80));
    expect(answer.failure).toBe(
      'not connected: 8.8.8.8, which shop.test resolves to, is no address of a load balancer of the account',
    );
  });

  it('never queries a name server that a Switch names at a non-public address', async () => {
    const own = await nameServer(knowing([nameServerRecord('shop.test', 'A', '8.8.8.8')]));
    const hostile = await nameServer(knowing([nameServerRecord('shop.test', 'A', '8.8.8.8')]));
    const prober = createTestProber({ '8.8.8.8': { ports: [80] } }, { dns: own.address, vipNetwork: null });
    const answer = await prober.probe(probe(80, { resolver: hostile.address }));
    expect(answer.failure).toBe(`${hostile.address} is not asked: a resolver must have a public address`);
    expect(hostile.questions).toEqual([]);
  });
});

describe('a sandbox', () => {
  const vips = '127.90.0.0/16';
  const vip = '127.90.1.1';

  it('connects to the address that was checked, even if the name server answers differently next time', async () => {
    const good = await startWeb(vip);
    const bad = await startWeb('127.0.0.1', good.port);
    // Rebinding: a correct answer for the check, a wrong one for the connection.
    const dns = await nameServer((_question, times) => [
      nameServerRecord('shop.test', 'A', times === 1 ? vip : '127.0.0.1'),
    ]);
    const prober = createTestProber(
      { [vip]: { ports: [good.port] } },
      { dns: dns.address, vipNetwork: vips },
    );
    expect(await prober.probe(probe(good.port))).toMatchObject({ passed: true, body: `from ${vip}` });
    expect(dns.questions).toHaveLength(1);
    const again = await prober.probe(probe(good.port));
    expect(again.failure).toContain('127.0.0.1 is not in the network of the sandbox');
    expect([good.requests(), bad.requests()]).toEqual([1, 0]);
  });

  it('connects only to ports of listeners', async () => {
    const web = await startWeb(vip);
    const dns = await nameServer(knowing([nameServerRecord('shop.test', 'A', vip)]));
    const answer = await createTestProber(
      { [vip]: { ports: [80, 443] } },
      { dns: dns.address, vipNetwork: vips },
    ).probe(probe(web.port));
    expect(answer.failure).toBe(`not connected: lb-1 has no listener at port ${web.port}`);
    expect(web.requests()).toBe(0);
  });

  it('queries no resolver but its own', async () => {
    const other = await nameServer(knowing([nameServerRecord('shop.test', 'A', vip)]));
    const dns = await nameServer(knowing([nameServerRecord('shop.test', 'A', vip)]));
    const prober = createTestProber({ [vip]: { ports: [80] } }, { dns: dns.address, vipNetwork: vips });
    const answer = await prober.probe(probe(80, { resolver: other.address }));
    expect(answer.failure).toContain('is not the resolver of the sandbox');
    expect(other.questions).toEqual([]);
  });

  it('trusts its own resolver only for the domain of a load balancer', async () => {
    const web = await startWeb(vip);
    const own = 'lb-1.clb.test';
    const known = [
      nameServerRecord('shop.test', 'CNAME', own),
      nameServerRecord(own, 'A', vip),
      // An unrequested record: no name of the chain points to it.
      nameServerRecord('elsewhere.test', 'A', '127.90.9.9'),
    ];
    const dns = await nameServer(() => known);
    const owned = { [own]: { ports: [web.port], domain: own } };
    const prober = createTestProber(owned, { dns: dns.address, vipNetwork: vips });
    expect(await prober.probe(probe(web.port))).toMatchObject({ passed: true, body: `from ${vip}` });

    const lying = await nameServer(({ name }) =>
      name === own
        ? [nameServerRecord(own, 'A', vip)]
        : [nameServerRecord('shop.test', 'CNAME', own), nameServerRecord(own, 'A', '127.90.9.9')],
    );
    const refused = await createTestProber(owned, { dns: lying.address, vipNetwork: vips }).probe(
      probe(web.port),
    );
    expect(refused.failure).toBe(
      'not connected: 127.90.9.9, which shop.test resolves to, is no address of a load balancer of the account',
    );
  });
});

it('connects to a private address only if it is the VIP of an internal load balancer', async () => {
  const dns = await nameServer(knowing([nameServerRecord('shop.test', 'A', '10.0.0.9')]));
  const ask = (network: 'OPEN' | 'INTERNAL') =>
    createTestProber({ '10.0.0.9': { ports: [81], network } }, { dns: dns.address, vipNetwork: null }).probe(
      probe(80),
    );
  expect((await ask('OPEN')).failure).toContain('is private, and not the VIP of an internal load balancer');
  // The address passes the check; the port is refused.
  expect((await ask('INTERNAL')).failure).toBe('not connected: lb-1 has no listener at port 80');
});
