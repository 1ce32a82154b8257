import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordId } from '@/lib/estate/ids';
import { Estate } from '@/lib/estate/model';
import { testTopologyEstate } from '@/testing/components/test-estate';
import { buildMap } from './build-map';
import { buildRoutes } from './build-routes';
import { type MapNode, type MapView, mapNodesMax, type TopologyMap } from './map-model';
import { listNodeIds } from './route';

const start: MapView = { search: '', region: null, state: null, focus: [], open: [], page: 0 };
const routes = buildRoutes(testTopologyEstate);
const ids = ({ nodes }: TopologyMap) => nodes.map(({ id }) => id);
const find = <K extends MapNode['kind']>({ nodes }: TopologyMap, kind: K, id: string) => {
  const node = nodes.find((each) => each.id === id);
  return node?.kind === kind ? (node as Extract<MapNode, { kind: K }>) : undefined;
};

/** The size of an estate: each count for each of the level before it. */
type Size = {
  readonly balancers: number;
  readonly listeners: number;
  readonly rules: number;
  readonly functions: number;
  readonly names: number;
  readonly lost: number;
  readonly unbound: number;
};

const target = (n: number) => ({
  kind: 'CVM',
  instanceId: `ins-${n}`,
  instanceName: null,
  privateIp: null,
  port: 80,
  weight: 1,
});

/** Builds an estate of a size: every name points at one load balancer, every second one also at the next. */
function sizedEstate({ balancers, listeners, rules, functions, names, lost, unbound }: Size): Estate {
  const each = (count: number) => Array.from({ length: count }, (_, n) => n);
  const [shop] = testTopologyEstate.loadBalancers;
  const [web] = testTopologyEstate.listeners;
  const [rule] = testTopologyEstate.rules;
  const [fn] = testTopologyEstate.functions;
  const [record] = testTopologyEstate.records;
  const regions = ['ap-jakarta', 'ap-singapore'];
  const region = (n: number) => regions[n % 2];
  return Estate.parse({
    ...testTopologyEstate,
    loadBalancers: each(balancers).map((b) => ({
      ...shop,
      id: `lb-${b}`,
      name: `balancer-${b}`,
      region: region(b),
      vips: [`10.0.${b >> 8}.${b & 255}`],
    })),
    listeners: each(balancers).flatMap((b) =>
      each(listeners).map((l) => ({ ...web, id: `lbl-${b}-${l}`, loadBalancerId: `lb-${b}`, port: l + 1 })),
    ),
    rules: each(balancers).flatMap((b) =>
      each(listeners).flatMap((l) =>
        each(rules).map((r) => ({
          ...rule,
          id: `loc-${b}-${l}-${r}`,
          loadBalancerId: `lb-${b}`,
          listenerId: `lbl-${b}-${l}`,
          isDefault: true,
          domain: 'any.example.com',
          domains: ['any.example.com'],
          url: `/${r}`,
          targets: r % 3 === 0 ? [] : [target(r)],
          functions: each(functions).map((f) => ({
            namespace: 'default',
            name: `bound-${r}-${f}`,
            qualifier: '1',
            qualifierType: null,
            weight: 1,
          })),
        })),
      ),
    ),
    functions: each(unbound).map((n) => ({ ...fn, name: `unbound-${n}`, region: region(n) })),
    records: [
      ...each(balancers).flatMap((b) =>
        each(names).flatMap((n) =>
          (n % 2 === 0 ? [b] : [b, (b + 1) % balancers]).map((to, nth) => ({
            ...record,
            id: 1 + (b * 200 + n) * 2 + nth,
            subdomain: `www-${b}-${n}`,
            value: `10.0.${to >> 8}.${to & 255}`,
          })),
        ),
      ),
      ...each(lost).map((n) => ({
        ...record,
        id: 1_000_000 + n,
        subdomain: `lost-${n}`,
        value: '192.0.2.1',
      })),
    ],
  });
}

