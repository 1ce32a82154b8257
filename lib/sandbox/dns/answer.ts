import type { Answer } from 'dns-packet';
import type { WorldRecord, WorldZone } from '../world/dnspod';
import type { World } from '../world/world';
import {
  balancerAuthority,
  canonicalName,
  findBalancer,
  findDelegation,
  findServedZone,
  ofLine,
  recordsAt,
  resource,
  servedType,
  zoneAuthority,
} from './zones';

/** The golden ratio's fraction: the step whose multiples spread most evenly over [0, 1). */
const STEP = (Math.sqrt(5) - 1) / 2;

/** Returns the part of a set's weights that an answer falls in, as a number in [0, 1). `set` names the set. */
export type Shares = (set: number) => number;

/**
 * Creates the shares for the answers of one server, separately for each set of records: a low-discrepancy sequence
 * instead of randomness, so that the shares of any number of answers match the weights almost exactly (within 0.2 %
 * over 10,000 answers). This also holds for each of several clients with alternating queries, unlike plain round robin:
 * every second number of this sequence spreads as evenly. (L. Kuipers, H. Niederreiter, Uniform Distribution of
 * Sequences, 1974, 2.3.) It starts at a random point, so that two servers don't answer in step.
 */
export function createShares(random: () => number = Math.random): Shares {
  const last = new Map<number, number>();
  return (set) => {
    const next = ((last.get(set) ?? random()) + STEP) % 1;
    last.set(set, next);
    return next;
  };
}

/** Response codes that the servers give: https://www.iana.org/assignments/dns-parameters. */
export const RCODE = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
} as const;

export type Rcode = (typeof RCODE)[keyof typeof RCODE];

export type NameServerReply = {
  readonly rcode: Rcode;
  /** False if other servers are authoritative. */
  readonly authoritative: boolean;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
};

/** A question as received: the type may be any word, or `UNKNOWN_65`. */
export type DnsQuestion = {
  readonly name: string;
  readonly type: string;
  readonly class?: string | undefined;
};

export type AnswerRules = ChoiceRules & {
  /** The line of the client. */
  readonly lineId: string;
};

/** TTL of a load balancer's own name, in seconds: an assumption. */
const balancerTtlS = 60;
const chainMax = 8;

const refused: NameServerReply = { rcode: RCODE.refused, authoritative: false, answers: [], authorities: [] };

/**
 * Answers one question, from the enabled records in all accounts' enabled zones, and from the own names of load
 * balancers. CNAMEs are followed as long as they stay in the sandbox. Names outside the sandbox's zones are refused,
 * because this is no resolver; so are transfers. RFC 2308 defines what accompanies an answer without data.
 */
export function answer(world: World, question: DnsQuestion, rules: AnswerRules): NameServerReply {
  if (question.class !== undefined && question.class !== 'IN') return refused;
  if (question.type === 'AXFR' || question.type === 'IXFR') return refused;
  const chain: Answer[] = [];
  const seen = new Set<string>();
  let { name } = question;
  const found = (more: Partial<NameServerReply>): NameServerReply => ({
    rcode: RCODE.noError,
    authoritative: true,
    authorities: [],
    answers: chain,
    ...more,
  });
  while (seen.size < chainMax && !seen.has(canonicalName(name))) {
    seen.add(canonicalName(name));
    const step = lookUp(world, name, question.type, rules);
    switch (step.kind) {
      case 'foreign':
        return chain.length === 0 ? refused : found({});
      case 'alias':
        chain.push(step.answer);
        name = step.target;
        break;
      case 'found':
        return found({ answers: [...chain, ...step.answers] });
      case 'delegated':
        return found({ authoritative: chain.length > 0, authorities: step.servers });
      case 'nothing':
        return found({ rcode: step.exists ? RCODE.noError : RCODE.nameError, authorities: [step.authority] });
    }
  }
  return found({});
}

type Step =
  | { readonly kind: 'foreign' }
  | { readonly kind: 'found'; readonly answers: readonly Answer[] }
  | { readonly kind: 'alias'; readonly answer: Answer; readonly target: string }
  | { readonly kind: 'delegated'; readonly servers: readonly Answer[] }
  | { readonly kind: 'nothing'; readonly exists: boolean; readonly authority: Answer };

function lookUp(world: World, name: string, type: string, rules: AnswerRules): Step {
  const key = canonicalName(name);
  const balancer = findBalancer(world, key);
  if (balancer !== null) {
    const v4 = balancer.ipv6Mode === 'IPv6Nat64' ? [] : balancer.vips;
    const given = { v4, v6: balancer.ipv6 === null ? [] : [balancer.ipv6] };
    return balancerStep(name, type, given, rules.random);
  }
  const zone = findServedZone(world, key);
  return zone === null ? { kind: 'foreign' } : zoneStep(zone, name, type, rules);
}

