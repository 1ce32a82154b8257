import { describe, expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testBound,
  testEstate,
  testFunction,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
  testSwitch,
  testTarget,
} from '@/testing/plan/test-estate';
import { withUsedAcknowledgements } from './weigh-finding';

const rules = (cvm: object = { targets: [testTarget()] }) => [
  testRule('loc-flash', 'lb-cvm', 'flash.example.co.id', cvm),
  testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions: [testBound] }),
];
const servedBy = (vip: string) => [testRecord(12, 'flash', vip)];
const [cvmVip, scfVip] = ['127.77.1.1', '127.77.1.2'];

/** Returns an estate with both sides, one of which has a change that would block a plan which moves traffic there. */
const onServers = (change: Parameters<typeof testEstate>[0]) =>
  testEstate({ rules: rules(), records: servedBy(cvmVip), ...change });
const onFunction = (change: Parameters<typeof testEstate>[0]) =>
  testEstate({ rules: rules(), records: servedBy(scfVip), ...change });
const balancers = (cvm: object, scf: object = {}) => ({
  loadBalancers: [testLoadBalancer('lb-cvm', cvm), testLoadBalancer('lb-scf', { vips: [scfVip], ...scf })],
});
const unread = (part: string) => ({ gaps: [{ part, reason: 'timeout' }] });

const stopping = (estate: ReturnType<typeof testEstate>, toward: 'cvm' | 'function') =>
  preflight({ estate, diversion: testSwitch({ toward }) }).filter(stops);
const warned = (estate: ReturnType<typeof testEstate>, toward: 'cvm' | 'function') =>
  preflight({ estate, diversion: testSwitch({ toward }) }).filter(({ status }) => status === 'warn');

describe('problems of the side that a Switch moves away from', () => {
  it.each([
    ['a blocked load balancer', balancers({ blocked: true }), 'load-balancer-state.blocked'],
    ['an unpaid one', balancers({ isolated: true }), 'load-balancer-state.isolated'],
    [
      'a stopped listener',
      { listeners: [testListener('lb-cvm', { stopped: true }), testListener('lb-scf')] },
      'listener-state.stopped',
    ],
    ['a rule without targets', { rules: rules({ targets: [] }) }, 'cvm-targets.none'],
  ])('never block a move away from servers: %s', (_, change, why) => {
    const estate = onServers(change);
    expect(stopping(estate, 'function')).toEqual([]);
    expect(warned(estate, 'function').map((finding) => finding.why)).toContain(why);
    expect(stopping(onFunction(change), 'cvm').map((finding) => finding.why)).toContain(why);
  });

  it.each([
    ['deleted', { functions: [] }, 'function-ready.missing'],
    ['broken', { functions: [testFunction({ status: 'UpdateFailed' })] }, 'function-ready.status'],
    ['stopped', { functions: [testFunction({ reservedMb: 0 })] }, 'function-reserved.stopped'],
    ['behind a blocked load balancer', balancers({}, { blocked: true }), 'load-balancer-state.blocked'],
  ])('never block a move away from a function: %s', (_, change, why) => {
    const estate = onFunction(change);
    expect(stopping(estate, 'cvm')).toEqual([]);
    expect(warned(estate, 'cvm').map((finding) => finding.why)).toContain(why);
    expect(stopping(onServers(change), 'function').map((finding) => finding.why)).toContain(why);
  });

  it('are shown as unread if they could not be read', () => {
    const estate = onServers(unread('clb/ap-singapore/lb-cvm'));
    const shown = preflight({ estate, diversion: testSwitch() }).filter(({ status }) => status === 'unknown');
    expect(shown.map(({ why }) => why)).toContain('load-balancer-state.unread');
    expect(shown.filter(stops)).toEqual([]);
    expect(stopping(onFunction(unread('clb/ap-singapore/lb-cvm')), 'cvm')).not.toEqual([]);
  });
});

it('still block if a choice is missing, because there is no plan without it', () => {
  const estate = onServers({ loadBalancers: [testLoadBalancer('lb-scf', { vips: [scfVip] })] });
  expect(stopping(estate, 'function').map(({ why }) => why)).toEqual(['choices.gone']);
});

it('keeps only acknowledgements of outages that a plan causes', () => {
  const old = { id: 'lbl-old', port: 8080 };
  const estate = onServers({
    listeners: [testListener('lb-cvm'), testListener('lb-cvm', old), testListener('lb-scf')],
    rules: [
      ...rules(),
      testRule('loc-old', 'lb-cvm', 'flash.example.co.id', {
        listenerId: old.id,
        targets: [testTarget()],
      }),
    ],
  });
  const own = {
    finding: 'still-served.noListener',
    domain: 'flash.example.co.id',
    loss: 'HTTP:8080 lb-scf',
  } as const;
  const other = { ...own, loss: 'HTTP:8080 lb-cvm' };
  const diversion = { ...testSwitch(), acknowledged: [other, own] };
  const findings = preflight({ estate, diversion });
  expect(findings.filter(stops)).toEqual([]);
  expect(withUsedAcknowledgements(diversion, findings).acknowledged).toEqual([own]);
  // Without it, the same plan may not be applied.
  const without = preflight({ estate, diversion: { ...diversion, acknowledged: [other] } });
  expect(without.filter(stops)).toMatchObject([{ why: 'still-served.noListener', acknowledgement: own }]);
});
