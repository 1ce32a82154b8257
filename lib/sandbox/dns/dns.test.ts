import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { decode, encode } from 'dns-packet';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testBalancer, testWorld } from '../data-plane/test-world';
import { type Dns, startDns } from './dns';

const log = pino({ level: 'silent' });

describe('the DNS server', () => {
  let dns: Dns;
  const { world } = testWorld({
    loadBalancers: { 'lb-1': testBalancer({ id: 'lb-1', domain: 'lb-1.clb.test', vips: ['127.82.4.1'] }) },
  });
  beforeAll(async () => {
    dns = await startDns({ world: () => world, port: 0, log });
  });
  afterAll(() => dns.stop());

  it("answers the system's resolver library over UDP", async () => {
    const resolver = new Resolver({ timeout: 2000, tries: 1 });
    resolver.setServers([`127.0.0.1:${dns.port}`]);
    expect(await resolver.resolve4('lb-1.clb.test', { ttl: true })).toEqual([
      { address: '127.82.4.1', ttl: 60 },
    ]);
    await expect(resolver.resolve4('elsewhere.test')).rejects.toMatchObject({ code: 'EREFUSED' });
  });

  it('survives garbage, ignores answers and says AA', async () => {
    const socket = createSocket('udp4');
    socket.send('garbage', dns.port, '127.0.0.1');
    socket.send(encode({ type: 'response', id: 1, questions: [] }), dns.port, '127.0.0.1');
    const questions = [{ type: 'A' as const, name: 'lb-1.clb.test' }];
    socket.send(encode({ type: 'query', id: 7, questions }), dns.port, '127.0.0.1');
    const [message] = await once(socket, 'message');
    socket.close();
    expect(decode(message)).toMatchObject({ id: 7, type: 'response', flag_aa: true, rcode: 'NOERROR' });
  });

  it('names the port when it is taken', async () => {
    await expect(startDns({ world: () => world, port: dns.port, log })).rejects.toThrow(
      `UDP port 127.0.0.1:${dns.port} can't be bound`,
    );
  });
});
