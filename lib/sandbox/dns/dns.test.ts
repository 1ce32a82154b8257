import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { decode, encode, type OptAnswer, type Question } from 'dns-packet';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { startDns } from '@/lib/sandbox/sandbox';
import { testBalancer, testWorld } from '@/testing/sandbox/data-plane/test-world';
import { seedRecord, seedZone } from '../seeds/parts';
import { Assumptions } from '../world/assumptions';

const log = pino({ level: 'silent' });
const assumptions = new Assumptions();

const many = Array.from({ length: 40 }, (_, index) =>
  seedRecord({ id: index, subdomain: 'many', type: 'A', value: `127.106.1.${index}`, updatedAt: 0 }),
);
const { world } = testWorld({
  loadBalancers: { 'lb-1': testBalancer({ id: 'lb-1', domain: 'lb-1.clb.test', vips: ['127.106.4.1'] }) },
  zones: {
    'shop.example': seedZone({
      id: 1,
      name: 'shop.example',
      grade: 'DP_ULTRA',
      createdAt: 0,
      records: [
        ...many,
        seedRecord({ id: 101, subdomain: 'www', type: 'A', value: '127.106.2.1', updatedAt: 0 }),
        seedRecord({
          id: 102,
          subdomain: 'www',
          type: 'A',
          value: '127.106.2.2',
          lineId: '10=1',
          updatedAt: 0,
        }),
      ],
    }),
  },
});

const dns = await startDns({ world: () => world, assumptions, port: 0, log });
afterAll(() => dns.stop());

type Given = { edns?: Partial<OptAnswer>; flags?: number };

function buildQuery(name: string, type: Question['type'], { edns, flags = 0 }: Given = {}): Buffer {
  const opt: OptAnswer = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: 1232,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
    ...edns,
  };
  const additionals = edns === undefined ? [] : [opt];
  return encode({ type: 'query', id: 7, flags, questions: [{ type, name }], additionals });
}

async function overUdp(...messages: readonly Buffer[]) {
  const socket = createSocket('udp4');
  for (const message of messages) socket.send(message, dns.port, '127.0.0.1');
  const [reply] = await once(socket, 'message');
  socket.close();
  return decode(reply);
}

/** Returns the answers on one connection, sent in the smallest possible pieces. */
async function overTcp(...messages: readonly Buffer[]) {
  const socket = connect(dns.port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const framed = messages.map((message) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    return Buffer.concat([length, message]);
  });
  for (const byte of Buffer.concat(framed)) socket.write(Buffer.of(byte));
  const replies: ReturnType<typeof decode>[] = [];
  let pending: Buffer = Buffer.alloc(0);
  while (replies.length < messages.length) {
    const [chunk] = await once(socket, 'data');
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      replies.push(decode(pending.subarray(2, end)));
      pending = pending.subarray(end);
    }
  }
  socket.destroy();
  return replies;
}

const findOpt = (packet: ReturnType<typeof decode>) =>
  packet.additionals?.flatMap((extra) => (extra.type === 'OPT' ? [extra] : []))[0];

