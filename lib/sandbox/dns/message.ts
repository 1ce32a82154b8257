import { decode, encode, type OptAnswer, type Packet, type Question } from 'dns-packet';
import { defaultLineId, lineWithId } from '@/lib/sandbox/model/dns/lines';
import { type DnsQuestion, type NameServerReply, RCODE, type Rcode } from './answer';

/**
 * The origin of the sandbox's clients. Real addresses mean nothing on loopback, so a client states its line by an
 * address of the network for benchmarks, which no host uses (RFC 2544, https://www.rfc-editor.org/rfc/rfc2544):
 * 198.18.A.B means the line `A=B`, thus 198.18.10.1 for `10=1`, China Unicom. It is sent in EDNS Client Subnet
 * (RFC 7871), as with `dig +subnet=198.18.10.1`. All other clients are on the default line.
 */
const clientNetwork = /^198\.18\.(\d+)\.(\d+)$/;

/** The bits of an address that are needed to determine the line. */
const lineBits = 32;

type ClientSubnet = { readonly ip: string; readonly bits: number };

/**
 * @returns the id of the client's line, and how many bits of its subnet determined it (RFC 7871 §7.2.1; 0 = the answer
 * is the same for everyone).
 */
export function lineOfClient(subnet: ClientSubnet | null): { lineId: string; scopeBits: number } {
  const [, first, second] = clientNetwork.exec(subnet?.ip ?? '') ?? [];
  const line = subnet !== null && subnet.bits === lineBits ? lineWithId(`${first}=${second}`) : null;
  return line === null ? { lineId: defaultLineId, scopeBits: 0 } : { lineId: line.id, scopeBits: lineBits };
}

/**
 * Without EDNS an answer over UDP has at most 512 bytes (RFC 1035); with it the size that the client gives, here up to
 * 4096 (RFC 6891).
 */
const plainMax = 512;
const ednsMax = 4096;
const tcpMax = 65_535;

const headerBytes = 12;
const bit = { qr: 1 << 15, aa: 1 << 10, tc: 1 << 9, rd: 1 << 8, ra: 1 << 7 };

/** A client's question, and its data about itself. */
export type Query = {
  readonly id: number;
  readonly recursionDesired: boolean;
  readonly question: DnsQuestion;
  readonly edns: { readonly udpMax: number; readonly subnet: EdnsSubnet | null } | null;
};

type EdnsSubnet = ClientSubnet & { readonly family: number };

/** A received message: to be dropped (a response, or no message at all), to be refused, or a query. */
export type Parsed =
  | { readonly kind: 'drop' }
  | { readonly kind: 'refuse'; readonly message: Buffer }
  | { readonly kind: 'query'; readonly query: Query };

/** Responds with only a code: only the message's header was parsed. */
export function refuseMessage(message: Buffer, rcode: number): Buffer {
  const reply = Buffer.alloc(headerBytes);
  message.copy(reply, 0, 0, 2);
  const kept = message.readUInt16BE(2) & (0x7800 | bit.rd);
  reply.writeUInt16BE(bit.qr | kept | rcode, 2);
  return reply;
}

function refusal(message: Buffer, rcode: number): Parsed {
  return { kind: 'refuse', message: refuseMessage(message, rcode) };
}

/** Parses one message from a client. Never throws. */
export function parseQuery(message: Buffer): Parsed {
  // RFC 1035 §4.1.1: a message that is not a query must not be answered, or two servers would never stop.
  if (message.length < headerBytes || message.readUInt16BE(2) & bit.qr) return { kind: 'drop' };
  const opcode = (message.readUInt16BE(2) >> 11) & 0xf;
  if (opcode !== 0) return refusal(message, RCODE.notImplemented);
  let packet: ReturnType<typeof decode>;
  try {
    packet = decode(message);
  } catch {
    return refusal(message, RCODE.formatError);
  }
  const [question, ...moreQuestions] = packet.questions ?? [];
  const [opt, ...moreOpts] = (packet.additionals ?? []).filter((extra) => extra.type === 'OPT');
  if (question === undefined || moreQuestions.length > 0 || moreOpts.length > 0) {
    return refusal(message, RCODE.formatError);
  }
  if (!isFaithful(message, question)) return refusal(message, RCODE.refused);
  if (opt !== undefined && opt.ednsVersion !== 0) return { kind: 'refuse', message: badVersion(packet) };
  const subnet = opt === undefined ? null : parseSubnet(opt);
  if (subnet === 'malformed') return refusal(message, RCODE.formatError);
  return {
    kind: 'query',
    query: {
      id: packet.id ?? 0,
      recursionDesired: ((packet.flags ?? 0) & bit.rd) !== 0,
      question,
      edns: opt === undefined ? null : { udpMax: opt.udpPayloadSize, subnet },
    },
  };
}

