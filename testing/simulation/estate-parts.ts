import { Estate } from '@/lib/estate/model';
import type { Random } from './random';

/** The time when the estate was read, and when each simulated run begins. */
export const takenAt = '2026-12-11T14:14:02.000Z';

export const zone = 'example.co.id';
export const region = 'ap-singapore';
const lines = [
  { line: '默认', lineId: '0' },
  { line: '电信', lineId: '10=1' },
];
export const vips = { a: '203.0.113.1', b: '203.0.113.2', c: '203.0.113.3' };
/** The name of load balancers and listeners that a diversion creates. */
export const madeName = 'spillway';
export const otherVips = ['203.0.113.8', '203.0.113.9'];
const ipv6s = ['2001:db8::1', '2001:db8::2'];
export const names = {
  a: 'lb-a.clb.example.net',
  own: 'lb-b.clb.example.net',
  other: 'lb-old.clb.example.net',
};

function loadBalancer(id: string, vip: string, domain: string | null) {
  const kind = { generation: 'clb', network: 'OPEN', addressFamily: 'ipv4', status: 'running' };
  const off = { isolated: false, blocked: false, ipv6: null };
  return { id, name: id, region, vpcId: 'vpc-1', vips: [vip], domain, ...kind, ...off };
}

/** Creates a function with two published versions; the alias `live` points at the first. */
function storefront(warm: number) {
  const place = { region, namespace: 'flash', name: 'storefront' };
  const kind = { type: 'Event', runtime: 'Python3.10', handler: 'index.main_handler', status: 'Active' };
  const settings = warm === 0 ? [] : [{ qualifier: '1', allocated: warm, available: warm, status: 'Done' }];
  const rest = {
    memoryMb: 128,
    timeoutS: 3,
    modifiedAt: takenAt,
    versions: ['$LATEST', '2', '1'],
    clbTriggerCount: 0,
  };
  const aliases = [{ name: 'live', version: '1', additional: null }];
  return { ...place, ...kind, ...rest, aliases, provisioned: settings };
}

function listener(loadBalancerId: string) {
  const id = `lbl-${loadBalancerId}`;
  return { id, loadBalancerId, name: id, protocol: 'HTTP', port: 80, certificateId: null, targets: [] };
}

export function rule(id: string, loadBalancerId: string, domain: string, url: string, bound: object) {
  const plain = { isDefault: false, scheduler: 'WRR', quic: false, targetType: 'NODE', redirectsTo: null };
  const place = { loadBalancerId, listenerId: `lbl-${loadBalancerId}`, domain, url };
  return { id, ...place, ...plain, targets: [], functions: [], ...bound };
}

/** Odd ones are servers, even ones are bound by their address, as pods are. */
export function targetChoice(n: number) {
  const name = n % 2 === 1 ? { instanceId: `ins-${n}` } : { eniIp: `10.0.0.${n}` };
  return { ...name, port: 8080, weight: 10 };
}

export function target(n: number) {
  const choice = targetChoice(n);
  const { eniIp: privateIp = null } = { eniIp: undefined, ...choice };
  return { ...choice, kind: privateIp === null ? 'CVM' : 'ENI', instanceName: null, privateIp };
}

/**
 * Creates the address records of one name: on up to two lines, enabled and disabled; an enabled CNAME has no others
 * beside it.
 * @param named the load balancers' own names that CNAMEs may point at
 */
export function records(
  random: Random,
  firstId: number,
  subdomain: string,
  values: readonly string[],
  named: readonly string[] = [names.own, names.other],
): object[] {
  let id = firstId;
  return (random.chance(0.3) ? lines : lines.slice(0, 1)).flatMap((line) => {
    if (random.chance(0.1)) return [];
    const isNamed = values.length === 0 || random.chance(0.25);
    const pool = isNamed ? named : [...values, ...(random.chance(0.3) ? ipv6s : [])];
    const count = random.int(1, isNamed ? 1 : 3);
    const ttlS = random.pick([1, 60, 600]);
    const made = shuffled(random, pool).slice(0, count);
    return made.map((value, i) => ({
      id: id++,
      zone,
      subdomain,
      value,
      ...line,
      ttlS,
      updatedAt: takenAt,
      type: isNamed ? 'CNAME' : value.includes(':') ? 'AAAA' : 'A',
      weight: random.chance(0.2) ? 10 : null,
      enabled: i === 0 || random.chance(0.7),
    }));
  });
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Creates an estate from the parts that differ between estates; the rest is the same in all. */
export function buildEstate(parts: {
  readonly records: readonly object[];
  readonly rules: readonly object[];
  readonly names: { readonly a: string | null; readonly b: string | null };
  /** The number of instances of the function's first version that are already warm. */
  readonly warm: number;
  /** True if someone has given the name of the object to be created to a load balancer of another network. */
  readonly isNameTaken: boolean;
}): Estate {
  const { records, rules, names, warm, isNameTaken } = parts;
  const taken = { ...loadBalancer('lb-c', vips.c, null), name: madeName, vpcId: 'vpc-2' };
  return Estate.parse({
    connectionId: 'model',
    takenAt,
    account: { uin: '100000000001', networkAccountType: 'STANDARD' },
    regions: [region],
    zones: [{ id: 1, name: zone, enabled: true, delegated: true, grade: 'DP_ULTRA' }],
    records,
    loadBalancers: [
      loadBalancer('lb-a', vips.a, names.a),
      loadBalancer('lb-b', vips.b, names.b),
      ...(isNameTaken ? [taken] : []),
    ],
    listeners: [listener('lb-a'), listener('lb-b')],
    rules,
    functions: [storefront(warm)],
    instances: [],
    gaps: [],
  });
}
