import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import {
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet';
import type { Logger } from 'pino';
import type { World } from '../world/world';
import { answer, RCODE } from './answer';

export type Dns = {
  /** The UDP port on 127.0.0.1. */
  readonly port: number;
  stop(): Promise<void>;
};

export type DnsOptions = {
  readonly world: () => World;
  /** UDP port; 0 takes a free one. */
  readonly port: number;
  readonly log: Logger;
  /** Numbers in [0, 1) for order and weights. */
  readonly random?: () => number;
};

/** Without EDNS an answer has 512 bytes at most (RFC 1035), with it what the client says, here up to 4096 (RFC 6891). */
const PLAIN_MAX = 512;
const EDNS_MAX = 4096;

/** Starts the name server of the sandbox's zones on 127.0.0.1. Rejects when the port can't be bound, naming it. */
export async function startDns({ world, port, log, random = Math.random }: DnsOptions): Promise<Dns> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    let reply: Buffer | null = null;
    try {
      reply = replyTo(message, world(), random);
    } catch (error) {
      log.debug({ err: error }, 'a DNS message that cannot be read was dropped');
    }
    if (reply !== null) {
      socket.send(reply, from.port, from.address, (error) => {
        if (error) log.debug({ err: error }, 'a DNS answer was not sent');
      });
    }
  });
  socket.bind(port, '127.0.0.1');
  try {
    await once(socket, 'listening');
  } catch (error) {
    throw new Error(`DNS: UDP port 127.0.0.1:${port} can't be bound; is it in use?`, { cause: error });
  }
  socket.on('error', (error) => log.error({ err: error }, 'the DNS socket failed'));
  return {
    port: socket.address().port,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** One message in, one out; null for what must not be answered (an answer, RFC 1035 §4.1.1). Throws on garbage. */
function replyTo(message: Buffer, world: World, random: () => number): Buffer | null {
  const query = decode(message);
  if (query.type !== 'query') return null;
  const [question, ...more] = query.questions ?? [];
  const opcode = ((query.flags ?? 0) >> 11) & 0xf;
  const result =
    question === undefined || more.length > 0
      ? { rcode: RCODE.formatError, answers: [], authorities: [] }
      : opcode !== 0
        ? { rcode: RCODE.notImplemented, answers: [], authorities: [] }
        : answer(world, question, random);

  const edns = query.additionals?.find((extra) => extra.type === 'OPT');
  const limit = edns === undefined ? PLAIN_MAX : Math.min(Math.max(edns.udpPayloadSize, PLAIN_MAX), EDNS_MAX);
  const packet: Packet = {
    type: 'response',
    id: query.id ?? 0,
    flags: AUTHORITATIVE_ANSWER | ((query.flags ?? 0) & RECURSION_DESIRED) | result.rcode,
    questions: query.questions ?? [],
    answers: [...result.answers],
    authorities: [...result.authorities],
    additionals:
      edns === undefined
        ? []
        : [
            {
              type: 'OPT',
              name: '.',
              udpPayloadSize: EDNS_MAX,
              extendedRcode: 0,
              ednsVersion: 0,
              flags: 0,
              flag_do: false,
              options: [],
            },
          ],
  };
  const whole = encode(packet);
  if (whole.length <= limit) return whole;
  return encode({ ...packet, flags: (packet.flags ?? 0) | TRUNCATED_RESPONSE, answers: [], authorities: [] });
}
