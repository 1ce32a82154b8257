import { afterEach, expect, it } from 'vitest';
import type { DnsProbe } from '@/lib/estate/probe';
import { knowing, nameServerRecord, testNameServers } from '@/testing/cloud/test-name-server';
import { queryAuthorities } from './dns-probe';
import { parseResolver } from './resolver';

/* A resolver and the authoritative servers of a zone, on loopback addresses that all use one port. */

const { startServer, close } = testNameServers();
afterEach(close);

const name = 'flash.shop.test';
const probe: DnsProbe = { kind: 'dns', name, type: 'A', expect: { value: '198.51.100.9' } };
const zone = (...hosts: readonly string[]) =>
  hosts.flatMap((host, index) => [
    nameServerRecord('shop.test', 'NS', `ns${index + 1}.dns.test`),
    nameServerRecord(`ns${index + 1}.dns.test`, 'A', host),
  ]);
const deadline = () => AbortSignal.timeout(10_000);
const mayQuery = () => true;

it('queries each authoritative server of the zone, without requesting recursion', async () => {
  const authority = await startServer(knowing([nameServerRecord(name, 'A', '198.51.100.9')]));
  const resolver = await startServer(knowing(zone('127.0.0.1', '127.0.0.1')));
  const reach = { port: authority.port, mayQuery };
  expect(await queryAuthorities(parseResolver(resolver.address), probe, deadline(), reach)).toEqual([
    { server: 'ns1.dns.test', values: ['198.51.100.9'] },
    { server: 'ns2.dns.test', values: ['198.51.100.9'] },
  ]);
});

it('reports which server still has the old value, querying repeatedly because of weights', async () => {
  const authority = await startServer(knowing([nameServerRecord(name, 'A', '198.51.100.1')]));
  const resolver = await startServer(knowing(zone('127.0.0.1')));
  const reach = { port: authority.port, mayQuery };
  const answers = await queryAuthorities(parseResolver(resolver.address), probe, deadline(), reach);
  expect(answers).toEqual([{ server: 'ns1.dns.test', values: ['198.51.100.1'] }]);
  expect(authority.questions).toHaveLength(3);
});

it('finds the expected record among several that are returned in rotation', async () => {
  const authority = await startServer((_question, times) => [
    nameServerRecord(name, 'A', times === 1 ? '198.51.100.1' : '198.51.100.9'),
  ]);
  const resolver = await startServer(knowing(zone('127.0.0.1')));
  const reach = { port: authority.port, mayQuery };
  const [answer] = await queryAuthorities(parseResolver(resolver.address), probe, deadline(), reach);
  expect(answer?.values).toEqual(['198.51.100.9']);
});

it('queries no name server at a non-public address', async () => {
  const authority = await startServer(knowing([nameServerRecord(name, 'A', '198.51.100.9')]));
  const resolver = await startServer(knowing(zone('127.0.0.1', '169.254.169.254')));
  expect(await queryAuthorities(parseResolver(resolver.address), probe, deadline())).toEqual([
    { server: 'ns1.dns.test', values: null },
    { server: 'ns2.dns.test', values: null },
  ]);
  expect(authority.questions).toEqual([]);
});
