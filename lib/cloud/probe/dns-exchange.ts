import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { type DecodedPacket, decode, encode, type Packet, streamEncode } from 'dns-packet';
import type { Endpoint } from '@/lib/estate/address';
import { NoAnswerError } from './silence';

export type SentQuestion = {
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'NS';
  /** True if the server should recurse: a resolver should, an authoritative server should not. */
  readonly recursion: boolean;
};

/** UDP may lose a query: it is sent up to this many times, this far apart. */
const tries = 3;
const tryMs = 1500;
const tcpMs = 5000;
/**
 * A DNS message over TCP starts with its length in 16 bits. https://datatracker.ietf.org/doc/html/rfc1035#section-4.2.2
 */
const lengthBytes = 2;

function buildPacket({ name, type, recursion }: SentQuestion): Packet & { readonly id: number } {
  return {
    type: 'query',
    id: randomInt(65_536),
    flags: recursion ? 0x0100 : 0,
    questions: [{ type, name }],
  };
}

/** Returns true if a message answers this query: it has the same id and repeats the name and type. */
function isReplyTo(asked: Packet, reply: DecodedPacket): boolean {
  const [was] = asked.questions ?? [];
  const [is] = reply.questions ?? [];
  if (reply.type !== 'response' || reply.id !== asked.id) return false;
  return is?.type === was?.type && is?.name.toLowerCase() === was?.name.toLowerCase();
}

/** Queries over UDP, and repeats the query if no answer arrives. The answer may be truncated. */
function queryUdp({ host, port }: Endpoint, packet: Packet): Promise<DecodedPacket> {
  const question = encode(packet);
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    let sent = 0;
    let timer: NodeJS.Timeout | undefined;
    // No callback may throw: that would end the process, and with it every run.
    const end = (finish: () => void) => {
      clearInterval(timer);
      socket.removeAllListeners().on('error', () => {});
      socket.close();
      finish();
    };
    const send = () => {
      if (sent === tries) {
        end(() => reject(new NoAnswerError(`no answer after ${tries} questions, ${tryMs} ms each`)));
        return;
      }
      sent += 1;
      socket.send(question);
    };
    socket.on('error', (cause) => end(() => reject(cause)));
    socket.on('message', (bytes) => {
      try {
        const reply = decode(bytes);
        // A late answer to another query is ignored.
        if (isReplyTo(packet, reply)) end(() => resolve(reply));
      } catch (cause) {
        end(() => reject(cause));
      }
    });
    try {
      // A connected socket receives only the server's answers, and reports a closed port as an error instead of
      // silence.
      socket.connect(port, host, () => {
        timer = setInterval(send, tryMs);
        send();
      });
    } catch (cause) {
      end(() => reject(cause));
    }
  });
}

/** Queries over TCP, where an answer has up to 65,535 bytes. */
function queryTcp({ host, port }: Endpoint, packet: Packet): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (finish: () => void) => {
      clearTimeout(timer);
      socket.removeAllListeners().on('error', () => {});
      socket.destroy();
      finish();
    };
    const timer = setTimeout(
      () => end(() => reject(new NoAnswerError(`no answer over TCP in ${tcpMs} ms`))),
      tcpMs,
    );
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('connect', () => socket.write(streamEncode(packet)));
    socket.on('error', (cause) => end(() => reject(cause)));
    socket.on('close', () => end(() => reject(new NoAnswerError('the connection ended before the answer'))));
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < lengthBytes) return;
      const whole = lengthBytes + bytes.readUInt16BE(0);
      if (bytes.length < whole) return;
      try {
        const reply = decode(bytes.subarray(lengthBytes, whole));
        if (!isReplyTo(packet, reply)) throw new Error('the answer is to another question');
        end(() => resolve(reply));
      } catch (cause) {
        end(() => reject(cause));
      }
    });
  });
}

/**
 * Sends one query to one name server, bypassing every cache on this machine: over UDP, and over TCP if the answer was
 * truncated. https://datatracker.ietf.org/doc/html/rfc7766#section-5
 * @throws Error when no answer arrived, or none that answers the query
 */
export async function exchange(server: Endpoint, question: SentQuestion): Promise<DecodedPacket> {
  const packet = buildPacket(question);
  const reply = await queryUdp(server, packet);
  return reply.flag_tc ? queryTcp(server, packet) : reply;
}
