import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadsTo } from '@/lib/estate/dns-target';
import { Estate, Rule, Target } from '@/lib/estate/model';
import { anyEstate } from '@/testing/estate/test-estates';
import {
  type BindingQuery,
  bindingColumns,
  findBindings,
  parseBindingQuery,
  writeBindingQuery,
} from './binding-query';
import { type Binding, bindingKinds, collectBindings, namesLeading } from './bindings';
import { bindingsCsv } from './bindings-csv';

const balancer = (id: string, region: string, vip: string) => ({
  id,
  name: `name of ${id}`,
  region,
  generation: 'clb',
  network: 'OPEN',
  vpcId: null,
  vips: [vip],
  addressFamily: 'ipv4',
  ipv6: null,
  domain: null,
  status: 'running',
  isolated: false,
  blocked: false,
});
const target = (instanceId: string) => ({
  kind: 'CVM',
  instanceId,
  instanceName: `name-${instanceId}`,
  privateIp: null,
  port: 80,
  weight: 10,
});
const fn = { namespace: 'shop', name: 'cart', qualifier: '3', qualifierType: 'VERSION', weight: 10 };
const listener = (id: string, protocol: string, targets: object[] = []) => ({
  id,
  loadBalancerId: 'lb-1',
  name: id,
  protocol,
  port: 80,
  certificateId: null,
  targets,
});
const rule = (id: string, domain: string, more: object = {}) => ({
  id,
  loadBalancerId: 'lb-1',
  listenerId: 'lbl-http',
  domain,
  url: '/',
  isDefault: false,
  quic: false,
  scheduler: 'WRR',
  targetType: 'NODE',
  redirectsTo: null,
  targets: [],
  functions: [],
  ...more,
});
const record = (id: number, subdomain: string, value: string, enabled = true) => ({
  id,
  zone: 'example.com',
  subdomain,
  type: 'A',
  value,
  line: 'Default',
  lineId: '0',
  ttlS: 60,
  weight: null,
  enabled,
  updatedAt: '',
});
const estate = Estate.parse({
  connectionId: 'test',
  takenAt: '',
  regions: ['ap-singapore'],
  functions: [],
  instances: [],
  gaps: [],
  account: { uin: '1', networkAccountType: 'STANDARD' },
  zones: [],
  records: [record(1, 'shop', '1.1.1.1'), record(2, 'www', '1.1.1.1'), record(3, 'off', '1.1.1.1', false)],
  loadBalancers: [balancer('lb-1', 'ap-singapore', '1.1.1.1')],
  listeners: [
    listener('lbl-http', 'HTTP'),
    listener('lbl-tcp', 'TCP', [target('ins-9')]),
    listener('lbl-none', 'HTTPS'),
  ],
  rules: [
    rule('loc-cvm', 'shop.example.com', { targets: [target('ins-1'), target('ins-2')] }),
    rule('loc-fn', '*.example.com', { functions: [fn] }),
    rule('loc-both', 'b.example.com', { targets: [target('ins-1')], functions: [fn] }),
    rule('loc-none', 'c.example.com'),
    rule('loc-to', 'd.example.com', { redirectsTo: 'loc-cvm' }),
    rule('loc-group', 'e.example.com', { targetType: 'TARGETGROUP' }),
  ],
});
const all = collectBindings(estate);
const of = (id: string) => all.find((binding) => binding.id === id) as Binding;

