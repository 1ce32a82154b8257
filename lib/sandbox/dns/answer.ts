import type { Answer, Question } from 'dns-packet';
import type { WorldRecord, WorldZone } from '../world/dnspod';
import type { World } from '../world/world';
import { balancerOf, canonicalName, recordsAt, zoneOf } from './zones';

/** RFC 1035 and 2136 response codes that the server gives. */
export const RCODE = { noError: 0, formatError: 1, nameError: 3, notImplemented: 4, refused: 5 } as const;

export type Reply = {
  readonly rcode: (typeof RCODE)[keyof typeof RCODE];
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
};

/** TTL of a load balancer's own name, in seconds: an assumption. */
const BALANCER_TTL_S = 60;
const CHAIN_MAX = 8;

const refused: Reply = { rcode: RCODE.refused, answers: [], authorities: [] };

/**
 * The answer to one question, from the enabled records of the default line in all accounts' enabled zones, and from the
 * own names of load balancers. CNAMEs are followed as long as they stay with us. `random` gives numbers in [0, 1).
 * Names outside of our zones are refused: this is no resolver. RFC 2308 says what goes with no data.
 */
export function answer(world: World, question: Question, random: () => number): Reply {
  if (question.class !== undefined && question.class !== 'IN') return refused;
  if (question.type === ('ANY' as string) || question.type === 'AXFR' || question.type === 'IXFR') {
    return { ...refused, rcode: RCODE.notImplemented };
  }
  const chain: Answer[] = [];
  const seen = new Set<string>();
  let name = question.name;
  while (seen.size < CHAIN_MAX && !seen.has(canonicalName(name))) {
    seen.add(canonicalName(name));
    const step = lookUp(world, name, question.type, random);
    switch (step.kind) {
      case 'foreign':
        return chain.length === 0 ? refused : { rcode: RCODE.noError, answers: chain, authorities: [] };
      case 'alias':
        chain.push(step.answer);
        name = step.target;
        break;
      case 'found':
        return { rcode: RCODE.noError, answers: [...chain, ...step.answers], authorities: [] };
      case 'nothing':
        return {
          rcode: step.exists ? RCODE.noError : RCODE.nameError,
          answers: chain,
          authorities: step.zone === null ? [] : [startOfAuthority(step.zone)],
        };
    }
  }
  return { rcode: RCODE.noError, answers: chain, authorities: [] };
}

type Step =
  | { readonly kind: 'foreign' }
  | { readonly kind: 'found'; readonly answers: readonly Answer[] }
  | { readonly kind: 'alias'; readonly answer: Answer; readonly target: string }
  | { readonly kind: 'nothing'; readonly exists: boolean; readonly zone: WorldZone | null };

function lookUp(world: World, name: string, type: Question['type'], random: () => number): Step {
  const key = canonicalName(name);
  const balancer = balancerOf(world, key);
  if (balancer !== null) {
    if (type !== 'A' || balancer.vips.length === 0) return { kind: 'nothing', exists: true, zone: null };
    const vips = shuffled(balancer.vips, random);
    return { kind: 'found', answers: vips.map((data) => ({ type: 'A', name, ttl: BALANCER_TTL_S, data })) };
  }
  const zone = zoneOf(world, key);
  if (zone === null) return { kind: 'foreign' };
  if (type === 'SOA' && key === canonicalName(zone.name))
    return { kind: 'found', answers: [startOfAuthority(zone)] };
  const owned = recordsAt(zone, key);
  if (owned.kind !== 'records') return { kind: 'nothing', exists: owned.kind === 'parent', zone };

  const wanted = choose(
    owned.records.filter((record) => record.type === type),
    random,
  );
  const answers = wanted.map((record) => resource(name, record)).filter((found) => found !== null);
  if (answers.length > 0) return { kind: 'found', answers };
  const [alias] = choose(
    owned.records.filter((record) => record.type === 'CNAME'),
    random,
  );
  const answer = alias && resource(name, alias);
  if (alias && answer) return { kind: 'alias', answer, target: canonicalName(alias.value) };
  return { kind: 'nothing', exists: true, zone };
}

/**
 * One value by share when every record has a weight, otherwise all in random order. Weight 0 switches weighting off
 * (https://cloud.tencent.com/document/api/1427/56180); a mixture is not documented and counts as off.
 */
function choose(records: readonly WorldRecord[], random: () => number): readonly WorldRecord[] {
  if (records.length === 0 || !records.every((record) => (record.weight ?? 0) > 0))
    return shuffled(records, random);
  let left = random() * records.reduce((sum, record) => sum + (record.weight ?? 0), 0);
  for (const record of records) {
    left -= record.weight ?? 0;
    if (left < 0) return [record];
  }
  return records.slice(-1);
}

/** A record as DNS carries it; null for types that this server does not answer. */
function resource(name: string, record: WorldRecord): Answer | null {
  const common = { name, ttl: record.ttlS };
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return { ...common, type: record.type, data: record.value };
    case 'CNAME':
    case 'NS':
      return { ...common, type: record.type, data: canonicalName(record.value) };
    case 'TXT':
      return { ...common, type: 'TXT', data: record.value };
    case 'MX':
      return {
        ...common,
        type: 'MX',
        data: { preference: record.mx, exchange: canonicalName(record.value) },
      };
    default:
      return null;
  }
}

/** The zone's SOA; its serial is the time of the latest change of a record, in seconds. */
function startOfAuthority(zone: WorldZone): Answer {
  const changed = zone.records.reduce((latest, record) => Math.max(latest, record.updatedAt), zone.createdAt);
  return {
    type: 'SOA',
    name: canonicalName(zone.name),
    ttl: 180,
    data: {
      mname: 'ns1.dnspod.net',
      rname: 'hostmaster.dnspod.net',
      serial: Math.floor(changed / 1000),
      refresh: 3600,
      retry: 180,
      expire: 1_209_600,
      minimum: 180,
    },
  };
}

/** Fisher–Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return result;
}