const small = (max: number) => fc.integer({ min: 0, max });
/** Wide: more load balancers, lost names and unbound functions than fit on a map. */
const wide = fc.record({
  balancers: fc.oneof(small(6), fc.integer({ min: 90, max: 240 })),
  listeners: small(2),
  rules: small(2),
  functions: small(1),
  names: small(4),
  lost: fc.oneof(fc.constant(0), small(400)),
  unbound: fc.oneof(fc.constant(0), small(400)),
});
/** Deep: one load balancer with more behind it than fits on a map. */
const deep = fc.record({
  balancers: fc.constantFrom(1, 2),
  listeners: small(25),
  rules: small(25),
  functions: small(3),
  names: small(3),
  lost: fc.constant(0),
  unbound: small(30),
});
/** A load balancer with more names than fit on a map. */
const named = deep.map((size) => ({
  ...size,
  listeners: 2,
  rules: size.rules % 4,
  names: size.listeners * 8,
}));

/** Any view of an estate, of its own nodes most of the time. */
const view = (estate: Estate): fc.Arbitrary<MapView> => {
  const all = [...new Set(buildRoutes(estate).flatMap(listNodeIds))];
  const openable = all.filter((id) => id.startsWith('lb:') || id.startsWith('ls:'));
  const some = (values: readonly string[], maxLength: number) =>
    values.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...values), { maxLength });
  return fc.record({
    search: fc.constantFrom('', '', '', 'balancer-1', 'www', 'nowhere'),
    region: fc.constantFrom(null, null, 'ap-jakarta'),
    state: fc.constant(null),
    focus: fc.oneof(fc.constant([]), some(all, 1)),
    open: fc.oneof(
      some([...openable, 'more:backend:ap-jakarta'], 40),
      fc.constant(openable.slice(0, 60)),
      fc.constant(['all']),
    ),
    page: fc.integer({ min: 0, max: 4 }),
  });
};