function balancerStep(
  name: string,
  type: string,
  { v4, v6 }: { readonly v4: readonly string[]; readonly v6: readonly string[] },
  random: () => number,
): Step {
  const addresses = type === 'A' ? v4 : type === 'AAAA' ? v6 : [];
  if (type === 'ANY') return { kind: 'found', answers: [anyAnswer(name)] };
  if (addresses.length === 0 || (type !== 'A' && type !== 'AAAA')) {
    return { kind: 'nothing', exists: true, authority: balancerAuthority(canonicalName(name)) };
  }
  const answers = shuffled(addresses, random).map(
    (data): Answer => ({ type, name, ttl: balancerTtlS, data }),
  );
  return { kind: 'found', answers };
}

/** Answers ANY only with the fact that the name exists: https://www.rfc-editor.org/rfc/rfc8482#section-4.2. */
function anyAnswer(name: string): Answer {
  return { type: 'HINFO', name, ttl: 3600, data: { cpu: 'RFC8482', os: '' } };
}

function zoneStep(zone: WorldZone, name: string, type: string, rules: AnswerRules): Step {
  const key = canonicalName(name);
  const delegation = findDelegation(zone, key);
  if (delegation !== null) {
    const servers = delegation.servers.map((record) => resource(delegation.at, record));
    return { kind: 'delegated', servers: servers.filter((server) => server !== null) };
  }
  const authority = zoneAuthority(zone);
  if (type === 'SOA' && key === canonicalName(zone.name)) return { kind: 'found', answers: [authority] };
  const owned = recordsAt(zone, key);
  if (owned.kind !== 'records') return { kind: 'nothing', exists: owned.kind === 'parent', authority };
  if (type === 'ANY') return { kind: 'found', answers: [anyAnswer(name)] };
  return recordStep(owned.records, name, type, rules) ?? { kind: 'nothing', exists: true, authority };
}

/** Returns the answer of a name's records for a type; null = none. */
function recordStep(
  records: readonly WorldRecord[],
  name: string,
  type: string,
  { lineId, ...rules }: AnswerRules,
): Step | null {
  const isAsked = (record: WorldRecord) => servedType(record.type) === type;
  const set = ofLine(records, lineId, (record) => isAsked(record) || record.type === 'CNAME');
  const asked = set.filter(isAsked);
  const chosen = chooseRecords(asked.length > 0 ? asked : set, rules);
  // A name has one alias at a time (RFC 2181 §10.1), whether it is queried or followed.
  const isAlias = chosen[0]?.type === 'CNAME';
  const answers = (isAlias ? chosen.slice(0, 1) : chosen)
    .map((record) => resource(name, record))
    .filter((each) => each !== null);
  const [first] = answers;
  if (first === undefined) return null;
  if (first.type === 'CNAME' && type !== 'CNAME') {
    return { kind: 'alias', answer: first, target: canonicalName(first.data) };
  }
  return { kind: 'found', answers };
}

/** The behaviour of a set in which only some records have a weight: an assumption. */
type MixedWeights = 'roundRobin' | 'weightedOnly' | 'unsetIsOne';

/** Fisher–Yates. `random` gives numbers in [0, 1). */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return result;
}

/** Picks one of them, each as often as its weight's share of the sum. */
function draw(records: readonly WorldRecord[], shares: Shares): readonly WorldRecord[] {
  let left = shares(records[0]?.id ?? 0) * records.reduce((sum, record) => sum + recordWeight(record), 0);
  for (const record of records) {
    left -= recordWeight(record);
    if (left < 0) return [record];
  }
  return records.slice(-1);
}

/** Returns the weight. A draw includes records without a weight only if they count as 1. */
function recordWeight(record: WorldRecord): number {
  return record.weight || 1;
}

type ChoiceRules = {
  /** Numbers in [0, 1) for the order. */
  readonly random: () => number;
  /** Numbers for the weights. */
  readonly shares: Shares;
  readonly mixedWeights: MixedWeights;
};

/**
 * Chooses the records of one answer for one name, type and line: without weights all of them in random order, with
 * weights 1–100 one of them by share (https://github.com/tencentyun/intlcloud-documents). Weight 0 is no weight
 * (https://cloud.tencent.com/document/api/1427/56180). Never empty unless the records are.
 */
function chooseRecords(
  records: readonly WorldRecord[],
  { random, shares, mixedWeights }: ChoiceRules,
): readonly WorldRecord[] {
  const weighted = records.filter((record) => (record.weight ?? 0) > 0);
  if (weighted.length === 0) return shuffled(records, random);
  if (weighted.length === records.length) return draw(records, shares);
  switch (mixedWeights) {
    case 'roundRobin':
      return shuffled(records, random);
    case 'weightedOnly':
      return draw(weighted, shares);
    case 'unsetIsOne':
      return draw(records, shares);
  }
}
