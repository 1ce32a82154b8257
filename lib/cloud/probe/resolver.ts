import { getServers } from 'node:dns';
import type { Answer, StringAnswer } from 'dns-packet';
import { type Endpoint, parseEndpoint, plainAddress } from '@/lib/estate/address';
import { exchange, type SentQuestion } from './dns-exchange';

const dnsPort = 53;
/** A chain of CNAMEs longer than this is a loop. */
const hopsMax = 8;

/**
 * Parses a resolver's address: `ip`, `ip:port` or `[ip6]:port`.
 * @throws Error for any other text
 */
export function parseResolver(text: string): Endpoint {
  const endpoint = parseEndpoint(text, dnsPort);
  if (endpoint === null)
    throw new Error(`"${text.slice(0, 64)}" is not the address of a resolver: it must be ip or ip:port`);
  return endpoint;
}

/** Returns the first of the system's resolvers, to be queried directly, bypassing every cache on this machine. */
export function systemResolver(): Endpoint {
  return parseResolver(getServers()[0] ?? '127.0.0.1:53');
}

export type DnsReply = {
  readonly rcode: string;
  /** The records from the queried name to its values, in that order. */
  readonly answers: readonly StringAnswer[];
  /** True if the server is authoritative for the queried name. */
  readonly isAuthoritative: boolean;
};

const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

/** The bit that an authoritative server sets: https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1. */
const authoritativeFlag = 1 << 10;

function rcodeName(flags: number): string {
  return rcodes[flags & 15] ?? `RCODE${flags & 15}`;
}

/** Normalizes a name for comparison: without case and without the trailing dot. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Normalizes a record's value for comparison with others of its type: an IPv6 address has many forms. */
export function plainValue(type: string, value: string): string {
  return type === 'AAAA' ? plainAddress(value) : plainName(value);
}

const valued: readonly string[] = ['A', 'AAAA', 'CNAME', 'NS'];

function isNamed(answer: Answer): answer is StringAnswer {
  return valued.includes(answer.type);
}

/** Returns the records that answer a question, starting at its name: additional records from the server are ignored. */
function follow(
  name: string,
  type: SentQuestion['type'],
  records: readonly StringAnswer[],
): { readonly answers: readonly StringAnswer[]; readonly end: string; readonly isFound: boolean } {
  const answers: StringAnswer[] = [];
  let end = plainName(name);
  for (let hop = 0; hop < hopsMax; hop += 1) {
    const own = records.filter((record) => plainName(record.name) === end);
    const values = own.filter((record) => record.type === type);
    if (values.length > 0) return { answers: [...answers, ...values], end, isFound: true };
    const alias = own.find((record) => record.type === 'CNAME');
    if (alias === undefined || type === 'CNAME' || type === 'NS') break;
    answers.push(alias);
    end = plainName(alias.data);
  }
  return { answers, end, isFound: false };
}

/**
 * Queries one name server. A query for addresses follows the CNAMEs that the server leaves to the client.
 * @throws Error when no usable answer arrived
 */
export async function ask(
  server: Endpoint,
  name: string,
  type: SentQuestion['type'],
  { recursion = true, deadline }: { readonly recursion?: boolean; readonly deadline?: AbortSignal } = {},
): Promise<DnsReply> {
  const answers: StringAnswer[] = [];
  let next = name;
  let isAuthoritative = false;
  for (let hop = 0; hop < hopsMax; hop += 1) {
    deadline?.throwIfAborted();
    const reply = await exchange(server, { name: next, type, recursion });
    const found = follow(next, type, (reply.answers ?? []).filter(isNamed));
    answers.push(...found.answers);
    if (hop === 0) isAuthoritative = ((reply.flags ?? 0) & authoritativeFlag) !== 0;
    const isOver = found.isFound || found.end === plainName(next) || !recursion;
    if (isOver) return { rcode: rcodeName(reply.flags ?? 0), answers, isAuthoritative };
    next = found.end;
  }
  throw new Error(`more than ${hopsMax} CNAMEs from ${name}: a loop`);
}