describe('the DNS server', () => {
  it("answers the system's resolver library over UDP", async () => {
    const resolver = new Resolver({ timeout: 2000, tries: 1 });
    resolver.setServers([`127.0.0.1:${dns.port}`]);
    expect(await resolver.resolve4('lb-1.clb.test', { ttl: true })).toEqual([
      { address: '127.106.4.1', ttl: 60 },
    ]);
    await expect(resolver.resolve4('elsewhere.test')).rejects.toMatchObject({ code: 'EREFUSED' });
    // Too long for UDP: the library retries over TCP on its own.
    expect((await resolver.resolve4('many.shop.example')).length).toBe(40);
  });

  it('survives garbage, ignores responses and sets AA', async () => {
    const reply = await overUdp(
      Buffer.from('garbage'),
      encode({ type: 'response', id: 1, questions: [] }),
      buildQuery('lb-1.clb.test', 'A'),
    );
    expect(reply).toMatchObject({ id: 7, type: 'response', flag_aa: true, flag_ra: false, rcode: 'NOERROR' });
  });

  it('truncates what is too long for the client, and sends it completely over TCP', async () => {
    const plain = await overUdp(buildQuery('many.shop.example', 'A'));
    expect(plain).toMatchObject({ flag_tc: true, answers: [] });
    const roomy = await overUdp(buildQuery('many.shop.example', 'A', { edns: { udpPayloadSize: 4096 } }));
    expect(roomy.flag_tc).toBe(false);
    expect(roomy.answers?.length).toBe(40);
    const [whole, next] = await overTcp(
      buildQuery('many.shop.example', 'A'),
      buildQuery('www.shop.example', 'A'),
    );
    expect(whole?.flag_tc).toBe(false);
    expect(whole?.answers?.length).toBe(40);
    expect(next?.answers).toMatchObject([{ data: '127.106.2.1' }]);
  });

  it('chooses the line by the client subnet and reports the used prefix length', async () => {
    const ask = async (ip: string, sourcePrefixLength: number) => {
      const options = [{ code: 8 as const, family: 1, sourcePrefixLength, ip }];
      const reply = await overUdp(buildQuery('www.shop.example', 'A', { edns: { options } }));
      const [option] = findOpt(reply)?.options ?? [];
      return { answers: reply.answers, option };
    };
    expect(await ask('198.18.10.1', 32)).toMatchObject({
      answers: [{ data: '127.106.2.2' }],
      option: { ip: '198.18.10.1', sourcePrefixLength: 32, scopePrefixLength: 32 },
    });
    expect(await ask('192.0.2.0', 24)).toMatchObject({
      answers: [{ data: '127.106.2.1' }],
      option: { ip: '192.0.2.0', sourcePrefixLength: 24, scopePrefixLength: 0 },
    });
  });

  it.each([
    [
      'a question too many',
      encode({
        type: 'query',
        id: 7,
        questions: [
          { type: 'A', name: 'a' },
          { type: 'A', name: 'b' },
        ],
      }),
      'FORMERR',
    ],
    ['no question', encode({ type: 'query', id: 7, questions: [] }), 'FORMERR'],
    ['a message that ends early', buildQuery('www.shop.example', 'A').subarray(0, 20), 'FORMERR'],
    ['an update', buildQuery('www.shop.example', 'A', { flags: 5 << 11 }), 'NOTIMP'],
    [
      'a subnet longer than an address',
      buildQuery('www.shop.example', 'A', {
        edns: { options: [{ code: 8, family: 1, sourcePrefixLength: 40, ip: '198.18.10.1' }] },
      }),
      'FORMERR',
    ],
  ])('refuses %s', async (_, message, rcode) => {
    expect(await overUdp(message)).toMatchObject({ id: 7, type: 'response', rcode });
  });

  it('supports only EDNS version 0', async () => {
    const reply = await overUdp(buildQuery('www.shop.example', 'A', { edns: { ednsVersion: 1 } }));
    expect(findOpt(reply)).toMatchObject({ extendedRcode: 1, ednsVersion: 0 });
  });

  it('answers every query with a valid header, even with an invalid body', async () => {
    const header = fc.record({
      id: fc.integer({ min: 0, max: 65_535 }),
      flags: fc.integer({ min: 0, max: 0x7fff }),
      counts: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
    });
    const headed = fc.tuple(header, fc.uint8Array({ maxLength: 80 })).map(([{ id, flags, counts }, rest]) => {
      const head = Buffer.alloc(12);
      for (const [index, value] of [id, flags, ...counts].entries()) head.writeUInt16BE(value, index * 2);
      return Buffer.concat([head, rest]);
    });
    const bent = fc
      .tuple(fc.integer({ min: 12, max: 60 }), fc.integer({ min: 0, max: 255 }))
      .map(([at, byte]) => {
        const message = Buffer.from(buildQuery('www.shop.example', 'A', { edns: {} }));
        message[Math.min(at, message.length - 1)] = byte;
        return message;
      });
    await fc.assert(
      fc.asyncProperty(fc.oneof(headed, bent), async (message) => {
        const [reply] = await overTcp(message);
        expect(reply).toMatchObject({ id: message.readUInt16BE(0), type: 'response' });
        expect(reply).not.toMatchObject({ rcode: 'SERVFAIL' });
      }),
      { numRuns: 200 },
    );
  });

  it('names the port when it is in use', async () => {
    await expect(startDns({ world: () => world, assumptions, port: dns.port, log })).rejects.toThrow(
      `UDP port 127.0.0.1:${dns.port} can't be bound`,
    );
  });
});
