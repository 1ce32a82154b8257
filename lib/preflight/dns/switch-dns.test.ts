import { describe, expect, it } from 'vitest';
import { NewListener, NewLoadBalancer } from '@/lib/diversion/creates';
import { SwitchDiversion } from '@/lib/diversion/switch';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testLoadBalancer, testRecord, testSwitch } from '@/testing/plan/test-estate';

const fixed = (vip: string) => ({ vips: [vip] });
const named = { vips: [], domain: 'lb.clb.example.net' };
const nat64 = { vips: [], addressFamily: 'ipv6-nat64', ipv6: '2001:db8::1' };

/** Returns the findings for a Switch from a CVM side with an A record to a function side, by the kinds of both. */
function found(cvm: object, fn: object, ramp: readonly number[]) {
  const loadBalancers = [testLoadBalancer('lb-cvm', cvm), testLoadBalancer('lb-scf', fn)];
  const records = [testRecord(12, 'flash', '127.77.1.1')];
  return preflight({
    estate: testEstate({ loadBalancers, records }),
    diversion: testSwitch({ ramp }),
  }).filter(({ check }) => check === 'switch-dns');
}

describe('switch-dns', () => {
  it('checks each of several names at its own route', () => {
    const [cvm, fn] = testSwitch().routes;
    const names = ['flash.example.co.id', 'shop.example.co.id'];
    const diversion = SwitchDiversion.parse({
      ...testSwitch({ ramp: [10, 100] }),
      routes: names.flatMap((domain) =>
        [cvm, fn].map((route) => ({ ...route, domain, rule: { kind: 'new', url: '/' } })),
      ),
      waves: names.map((name) => ({ names: [name], bakeS: 60 })),
    });
    const records = [
      testRecord(12, 'flash', '127.77.1.1', { weight: 5 }),
      testRecord(13, 'shop', '127.77.1.1', { weight: 10 }),
      testRecord(14, 'shop', '127.77.1.9'),
    ];
    const findings = preflight({ estate: testEstate({ records }), diversion });
    expect(findings.filter(({ check }) => check === 'switch-dns')).toMatchObject([
      { status: 'pass', why: 'switch-dns.weighted', field: 'routes.1.domain', values: { domain: names[0] } },
      {
        status: 'block',
        why: 'switch-dns.mixedWeights',
        field: 'routes.3.domain',
        values: { domain: names[1] },
      },
    ]);
  });

  it.each([
    [fixed('127.77.1.1'), fixed('127.77.1.2'), [10, 100], 'warn', 'weights'],
    [fixed('127.77.1.1'), fixed('127.77.1.2'), [100], 'pass', 'pass'],
    [fixed('127.77.1.1'), named, [10, 100], 'block', 'kinds'],
    [fixed('127.77.1.1'), named, [10], 'block', 'kinds'],
    [fixed('127.77.1.1'), named, [100], 'pass', 'inPlace'],
    [fixed('127.77.1.1'), nat64, [10, 100], 'block', 'families'],
    [fixed('127.77.1.1'), nat64, [100], 'block', 'families'],
    [named, nat64, [10, 100], 'block', 'kinds'],
  ])('from %j to %j by %j', (cvm, fn, ramp, status, why) => {
    expect(found(cvm, fn, ramp)).toMatchObject([{ status, why: `switch-dns.${why}` }]);
  });

  const other = { lineId: '10=0', line: '电信' };
  it.each([
    [[{ weight: 10 }, {}], 'block', 'mixedWeights'],
    [[{ weight: 10 }, { weight: 5 }], 'pass', 'weighted'],
    [[{ weight: 10 }, { enabled: false }], 'pass', 'weighted'],
    [[{ weight: 10 }, other], 'pass', 'weighted'],
    [[{}, {}], 'warn', 'weights'],
  ])('records that are %j', (changes, status, why) => {
    const records = changes.map((change, n) => testRecord(12 + n, 'flash', `127.77.1.${n + 8}`, change));
    const estate = testEstate({
      records,
      loadBalancers: [testLoadBalancer('lb-cvm'), testLoadBalancer('lb-scf', fixed('127.77.1.2'))],
    });
    const findings = (ramp: readonly number[]) =>
      preflight({ estate, diversion: testSwitch({ ramp }) }).filter(({ check }) => check === 'switch-dns');
    expect(findings([10, 100])).toMatchObject([{ status, why: `switch-dns.${why}` }]);
    expect(findings([100])).toMatchObject([{ status: 'pass' }]);
  });

  it.each([
    [
      [80, 20],
      [10, 50, 100],
      ['pass weighted', 'warn lowers 20 10 50,100'],
    ],
    [[80, 20], [20, 100], ['pass weighted']],
    [[1, 99], [10], ['pass weighted', 'warn lowers 99 10 ']],
    [
      [null, null],
      [25, 100],
      ['warn weights', 'warn lowers 50 25 100'],
    ],
  ])('weights %j before the ramp %j', (weights, ramp, expected) => {
    const records = weights.map((weight, n) => testRecord(12 + n, 'flash', `127.77.1.${n + 1}`, { weight }));
    const findings = preflight({ estate: testEstate({ records }), diversion: testSwitch({ ramp }) });
    const told = findings.flatMap(({ check, status, why, values, fix }) =>
      check === 'switch-dns'
        ? [
            [
              status,
              why.split('.')[1],
              ...(why.endsWith('lowers')
                ? [
                    values.share,
                    values.first,
                    fix?.patch != null && 'value' in fix.patch ? fix.patch.value : '',
                  ]
                : []),
            ].join(' '),
          ]
        : [],
    );
    expect(told).toEqual(expected);
  });

  it('suggests to move all at once, at the load balancer of the other kind', () => {
    expect(found(fixed('127.77.1.1'), named, [10, 100])).toMatchObject([
      { field: 'routes.1.loadBalancerId', fix: { label: 'flip', patch: { field: 'ramp', value: '100' } } },
    ]);
  });

  it.each([
    [fixed('127.77.1.1'), 'domain', 'fixed'],
    [named, 'fixed', 'domain'],
  ])('suggests to create the other side with the kind of %j, whichever was chosen', (cvm, address, value) => {
    const balancer = { id: '@lb', name: 'sale', region: 'ap-singapore', network: 'OPEN', vpcId: 'vpc-1' };
    const listener = { id: '@l', loadBalancerId: '@lb', name: 'http', protocol: 'HTTP', port: 80 };
    const base = testSwitch({ ramp: [10, 100] });
    const findingsFor = (kind: string) => {
      const creates = {
        loadBalancers: [NewLoadBalancer.parse({ ...balancer, address: kind })],
        listeners: [NewListener.parse(listener)],
      };
      const routes = base.routes.map((route) =>
        route.to === 'cvm' ? route : { ...route, loadBalancerId: '@lb', listenerId: '@l' },
      );
      const estate = testEstate({ loadBalancers: [testLoadBalancer('lb-cvm', cvm)], records: [] });
      return preflight({ estate, diversion: { ...base, creates, routes } as typeof base }).filter(
        ({ check }) => check === 'switch-dns',
      );
    };
    expect(findingsFor(address)).toMatchObject([
      { why: 'switch-dns.kinds', fix: { patch: { field: 'creates.loadBalancers.0.address', value } } },
    ]);
    expect(findingsFor(value)).toMatchObject([{ status: 'warn', why: 'switch-dns.weights' }]);
  });
});