describe('bindings', () => {
  it('lists every rule and every listener that forwards without rules, each with its kind', () => {
    expect(all.map(({ id, kind }) => [id, kind])).toEqual([
      ['loc-cvm', 'cvm'],
      ['loc-fn', 'function'],
      ['loc-both', 'both'],
      ['loc-none', 'none'],
      ['loc-to', 'redirect'],
      ['loc-group', 'targetGroup'],
      ['lbl-tcp', 'cvm'],
    ]);
    expect(of('lbl-tcp')).toMatchObject({ list: 'listeners', domain: null, url: null, listener: 'TCP:80' });
  });

  it('lists the targets and function of each', () => {
    expect(of('loc-both').bound).toEqual([
      { kind: 'cvm', type: 'CVM', id: 'ins-1', text: 'name-ins-1:80', weight: 10 },
      { kind: 'function', type: null, id: null, text: 'shop/cart:3', weight: 10 },
    ]);
    expect(of('loc-to').bound).toMatchObject([{ kind: 'redirect', text: 'shop.example.com/' }]);
    expect(of('loc-group').bound).toMatchObject([{ kind: 'targetGroup', text: 'TARGETGROUP' }]);
    expect(of('loc-none').bound).toEqual([]);
  });

  it('show a bound address with its port and type, instead of its server', () => {
    const { instanceId: _, ...pod } = target('ins-1');
    const targets = [
      { ...pod, kind: 'ENI', eniIp: '10.0.1.7' },
      { ...pod, kind: 'CCN', eniIp: 'fd00::7' },
    ].map((each) => Target.parse(each));
    const rules = estate.rules.filter(({ id }) => id === 'loc-cvm').map((each) => ({ ...each, targets }));
    const [binding] = collectBindings({ ...estate, rules });
    expect(binding?.bound).toEqual([
      { kind: 'cvm', type: 'ENI', id: null, text: '10.0.1.7:80', weight: 10 },
      { kind: 'cvm', type: 'CCN', id: null, text: '[fd00::7]:80', weight: 10 },
    ]);
    expect(bindingsCsv([{ ...(binding as Binding), changedAt: null }])).toContain(
      'ENI 10.0.1.7:80 weight 10; CCN [fd00::7]:80 weight 10',
    );
  });

  it('lists the DNS names that point at them, without disabled records', () => {
    expect(of('loc-cvm').dnsNames).toEqual(['shop.example.com']);
    expect(of('loc-fn').dnsNames).toEqual(['www.example.com']);
    expect(of('lbl-tcp').dnsNames).toEqual(['shop.example.com', 'www.example.com']);
  });

  it.each([
    ['healthy', ['alive', 'alive']],
    ['healthy', ['alive', 'off']],
    ['partly', ['alive', 'dead']],
    ['partly', ['dead', null]],
    ['unhealthy', ['dead', 'dead']],
    ['unchecked', ['off', 'off']],
    ['unchecked', []],
    ['unknown', ['alive', null]],
    ['unknown', ['unknown']],
  ])('is %s where the checks report %j', (health, ofTargets) => {
    const targets = ofTargets.map((each, at) => ({ ...target(`ins-${at}`), health: each }));
    const checked = { ...estate, rules: [Rule.parse(rule('loc-1', 'a.example.com', { targets }))] };
    expect(collectBindings(checked)[0]?.health).toBe(health);
  });

  it('leaves functions unchecked', () => {
    expect(of('loc-fn').health).toBe('unchecked');
  });

  it('lists every domain of a rule', () => {
    const domains = ['a.example.com', 'b.example.com'];
    const rules = [Rule.parse(rule('loc-1', 'a.example.com', { domains }))];
    expect(collectBindings({ ...estate, rules })[0]).toMatchObject({ domain: 'a.example.com', domains });
  });

  it('include every rule of any estate', () => {
    fc.assert(
      fc.property(anyEstate, (any) => {
        const listeners = new Set(any.listeners.map(({ id }) => id));
        const rules = any.rules.filter(({ listenerId }) => listeners.has(listenerId)).map(({ id }) => id);
        const found = collectBindings(any).filter(({ list }) => list === 'rules');
        expect(found.map(({ id }) => id).sort()).toEqual([...rules].sort());
      }),
    );
  });
});

it('collects the DNS names of a load balancer from all records that point at it', () => {
  fc.assert(
    fc.property(anyEstate, (any) => {
      const leading = namesLeading(any);
      for (const balancer of any.loadBalancers) {
        const expected = any.records
          .filter((each) => each.enabled && leadsTo(each, balancer))
          .map(({ subdomain, zone }) => `${subdomain}.${zone}`);
        expect(leading.get(balancer.id) ?? []).toEqual([...new Set(expected)].sort());
      }
    }),
  );
});

