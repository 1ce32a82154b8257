import { expect, it } from 'vitest';
import { SplitDiversion } from '@/lib/diversion/diversion';
import { joinEstates } from '@/lib/estate/join-estates';
import { invariant } from '@/lib/invariant';
import { rehearsalFaultKinds } from '@/lib/rehearsal/input';
import { published, seedRecord } from '@/lib/sandbox/seeds/parts';
import { testAccess } from '@/testing/diversion/test-access';
import { readSeedEstates } from '@/testing/rehearsal/read-seed-estates';
import { testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { rehearse } from './rehearse';

it('rehearses a plan that creates a load balancer, a listener, a rule and warm instances', async () => {
  const [estate] = await readSeedEstates('small', ['ap-singapore'], ({ accounts }) => {
    for (const account of Object.values(accounts)) {
      for (const [key, fn] of Object.entries(account.functions)) account.functions[key] = published(fn);
      for (const record of account.zones['example.com']?.records ?? [])
        if (record.subdomain === 'sale') record.ttlS = 60;
    }
  });
  invariant(estate !== undefined, 'the seed has an account');
  const routes = testAccess.routes.map((route) => ({ ...route, provisioned: 5 }));
  const report = await rehearse(testRehearsal({ estate, diversion: { ...testAccess, routes } }));
  expect(report.goals.filter(({ kind, isMet }) => kind === 'ended' && !isMet)).toEqual([]);
  expect(report.run).toMatchObject({ state: 'reverted', rollback: { code: 'T1' } });
  expect(Math.max(...(report.series.columns.functionShare ?? []))).toBe(1);
  expect(Math.max(...(report.series.columns.provisioned ?? []))).toBe(5);
});

it('rehearses a plan that spans two accounts', async () => {
  const [own, other] = await readSeedEstates('flash-sale', ['ap-singapore', 'ap-jakarta'], ({ accounts }) => {
    for (const { zones } of Object.values(accounts))
      zones['example.my.id']?.records.push(
        seedRecord({ id: 9, subdomain: 'sale', type: 'A', value: '127.77.1.90', updatedAt: 0 }),
      );
  }).then((estates) => estates.toReversed());
  invariant(own !== undefined && other !== undefined, 'the seed has two accounts');
  const estate = joinEstates(own, [other]);
  const outlet = estate.rules.find((rule) => rule.domain === 'outlet.example.my.id');
  const balancer = estate.loadBalancers.find((lb) => lb.name === 'lb-sin-flash');
  const listener = estate.listeners.find((l) => l.loadBalancerId === balancer?.id && l.protocol === 'HTTP');
  const diversion = SplitDiversion.parse({
    kind: 'split',
    name: 'outlet sale',
    connections: [other.connectionId],
    routes: [
      {
        to: 'cvm',
        domain: 'outlet.example.my.id',
        addTargets: [],
        loadBalancerId: outlet?.loadBalancerId,
        listenerId: outlet?.listenerId,
        rule: { kind: 'existing', ruleId: outlet?.id },
      },
      {
        to: 'function',
        domain: 'sale.example.my.id',
        loadBalancerId: balancer?.id,
        listenerId: listener?.id,
        rule: { kind: 'new', url: '/' },
        function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
        expectedBody: 'Flash sale',
      },
    ],
  });
  const report = await rehearse(testRehearsal({ estate, diversion }));
  expect(report.run).toMatchObject({ state: 'reverted', rollback: { code: 'T1' } });
  expect(report.goals.find(({ kind }) => kind === 'ended')?.isMet).toBe(true);
});

it('brings traffic back by T1 or says why not, whatever faults the seed draws', async () => {
  const faults = { kinds: [...rehearsalFaultKinds], count: 5, given: [] };
  for (let seed = 1; seed <= 12; seed += 1) {
    const report = await rehearse({ ...testRehearsal(), faults, seed });
    const { run, totals, series, faults: met } = report;
    const context = JSON.stringify({ seed, run, met });
    expect(met, context).toHaveLength(5);
    expect(['reverted', 'held'], context).toContain(run.state);
    // A foreign change is never overwritten; everything else brings the requests back, even if cleaning up is held.
    expect(['drift', 'notEffective', 'cloudError', undefined], context).toContain(run.held?.code);
    if (run.held?.code !== 'drift' && run.held?.code !== 'notEffective')
      expect(series.columns.intendedShare?.at(-1), context).toBe(series.columns.intendedShare?.at(0));
    const { offered, served, lost, pending } = totals;
    expect((served + lost + pending) / offered, context).toBeCloseTo(1, 4);
  }
}, 120_000);
