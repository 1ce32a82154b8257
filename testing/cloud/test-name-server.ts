import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { decode, encode, type Packet, type StringAnswer, streamDecode, streamEncode } from 'dns-packet';

export const nameServerRecord = (
  name: string,
  type: 'A' | 'AAAA' | 'CNAME' | 'NS',
  data: string,
): StringAnswer => ({
  name,
  type,
  ttl: 1,
  class: 'IN',
  data,
});

type Question = { readonly name: string; readonly type: string };

/** A name server over UDP and TCP with the answers of the test. */
export type NameServer = {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  readonly port: number;
  /** In order of arrival. */
  readonly questions: readonly (Question & { readonly over: 'udp' | 'tcp' })[];
  close(): void;
};

/**
 * @param answer the records for a question; null = there is no such name
 * @param isCut whether an answer over UDP is truncated
 * @param isAuthoritative whether it sets the flag of an authoritative server
 * @param port a free one by default
 */
export async function startNameServer(
  answer: (question: Question, times: number) => readonly StringAnswer[] | null,
  { isCut = false, isAuthoritative = false, host = '127.0.0.1', port: wanted = 0 } = {},
): Promise<NameServer> {
  const questions: (Question & { readonly over: 'udp' | 'tcp' })[] = [];
  function reply(query: Packet, over: 'udp' | 'tcp'): Packet {
    const [question] = query.questions ?? [];
    if (question === undefined) throw new Error('a query asks something');
    questions.push({ name: question.name, type: question.type, over });
    const answers = answer(question, questions.length);
    const isShort = isCut && over === 'udp';
    return {
      type: 'response',
      id: query.id ?? 0,
      flags: (isShort ? 0x0200 : 0) | (isAuthoritative ? 0x0400 : 0) | (answers === null ? 3 : 0),
      questions: query.questions ?? [],
      answers: isShort ? [] : [...(answers ?? [])],
    };
  }
  const tcp = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      const query = streamDecode(bytes);
      if (query === null) return;
      // Sent in two pieces: TCP does not preserve message boundaries.
      const message = streamEncode(reply(query, 'tcp'));
      socket.write(message.subarray(0, 1));
      setImmediate(() => socket.end(message.subarray(1)));
    });
  });
  const { udp, port } = await bindBoth(tcp, host, wanted);
  udp.on('message', (bytes, from) => udp.send(encode(reply(decode(bytes), 'udp')), from.port, from.address));
  return {
    address: `${host}:${port}`,
    port,
    questions,
    close() {
      udp.close();
      tcp.close();
    },
  };
}

/** The number of ports to try: a parallel test may use the UDP port of a free TCP port. */
const portsTried = 20;

async function bindBoth(tcp: Server, host: string, wanted: number): Promise<{ udp: Socket; port: number }> {
  for (let tried = 1; ; tried += 1) {
    tcp.listen(wanted, host);
    await once(tcp, 'listening');
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket('udp4');
    try {
      udp.bind(port, host);
      await once(udp, 'listening');
      return { udp, port };
    } catch (error) {
      udp.close();
      tcp.close();
      await once(tcp, 'close');
      if (tried >= portsTried) throw error;
    }
  }
}

/** Answers with known records by name and type, with CNAMEs for any type, which it doesn't follow. */
export function knowing(known: readonly StringAnswer[]) {
  return ({ name, type }: Question): readonly StringAnswer[] | null => {
    const named = known.filter((each) => each.name === name);
    if (named.length === 0) return null;
    return named.filter((each) => each.type === type || each.type === 'CNAME');
  };
}

/** Starts the name servers of a test file. `close` closes those that are still open. */
export function testNameServers() {
  const open = new Set<NameServer>();
  return {
    startServer: async (...args: Parameters<typeof startNameServer>): Promise<NameServer> => {
      const server = await startNameServer(...args);
      const own = {
        ...server,
        close: () => {
          if (open.delete(own)) server.close();
        },
      };
      open.add(own);
      return own;
    },
    close: () => {
      for (const server of [...open]) server.close();
    },
  };
}