describe('buildMap', () => {
  it('draws no more nodes than the limit for any estate and view, and no line to a missing node', () => {
    const estateAndView = fc
      .oneof(wide, deep, named)
      .map(sizedEstate)
      .chain((estate) => fc.tuple(fc.constant(buildRoutes(estate)), view(estate)));
    fc.assert(
      fc.property(estateAndView, ([all, asked]) => {
        const map = buildMap(all, asked);
        const drawn = new Set<string>(ids(map));
        expect(map.nodes.length).toBeLessThanOrEqual(mapNodesMax);
        expect(drawn.size).toBe(map.nodes.length);
        for (const { from, to } of map.links) expect(drawn.has(from) && drawn.has(to)).toBe(true);
        expect(new Set(map.links.map(({ id }) => id)).size).toBe(map.links.length);
      }),
      { numRuns: 50 },
    );
  });

  it('shows each load balancer on one page, and counts the hidden ones', () => {
    fc.assert(
      fc.property(wide, (wanted) => {
        const all = buildRoutes(sizedEstate(wanted));
        const first = buildMap(all, start);
        const pages = Array.from({ length: first.pages }, (_, page) => buildMap(all, { ...start, page }));
        const seen = pages.flatMap((map) => ids(map).filter((id) => id.startsWith('lb:')));
        expect(seen).toHaveLength(wanted.balancers);
        expect(new Set(seen).size).toBe(wanted.balancers);
        const backends = pages.flatMap(({ nodes }) =>
          nodes.map((node) =>
            node.kind === 'backend' ? 1 : node.kind === 'more' && node.column === 'backend' ? node.count : 0,
          ),
        );
        expect(backends.reduce((sum: number, count) => sum + count, 0)).toBe(wanted.unbound);
      }),
      { numRuns: 20 },
    );
  });

  it('initially shows names and load balancers with their counts, and unbound objects', () => {
    const map = buildMap(routes, start);
    expect(ids(map).sort()).toEqual([
      'be:ap-singapore/flash/voucher',
      'host:checkout.example.co.id',
      'host:flash.example.co.id',
      'host:old.example.co.id',
      'host:shop.example.co.id',
      'lb:lb-jkt',
      'lb:lb-old',
      'lb:lb-sin',
    ]);
    expect(find(map, 'loadBalancer', 'lb:lb-jkt')).toMatchObject({
      isOpen: false,
      counts: { listeners: 2, rules: 2, targets: 4, functions: 0 },
    });
    expect(map.loadBalancers).toEqual({ from: 1, to: 3, found: 3 });
  });

  it('expands a load balancer to its listeners, and a listener to its rules with their backends', () => {
    const listeners = buildMap(routes, { ...start, open: ['lb:lb-jkt'] });
    expect(ids(listeners)).toContain('ls:lbl-web');
    expect(ids(listeners)).not.toContain('ru:loc-shop');
    const rules = buildMap(routes, { ...start, open: ['lb:lb-jkt', 'ls:lbl-web'] });
    expect(ids(rules)).toContain('ru:loc-shop');
    expect(ids(rules)).toContain('be:lb-jkt/ins-checkout-1:8080');
  });

  it('shows only one complete route when it is focused', () => {
    const map = buildMap(routes, { ...start, focus: ['host:checkout.example.co.id', 'ru:loc-checkout'] });
    expect(map.isWhole).toBe(true);
    expect(ids(map)).toEqual([
      'host:checkout.example.co.id',
      'lb:lb-jkt',
      'ls:lbl-web',
      'ru:loc-checkout',
      'be:lb-jkt/ins-checkout-1:8080',
    ]);
    expect(buildMap(routes, { ...start, focus: ['ru:gone'] })).toMatchObject({
      focusMissing: true,
      nodes: [],
    });
  });

  it('keeps all records of a name if a search matches one of them', () => {
    const [first] = testTopologyEstate.records.filter(({ type }) => type === 'A');
    if (first === undefined) throw new Error('the estate has a record');
    const second = { ...first, id: RecordId.parse(first.id + 1000), value: '198.51.100.7' };
    const both = buildRoutes({ ...testTopologyEstate, records: [...testTopologyEstate.records, second] });
    const host = `${first.subdomain}.${first.zone}`;
    const map = buildMap(both, { ...start, search: '198.51.100.7' });
    const values = (found: TopologyMap) =>
      find(found, 'host', `host:${host}`)?.records.map(({ value }) => value);
    expect(values(map)).toEqual(expect.arrayContaining([first.value, '198.51.100.7']));
  });

  it('draws small search results completely', () => {
    const map = buildMap(routes, { ...start, search: 'flash/checkout' });
    expect(ids(map)).toContain('be:ap-singapore/flash/checkout:1');
    expect(map.found).toBeLessThan(map.total);
  });

  it('marks failing targets, stopped load balancers and drift on the path to them', () => {
    const ill = Estate.parse({
      ...testTopologyEstate,
      loadBalancers: testTopologyEstate.loadBalancers.map((lb) => ({ ...lb, blocked: lb.id === 'lb-old' })),
      rules: testTopologyEstate.rules.map((rule) => ({
        ...rule,
        targets: rule.targets.map((each, nth) => ({ ...each, health: nth === 0 ? 'dead' : 'alive' })),
      })),
    });
    const map = buildMap(buildRoutes(ill), { ...start, open: ['lb:lb-jkt'] }, new Set(['ru:loc-shop']));
    expect(find(map, 'host', 'host:shop.example.co.id')?.marks).toEqual({ unhealthy: 1, drifted: 1 });
    expect(find(map, 'loadBalancer', 'lb:lb-jkt')?.marks).toEqual({ unhealthy: 2, drifted: 1 });
    expect(find(map, 'loadBalancer', 'lb:lb-old')).toMatchObject({ isDown: true, marks: { unhealthy: 1 } });
    expect(find(map, 'listener', 'ls:lbl-tcp')?.marks).toEqual({ unhealthy: 0, drifted: 0 });
    const bad = buildMap(buildRoutes(ill), { ...start, state: 'unhealthy' });
    expect(ids(bad)).not.toContain('lb:lb-sin');
    expect(ids(bad)).toContain('lb:lb-old');
  });

  it('shows measured traffic on the line to a listener', () => {
    const map = buildMap(routes, { ...start, open: ['lb:lb-jkt'] }, new Set(), new Map([['lbl-web', 12.5]]));
    expect(map.links.find(({ to }) => to === 'ls:lbl-web')?.perSecond).toBe(12.5);
    expect(map.links.find(({ to }) => to === 'ls:lbl-tcp')?.perSecond).toBeNull();
  });
});