/**
 * Returns true if the question, encoded again, matches the received bytes: the library parses some that it can't
 * encode, such as labels with a dot in them. The sandbox has no such names.
 */
function isFaithful(message: Buffer, question: Question): boolean {
  try {
    const again = encode({ type: 'query', questions: [question] }).subarray(headerBytes);
    return again.equals(message.subarray(headerBytes, headerBytes + again.length));
  } catch {
    return false;
  }
}

/** Parses EDNS Client Subnet by the rules of RFC 7871 §6 and §7.1.2; family 0 carries no information. */
function parseSubnet(opt: OptAnswer): EdnsSubnet | null | 'malformed' {
  const option = opt.options.find((each) => each.code === 8);
  if (option === undefined || !('ip' in option)) return null;
  const { family = 0, sourcePrefixLength: bits = 0, scopePrefixLength: scope = 0, ip = '' } = option;
  const bitsMax = family === 1 ? 32 : family === 2 ? 128 : 0;
  const isWhole = option.data?.length === 4 + Math.ceil(bits / 8);
  if (bits > bitsMax || scope !== 0 || !isWhole) return 'malformed';
  return family === 0 ? null : { family, ip, bits };
}

function buildOpt(subnet: EdnsSubnet | null, scopeBits: number, extendedRcode: number): OptAnswer {
  const option = subnet && {
    code: 8 as const,
    family: subnet.family,
    sourcePrefixLength: subnet.bits,
    scopePrefixLength: scopeBits,
    ip: subnet.ip,
  };
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: ednsMax,
    extendedRcode,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: option === null ? [] : [option],
  };
}

/** Returns BADVERS (RFC 6891 §6.1.3): code 16, split into 1 in the OPT record and 0 in the header. */
function badVersion(packet: Packet): Buffer {
  const { id = 0, questions = [] } = packet;
  return encode({ type: 'response', id, questions, additionals: [buildOpt(null, 0, 1)] });
}

export type ResponseFacts = {
  readonly recursionAvailable: boolean;
  /** The number of bits of the client's subnet on which the answer depends. */
  readonly scopeBits: number;
  readonly transport: 'udp' | 'tcp';
};

/**
 * Encodes a reply as a message. One too long for UDP is sent empty with TC, and the client retries over TCP
 * (https://www.rfc-editor.org/rfc/rfc2181#section-9).
 */
export function encodeResponse(query: Query, reply: NameServerReply, facts: ResponseFacts): Buffer {
  const flags =
    (reply.authoritative ? bit.aa : 0) |
    (query.recursionDesired ? bit.rd : 0) |
    (facts.recursionAvailable ? bit.ra : 0) |
    reply.rcode;
  const packet: Packet = {
    type: 'response',
    id: query.id,
    flags,
    // The library's type lists only the types with a structured form; it encodes the others as well.
    questions: [query.question as Question],
    answers: [...reply.answers],
    authorities: [...reply.authorities],
    additionals: query.edns === null ? [] : [buildOpt(query.edns.subnet, facts.scopeBits, 0)],
  };
  const whole = encode(packet);
  if (whole.length <= answerLimit(query, facts.transport)) return whole;
  return encode({ ...packet, flags: flags | bit.tc, answers: [], authorities: [] });
}

function answerLimit(query: Query, transport: 'udp' | 'tcp'): number {
  if (transport === 'tcp') return tcpMax;
  return query.edns === null ? plainMax : Math.min(Math.max(query.edns.udpMax, plainMax), ednsMax);
}

/** Returns a reply with only a code. */
export function failure(rcode: Rcode): NameServerReply {
  return { rcode, authoritative: false, answers: [], authorities: [] };
}
