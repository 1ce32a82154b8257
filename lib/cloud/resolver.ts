import dgram from 'node:dgram';
import { getServers } from 'node:dns';
import { isIPv6 } from 'node:net';
import { type Answer, decode, encode, type StringAnswer } from 'dns-packet';

export type Resolver = { readonly host: string; readonly port: number };

/** Splits `ip:port`, `[ip6]:port` or a bare address (port 53). */
export function parseResolver(text: string): Resolver {
  const bracketed = /^\[(.+)\]:(\d+)$/.exec(text);
  if (bracketed !== null) return { host: bracketed[1] ?? '', port: Number(bracketed[2]) };
  if (isIPv6(text)) return { host: text, port: 53 };
  const [host = '', port = '53'] = text.split(':');
  return { host, port: Number(port) };
}

/** The connection's resolver, or the first of the system's: asked directly, past every cache on this machine. */
export function resolverOf(dns: string | null): Resolver {
  return parseResolver(dns ?? getServers()[0] ?? '127.0.0.1:53');
}

export type DnsReply = { readonly rcode: string; readonly answers: readonly StringAnswer[] };

/** UDP may lose a question: asked this often, this far apart. */
const tries = 3;
const tryMs = 1500;
/** A chain of CNAMEs longer than this is a loop. */
const hopsMax = 8;

const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

function isNamed(answer: Answer): answer is StringAnswer {
  return answer.type === 'A' || answer.type === 'CNAME';
}

function askOnce(resolver: Resolver, name: string, type: 'A' | 'CNAME'): Promise<DnsReply> {
  return new Promise((resolve, reject) => {
    const id = Math.floor(Math.random() * 65_536);
    const question = encode({
      type: 'query',
      id,
      flags: 0x0100, // recursion desired
      questions: [{ type, name }],
    });
    const socket = dgram.createSocket(isIPv6(resolver.host) ? 'udp6' : 'udp4');
    let sent = 0;
    const end = (finish: () => void) => {
      clearInterval(timer);
      socket.close();
      finish();
    };
    const send = () => {
      if (sent === tries) {
        end(() => reject(new Error(`no answer after ${tries} questions, ${tryMs} ms each`)));
        return;
      }
      sent += 1;
      socket.send(question);
    };
    const timer = setInterval(send, tryMs);
    socket.on('error', (cause) => end(() => reject(cause)));
    socket.on('message', (bytes) => {
      try {
        const reply = decode(bytes);
        if (reply.id !== id) return; // a late answer to somebody else's question
        if (reply.flag_tc) throw new Error('the answer was cut off: too long for UDP');
        const rcode = rcodes[(reply.flags ?? 0) & 15] ?? `RCODE${(reply.flags ?? 0) & 15}`;
        end(() => resolve({ rcode, answers: (reply.answers ?? []).filter(isNamed) }));
      } catch (cause) {
        end(() => reject(cause));
      }
    });
    // Connected, so that only the resolver's answers come in and a closed port is an error, not silence.
    socket.connect(resolver.port, resolver.host, send);
  });
}

/**
 * Asks one resolver directly. An A question is followed through CNAMEs that the resolver leaves to the asker.
 * @throws Error when nothing usable came back.
 */
export async function ask(resolver: Resolver, name: string, type: 'A' | 'CNAME'): Promise<DnsReply> {
  const answers: StringAnswer[] = [];
  let next = name;
  for (let hop = 0; hop < hopsMax; hop += 1) {
    const reply = await askOnce(resolver, next, type);
    answers.push(...reply.answers);
    const last = reply.answers.at(-1);
    const follow = type === 'A' && last?.type === 'CNAME';
    if (!follow) return { rcode: reply.rcode, answers };
    next = last.data;
  }
  throw new Error(`more than ${hopsMax} CNAMEs from ${name}: a loop`);
}
