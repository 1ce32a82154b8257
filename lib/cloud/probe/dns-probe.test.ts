import { afterEach, describe, expect, it } from 'vitest';
import type { DnsProbe } from '@/lib/estate/probe';
import { knowing, nameServerRecord, testNameServers } from '@/testing/cloud/test-name-server';
import { probeDns } from './dns-probe';

/* The whole probe, over real UDP and TCP: a resolver, and two authoritative servers of the zone on one port. */

const { startServer, close } = testNameServers();
afterEach(close);

const name = 'flash.shop.test';
const [first, second] = ['127.0.0.1', '127.0.0.2'];
const old = [nameServerRecord(name, 'A', '198.51.100.1')];
const moved = [nameServerRecord(name, 'A', '198.51.100.9')];
const probe: DnsProbe = { kind: 'dns', name, type: 'A', expect: { value: '198.51.100.9' } };
const zone = [
  nameServerRecord('shop.test', 'NS', 'ns1.dns.test'),
  nameServerRecord('shop.test', 'NS', 'ns2.dns.test'),
  nameServerRecord('ns1.dns.test', 'A', first),
  nameServerRecord('ns2.dns.test', 'A', second),
];

type Records = typeof moved;

/** Both authoritative servers, what the resolver has, and the probe's answer. */
async function probed(
  {
    resolver,
    authorities: [one, two],
    isCut = false,
  }: { resolver: Records; authorities: [Records, Records]; isCut?: boolean },
  asked: DnsProbe = probe,
) {
  const ns1 = await startServer(knowing(one), { isCut });
  const ns2 = await startServer(knowing(two), { isCut, host: second, port: ns1.port });
  const cache = await startServer(knowing([...zone, ...resolver]), { isCut });
  const reach = { port: ns1.port, mayQuery: () => true };
  const answer = await probeDns(asked, { dns: cache.address, vipNetwork: null }, reach);
  return { answer, cache, ns1, ns2 };
}

describe('a DNS probe', () => {
  it('passes once the resolver and every authoritative server have the value', async () => {
    const { answer, ns1, ns2 } = await probed({ resolver: moved, authorities: [moved, moved] });
    expect(answer).toMatchObject({ passed: true, status: 'NOERROR', failure: null });
    expect(answer.body).toContain(`${name} 1 A 198.51.100.9`);
    expect(answer.body).toContain('name servers: ns1.dns.test 198.51.100.9; ns2.dns.test 198.51.100.9');
    for (const server of [ns1, ns2]) expect(server.questions).toEqual([{ name, type: 'A', over: 'udp' }]);
  });

  it('fails while one authoritative server still has the old value, and names it', async () => {
    const { answer, ns2 } = await probed({ resolver: moved, authorities: [moved, old] });
    expect(answer).toMatchObject({ passed: false, status: 'NOERROR' });
    expect(answer.failure).toBe(
      'the resolver has it, but the name server ns2.dns.test does not yet: expected 198.51.100.9, found 198.51.100.1',
    );
    // Asked more than once, for the sake of weights.
    expect(ns2.questions).toHaveLength(3);
  });

  it('fails while one authoritative server has no record of the name', async () => {
    const { answer } = await probed({ resolver: moved, authorities: [[], moved] });
    expect(answer.failure).toContain('the name server ns1.dns.test does not yet');
    expect(answer.failure).toContain('found no A record');
  });

  it('queries no authoritative server while the resolver has another value', async () => {
    const { answer, ns1, ns2 } = await probed({ resolver: old, authorities: [moved, moved] });
    expect(answer).toMatchObject({ passed: false, failure: 'expected 198.51.100.9, found 198.51.100.1' });
    expect([...ns1.questions, ...ns2.questions]).toEqual([]);
  });

  it('repeats queries over TCP when an answer is truncated', async () => {
    const many = Array.from({ length: 60 }, (_, n) => nameServerRecord(name, 'A', `198.51.100.${100 + n}`));
    const long = [...many, ...moved];
    const { answer, cache, ns1, ns2 } = await probed({
      resolver: long,
      isCut: true,
      authorities: [long, long],
    });
    expect(answer).toMatchObject({ passed: true, failure: null });
    for (const server of [ns1, ns2]) expect(server.questions.map(({ over }) => over)).toEqual(['udp', 'tcp']);
    const ofName = cache.questions.filter((question) => question.name === name && question.type === 'A');
    expect(ofName.map(({ over }) => over)).toEqual(['udp', 'tcp']);
  });

  it('finds a stale value over TCP, too', async () => {
    const { answer } = await probed({ resolver: moved, authorities: [moved, old], isCut: true });
    expect(answer.failure).toContain('the name server ns2.dns.test does not yet');
  });

  it('compares CNAMEs without case and trailing dot at all servers', async () => {
    const value = 'lb-1.clb.test';
    const there = [nameServerRecord(name, 'CNAME', 'LB-1.clb.test')];
    const asked: DnsProbe = { kind: 'dns', name, type: 'CNAME', expect: { value: `${value}.` } };
    const { answer } = await probed({ resolver: there, authorities: [there, there] }, asked);
    expect(answer).toMatchObject({ passed: true, failure: null });
  });

  it('uses only the resolver if no authoritative server responds, and reports that', async () => {
    const { answer, ns1, ns2 } = await probed({ resolver: moved, authorities: [moved, moved] });
    expect(answer.passed).toBe(true);
    for (const server of [ns1, ns2]) server.close();
    const cache = await startServer(knowing([...zone, ...moved]));
    const reach = { port: ns1.port, mayQuery: () => true };
    const silent = await probeDns(probe, { dns: cache.address, vipNetwork: null }, reach);
    expect(silent).toMatchObject({ passed: true, failure: null });
    expect(silent.body).toContain('name servers: ns1.dns.test no answer; ns2.dns.test no answer');
  });

  it('queries only authoritative servers at public addresses by default', async () => {
    const cache = await startServer(knowing([...zone, ...moved]));
    const answer = await probeDns(probe, { dns: cache.address, vipNetwork: null });
    expect(answer).toMatchObject({ passed: true });
    expect(answer.body).toContain('name servers: ns1.dns.test no answer; ns2.dns.test no answer');
  });

  it('queries none for a sandbox, whose resolver is the authoritative server', async () => {
    const cache = await startServer(knowing([...zone, ...moved]));
    const answer = await probeDns(probe, { dns: cache.address, vipNetwork: '127.0.0.0/8' });
    expect(answer).toMatchObject({ passed: true });
    expect(cache.questions.map(({ type }) => type)).toEqual(['A']);
  });
});
