import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import type { Restore } from '@/lib/plan/model/model';
import { planRestore } from '@/lib/plan/plan-restore';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import {
  testBound,
  testEstate,
  testFunction,
  testInstance,
  testRecord,
  testRule,
  testSplit,
  testTarget,
} from '@/testing/plan/test-estate';
import { type RehearsalGiven, rehearsalCutover, testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { rehearse } from './rehearse';

/* Plans that restore what someone else has changed after a Split: without a schedule, as they are applied usually. */

const flash = testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions: [testBound] });
const split = {
  instances: [testInstance()],
  rules: [testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget()] }), flash],
  records: [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.2')],
};
/** The rule that the name went to before the Split: it answers there, too. */
const flashOnCvm = testRule('loc-flash', 'lb-cvm', 'flash.example.co.id', { targets: [testTarget()] });
const place = { kind: 'rule', region: 'ap-singapore', url: '/' };
const flashRule = {
  ...place,
  loadBalancerId: 'lb-scf',
  listenerId: 'lbl-lb-scf',
  domain: 'flash.example.co.id',
};
const shopRule = {
  ...place,
  loadBalancerId: 'lb-cvm',
  listenerId: 'lbl-lb-cvm',
  domain: 'shop.example.co.id',
};
const flashName = { kind: 'recordSet', zone: 'example.co.id', subdomain: 'flash', lineId: '0', line: '默认' };
const warm = {
  kind: 'provisioned',
  region: 'ap-singapore',
  namespace: 'flash',
  name: 'storefront',
  qualifier: '1',
};
const answer = { type: 'A', value: '127.77.1.2', ttlS: 60, weight: null, enabled: true };
const target = { instanceId: 'ins-1', port: 8080, weight: 10 };

const bound = {
  object: flashRule,
  state: { kind: 'rule', exists: true, targets: [], functions: [testBound] },
};
const targets = { object: shopRule, state: { kind: 'rule', exists: true, targets: [target], functions: [] } };
const named = { object: flashName, state: { kind: 'recordSet', records: [answer] } };
const warmed = { object: warm, state: { kind: 'provisioned', instances: 5 } };

/** Rehearses the restore of objects on the Split's estate with someone's changes. */
async function play(
  change: object,
  restores: readonly object[],
  settings: NonNullable<RehearsalGiven['settings']> = {},
  cutover: ReturnType<typeof rehearsalCutover> | null = null,
): Promise<RehearsalReport> {
  const estate = testEstate({ ...split, ...change });
  const planned = planRestore({
    estate,
    diversion: testSplit({ provisioned: 5 }),
    restores: restores as readonly Restore[],
    keepAliveS: 75,
  });
  invariant(planned.ok, `the restore can be planned: ${JSON.stringify(planned)}`);
  return rehearse({ ...testRehearsal({ estate, cutover, settings }), plan: planned.value });
}

/** Returns the share of the requests that go to functions: first and last. */
const getEndShares = ({ series }: RehearsalReport) => {
  const shares = series.columns.intendedShare ?? [];
  return [shares[0], shares.at(-1)];
};

const ruleBound = (functions: readonly object[]) =>
  testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions });
const shopTo = (change: object) =>
  testRule('loc-shop', 'lb-cvm', 'shop.example.co.id', { targets: [testTarget(change)] });
const flashAt = (value: string) => [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', value)];

describe('a rehearsal of a restore', () => {
  it('binds a function again: requests fail until then', async () => {
    const report = await play({ rules: [shopTo({}), ruleBound([])] }, [bound]);
    expect(report).toMatchObject({ verdict: 'met', t1: null, run: { state: 'done' } });
    expect(report.hosts).toEqual(['flash.example.co.id']);
    expect(report.totals.failedBy.noBackend).toBeGreaterThan(100);
    expect(report.errors[0]).toMatchObject({ cause: 'noBackend', seenBy: 'clients', lastAtS: 2 });
    expect(report.series.columns.intendedShare?.at(-1)).toBe(1);
  });

  it('binds the version that another one has replaced', async () => {
    const replaced = ruleBound([{ ...testBound, qualifier: '2' }]);
    const report = await play({ rules: [shopTo({}), replaced] }, [bound]);
    expect(report).toMatchObject({ verdict: 'met', run: { state: 'done' } });
    expect(report.totals.failedBy.noFunction).toBeGreaterThan(100);
  });

  it('creates a rule that is gone, and points a name back after it', async () => {
    const report = await play({ rules: [shopTo({}), flashOnCvm], records: flashAt('127.77.1.1') }, [
      bound,
      named,
    ]);
    expect(report).toMatchObject({ verdict: 'met', run: { state: 'done' } });
    expect(report.totals.lost).toBe(0);
    const done = report.timeline.filter(({ code }) => code === 'stepDone');
    expect(done.map(({ values }) => values.outcome)).toEqual(expect.arrayContaining(['applied', 'probed']));
    expect(report.convergence.apply.changedAtS).toBeLessThan(10);
    expect(report.convergence.apply.moved[0]?.afterS).toBeGreaterThan(0);
    expect(getEndShares(report).at(-1)).toBe(1);
  });

  it('restores the weight of a server, also of one that the snapshot does not list', async () => {
    for (const instanceId of ['ins-1', 'ins-unlisted']) {
      const restored = { ...targets, state: { ...targets.state, targets: [{ ...target, instanceId }] } };
      const report = await play({ rules: [shopTo({ weight: 1, instanceId }), flash] }, [restored]);
      expect(report, instanceId).toMatchObject({ verdict: 'met', run: { state: 'done', stopped: null } });
      expect(report.hosts).toEqual(['shop.example.co.id']);
      expect(report.totals.lost).toBe(0);
    }
  });

  it('restores warm instances, with the requests of all routes because it probes none', async () => {
    const provisioned = [{ qualifier: '1', allocated: 1, available: 1, status: 'Done' }];
    const report = await play({ functions: [testFunction({ provisioned })] }, [warmed]);
    expect(report).toMatchObject({ verdict: 'met', run: { state: 'done' } });
    expect(report.hosts).toEqual(['shop.example.co.id', 'flash.example.co.id']);
    expect(report.totals.offered).toBeGreaterThan(100_000);
    const done = report.timeline.filter(({ code }) => code === 'stepDone');
    expect(done.map(({ stepId, values }) => [stepId, values.outcome])).toEqual([
      ['s1', 'applied'],
      ['s2', 'probed'],
    ]);
    expect(report.series.columns.provisioned?.at(-1)).toBe(5);
  });

  it('is stopped when someone else changes the object, and never overwrites it', async () => {
    const given = [{ kind: 'foreignEdit' as const, atS: 0.01, forS: 0, amount: 300, object: 0 }];
    const report = await play(
      { records: flashAt('127.77.1.1'), rules: [shopTo({}), flash, flashOnCvm] },
      [named],
      {
        faults: { kinds: [], count: 0, given },
      },
    );
    expect(report.faults[0]).toMatchObject({ object: 'flash.example.co.id', answer: 'stopped' });
    expect(report.run).toMatchObject({ state: 'stopped', stopped: { code: 'drift' } });
  });

  it('with a schedule rolls back to what it found', async () => {
    const report = await play(
      { records: flashAt('127.77.1.1'), rules: [shopTo({}), flash, flashOnCvm] },
      [named],
      {},
      rehearsalCutover(),
    );
    expect(report).toMatchObject({ verdict: 'met', run: { state: 'rolledBack', rollback: { code: 'T1' } } });
    expect(getEndShares(report)).toEqual([0, 0]);
  });
});
