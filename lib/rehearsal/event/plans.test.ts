import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { rehearsalFaultKinds } from '@/lib/rehearsal/input';
import { published } from '@/lib/sandbox/seeds/parts';
import { testAccess } from '@/testing/diversion/test-access';
import { readSeedEstates } from '@/testing/rehearsal/read-seed-estates';
import { testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { twoAccounts } from '@/testing/rehearsal/two-accounts';
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
  expect(report.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'T1' } });
  expect(Math.max(...(report.series.columns.functionShare ?? []))).toBe(1);
  expect(Math.max(...(report.series.columns.provisioned ?? []))).toBe(5);
});

describe('a rehearsal of a plan that spans two accounts', () => {
  it('moves and rolls back', async () => {
    const report = await rehearse(testRehearsal(await twoAccounts()));
    expect(report.run).toMatchObject({ state: 'rolledBack', rollback: { code: 'T1' } });
    expect(report.goals.find(({ kind }) => kind === 'ended')?.isMet).toBe(true);
  });

  it('holds before it has written anything if someone else has changed one of them', async () => {
    const input = testRehearsal(await twoAccounts());
    const edit = { kind: 'foreignEdit' as const, atS: -400, forS: 0, amount: 300, object: 0 };
    const report = await rehearse({ ...input, faults: { kinds: [], count: 0, given: [edit] } });
    expect(report.faults[0]?.object).toMatch(/example\.my\.id$/);
    expect(report.run).toMatchObject({ state: 'stopped', stopped: { values: { problem: 'outdated' } } });
    expect(report.timeline.filter(({ code }) => code === 'stepDone')).toEqual([]);
  });
});

it('brings traffic back by T1 or says why not, whatever faults the seed draws', async () => {
  const faults = { kinds: [...rehearsalFaultKinds], count: 5, given: [] };
  for (let seed = 1; seed <= 12; seed += 1) {
    const report = await rehearse({ ...testRehearsal(), faults, seed });
    const { run, totals, series, faults: met } = report;
    const context = JSON.stringify({ seed, run, met });
    expect(met, context).toHaveLength(5);
    expect(['rolledBack', 'stopped'], context).toContain(run.state);
    // A foreign change is never overwritten; everything else brings the requests back, even if cleaning up is stopped.
    expect(['drift', 'notEffective', 'cloudError', undefined], context).toContain(run.stopped?.code);
    if (run.stopped?.code !== 'drift' && run.stopped?.code !== 'notEffective')
      expect(series.columns.intendedShare?.at(-1), context).toBe(series.columns.intendedShare?.at(0));
    const { offered, served, lost, pending } = totals;
    expect((served + lost + pending) / offered, context).toBeCloseTo(1, 4);
  }
});