it.each([
  ['AAAA', '2001:DB8:0:0:0:0:0:1'],
  ['AAAA', '2001:db8::1'],
  ['CNAME', 'LB.Example.NET.'],
])('collects the DNS name of a record with another spelling: %s %s', (type, value) => {
  const own = {
    ...balancer('lb-1', 'ap-singapore', '1.1.1.1'),
    ipv6: '2001:db8::0:1',
    domain: 'lb.example.net',
  };
  const { records, loadBalancers } = Estate.parse({
    ...estate,
    loadBalancers: [own],
    records: [{ ...record(1, 'shop', value), type }],
  });
  expect(namesLeading({ records, loadBalancers }).get('lb-1')).toEqual(['shop.example.com']);
});

const dated = all.map((binding, at) => ({
  ...binding,
  changedAt: at % 2 === 0 ? null : `2026-11-0${at}T00:00:00.000Z`,
}));
const plain: BindingQuery = {
  search: '',
  region: null,
  kind: null,
  health: null,
  sort: 'domain',
  descending: false,
};
const ids = (query: Partial<BindingQuery>) => findBindings(dated, { ...plain, ...query }).map(({ id }) => id);

describe('binding query', () => {
  it('finds by domain, load balancer, DNS name, targets and function', () => {
    expect(ids({ search: 'SHOP.example' })).toEqual(['loc-to', 'loc-cvm', 'lbl-tcp']);
    expect(ids({ search: 'ins-2' })).toEqual(['loc-cvm']);
    expect(ids({ search: 'cart' })).toEqual(['loc-fn', 'loc-both']);
    expect(ids({ search: 'name of lb-1' })).toHaveLength(7);
    expect(ids({ search: 'nothing' })).toEqual([]);
  });

  it('filters by kind, health and region at once', () => {
    expect(ids({ kind: 'cvm' })).toEqual(['loc-cvm', 'lbl-tcp']);
    expect(ids({ kind: 'cvm', search: 'ins-9' })).toEqual(['lbl-tcp']);
    expect(ids({ health: 'unchecked' })).toHaveLength(4);
    expect(ids({ region: 'ap-jakarta' })).toEqual([]);
  });

  it('sorts, with missing values last in either order', () => {
    expect(ids({ sort: 'changedAt' }).slice(0, 3)).toEqual(['loc-fn', 'loc-none', 'loc-group']);
    expect(ids({ sort: 'changedAt', descending: true }).slice(0, 3)).toEqual([
      ...['loc-group', 'loc-none', 'loc-fn'],
    ]);
    expect(ids({ sort: 'domain', descending: true }).at(-1)).toBe('lbl-tcp');
    for (const sort of bindingColumns) expect(ids({ sort }).toSorted()).toEqual(ids({}).toSorted());
  });

  it('round-trips through the URL', () => {
    const query = fc.record({
      search: fc.string(),
      region: fc.constantFrom(null, 'ap-jakarta'),
      kind: fc.constantFrom(null, ...bindingKinds),
      health: fc.constantFrom(null, 'unknown' as const),
      sort: fc.constantFrom(...bindingColumns),
      descending: fc.boolean(),
    });
    fc.assert(
      fc.property(query, (given) => {
        const written = writeBindingQuery(new URLSearchParams('connection=x'), given);
        expect(parseBindingQuery(new URLSearchParams(written.toString()))).toEqual(given);
        expect(written.get('connection')).toBe('x');
      }),
    );
    expect(writeBindingQuery(new URLSearchParams('sort=kind&order=desc&q=x'), plain).toString()).toBe('');
    expect(parseBindingQuery(new URLSearchParams('kind=odd&sort=odd&health=odd'))).toEqual(plain);
  });

  it('exports its bindings as CSV', () => {
    const lines = bindingsCsv(findBindings(dated, { ...plain, search: 'shop/cart' })).split('\r\n');
    expect(lines[0]).toMatch(/^region,load_balancer_id,load_balancer,/);
    expect(lines[2]).toBe(
      'ap-singapore,lb-1,name of lb-1,lbl-http,HTTP:80,loc-both,b.example.com,/,both,' +
        'name-ins-1:80 (ins-1) weight 10; shop/cart:3 weight 10,unknown,,',
    );
  });
});
