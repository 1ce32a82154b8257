import type { SwitchView } from '@/lib/contract/switch';
import { defaultFailover } from '@/lib/diversion/default-failover';
import type { HealthRound } from '@/lib/run/model/failover';

const at = '2026-12-11T14:32:05.000Z';
const answer = (passed: boolean) => ({
  passed,
  address: '203.0.113.41:80',
  latencyMs: 12,
  failure: passed ? null : 'status 502',
});

/** Returns a round of two vantages. */
export function testRound(seen: readonly boolean[], receiving = true): HealthRound {
  return { at, serving: 'cvm', seen: seen.map(answer), receiving: answer(receiving) };
}

export type SwitchChange = { readonly [Key in keyof SwitchView]?: SwitchView[Key] };

/** Returns a Switch without a run in progress: CVM serves, SCF is bound and tested. */
export function testSwitchView(change: SwitchChange = {}): SwitchView {
  const preview = { writes: { flip: 3, careful: 7, even: 9 }, blocks: [] };
  return {
    id: 'S-0001',
    name: 'checkout.example.co.id',
    domain: 'checkout.example.co.id',
    connectionId: 'test',
    connectionName: 'niaga',
    connectionKind: 'sandbox',
    footprint: { connections: ['test'], regions: ['ap-jakarta'], domains: ['checkout.example.co.id'] },
    state: 'disabled',
    setBy: 'sari',
    setAt: at,
    movedAt: null,
    policy: defaultFailover,
    rounds: Array.from({ length: 5 }, () => testRound([true, true])),
    failing: 0,
    noScript: null,
    approvals: 0,
    decision: null,
    estateTakenAt: at,
    ttlS: 60,
    serving: 'cvm',
    sides: {
      cvm: { label: 'lb-cvm', loadBalancerId: 'lb-1', address: '203.0.113.41', share: 100, bound: 2 },
      function: {
        label: 'flash/checkout:1',
        loadBalancerId: 'lb-2',
        address: '198.51.100.77',
        share: 0,
        bound: 1,
      },
    },
    previews: { cvm: { ...preview, writes: { flip: 0, careful: 0, even: 0 } }, function: preview },
    lastRun: null,
    ...change,
  } as SwitchView;
}
