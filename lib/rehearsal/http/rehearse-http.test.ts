import { describe, expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { Rest } from '@/lib/rehearsal/rest';
import { published } from '@/lib/sandbox/seeds/parts';
import { testAccess } from '@/testing/diversion/test-access';
import { testEstate, testFunction, testListener, testRecord, testSwitch } from '@/testing/plan/test-estate';
import { readSeedEstates } from '@/testing/rehearsal/read-seed-estates';
import { type RehearsalGiven, testConditions, testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { rehearseHttp } from './rehearse-http';

/** Twelve seconds: waits run some forty times as fast. */
const http = { rps: 80, minutes: 0.2 };

/** Without a goal for waits: they depend on what else this machine does. */
async function rehearsed(given: RehearsalGiven = {}): Promise<RehearsalReport> {
  const input = testRehearsal(given);
  return rehearseHttp({ ...input, goals: { ...input.goals, waitP95Ms: null }, http });
}

/** Returns the requests that one side answered with a status, or the error of those without an answer. */
function countAnswers({ http: figures }: RehearsalReport, by: string, answer: string): number {
  return figures?.answers.find((each) => each.by === by && each.answer === answer)?.count ?? 0;
}

describe('a rehearsal over HTTP', () => {
  it('moves a Switch to the function and back at T1, and loses no request', async () => {
    const report = await rehearsed({ diversion: testSwitch() });
    expect(report).toMatchObject({
      mode: 'http',
      run: { state: 'reverted', rollback: { code: 'T1' }, held: null },
      totals: { lost: 0 },
      cost: null,
    });
    expect(report.goals.filter(({ isMet }) => !isMet)).toEqual([]);
    const { functionShare = [], movedShare = [] } = report.series.columns;
    // Some clients still follow when others have.
    expect(functionShare[0]).toBe(0);
    expect(Math.max(...functionShare)).toBeGreaterThan(0.8);
    expect(functionShare.at(-1)).toBeLessThan(0.2);
    expect(Math.min(...movedShare)).toBeLessThan(1);
    // T1 is seconds after T0 here: on a busy machine the requests of the last clients may come later.
    const { moved } = report.convergence.apply;
    expect(moved.filter(({ share, afterS }) => share <= 0.9 && afterS !== null)).toHaveLength(2);
    expect(countAnswers(report, 'function', '200')).toBeGreaterThan(50);
    expect(countAnswers(report, 'servers', '200')).toBeGreaterThan(50);
    const { http: figures } = report;
    expect(figures?.onOldAddress).toBeGreaterThan(0);
    expect(figures?.latency.function?.p50).toBeGreaterThan(0);
    expect(figures?.latency.servers?.p50).toBeGreaterThan(0);
    expect(figures?.lookUps).toMatchObject({ failed: 0 });
    expect(figures?.connections.opened).toBeGreaterThan(0);
  }, 60_000);

  it('rests when it is told to, and then continues without a burst', async () => {
    const rest = new Rest();
    let requests = 0;
    const restedAt: string[] = [];
    const input = testRehearsal({ diversion: testSwitch() });
    const report = await rehearseHttp(
      { ...input, goals: { ...input.goals, waitP95Ms: null }, http },
      {
        rest,
        onProgress: ({ at }) => {
          requests += 1;
          if (requests !== 3) return;
          restedAt.push(at);
          rest.begin();
          setTimeout(() => rest.end(), 2000);
        },
      },
    );
    expect(restedAt).toHaveLength(1);
    expect(report).toMatchObject({ run: { state: 'reverted' }, totals: { lost: 0 } });
    // 80 a second in the time without the rest; those of the rest were not due.
    const { skipped = 0, tookS = 0 } = report.http ?? {};
    expect(report.totals.offered + skipped).toBeLessThan(80 * (tookS + 0.5));
  }, 60_000);

  it('is held by a change freeze at the T0 of the event, whenever it is rehearsed', async () => {
    const span = { kind: 'once', from: '2026-12-11T23:59:00Z', to: '2026-12-12T00:01:00Z' } as const;
    const conditions = testConditions({ freezes: [{ name: 'Year end', span }] });
    const report = await rehearseHttp({ ...testRehearsal(), http, conditions });
    expect(report.run).toMatchObject({ state: 'held', held: { values: { problem: 'frozen' } } });
    expect(report.convergence.apply.changedAtS).toBeNull();
  }, 60_000);

  it('shows both sides of a Split at once', async () => {
    const report = await rehearsed();
    expect(report).toMatchObject({ verdict: 'met', run: { state: 'reverted' }, totals: { lost: 0 } });
    expect(Math.max(...(report.series.columns.intendedShare ?? []))).toBe(0.5);
    const actual = Math.max(...(report.series.columns.functionShare ?? []));
    expect(actual).toBeGreaterThan(0.3);
    expect(actual).toBeLessThan(0.7);
  }, 60_000);

  it('shows what a function with too little concurrency refuses', async () => {
    // Two instances of 128 MB, for some three calls at once.
    const functions = [testFunction({ reservedMb: 256 })];
    const report = await rehearsed({ estate: testEstate({ functions }), diversion: testSwitch() });
    expect(report.verdict).toBe('missed');
    expect(countAnswers(report, 'balancer', '432')).toBeGreaterThan(0);
    expect(report.totals.failedBy.functionConcurrency).toBeGreaterThan(0);
    expect(report.errors).toContainEqual(
      expect.objectContaining({ cause: 'functionConcurrency', seenBy: 'clients' }),
    );
    expect(report.changes.map(({ code }) => code)).toContain('raiseQuota');
  }, 60_000);

  it('creates the load balancer of an Access, and serves it', async () => {
    const [estate] = await readSeedEstates('small', ['ap-singapore'], ({ accounts }) => {
      for (const account of Object.values(accounts)) {
        for (const [key, fn] of Object.entries(account.functions)) account.functions[key] = published(fn);
        for (const record of account.zones['example.com']?.records ?? [])
          if (record.subdomain === 'sale') record.ttlS = 60;
      }
    });
    invariant(estate !== undefined, 'the seed has an account');
    const report = await rehearsed({ estate, diversion: testAccess });
    expect(report.run).toMatchObject({ state: 'reverted', rollback: { code: 'T1' } });
    expect(report.totals.lost).toBe(0);
    expect(countAnswers(report, 'function', '200')).toBeGreaterThan(0);
  }, 60_000);

  it('connects with TLS, with the name of each request', async () => {
    const listeners = ['lb-cvm', 'lb-scf'].map((id) =>
      testListener(id, { protocol: 'HTTPS', port: 443, certificateId: 'cert-1', certificateIds: ['cert-1'] }),
    );
    const domains = ['*.example.co.id'];
    const certificates = [{ id: 'cert-1', domains, notAfter: null, kind: 'SVR', status: 'issued' }];
    const report = await rehearsed({ estate: testEstate({ listeners, certificates }) });
    expect(report).toMatchObject({ run: { state: 'reverted' }, totals: { lost: 0 } });
    expect(countAnswers(report, 'function', '200')).toBeGreaterThan(0);
    const { connections } = report.http ?? {};
    expect(connections?.tls).toBeGreaterThan(0);
    expect(connections?.tls).toBe(connections?.opened);
  }, 60_000);

  it('sends nothing to an address of a record that is not of the copy', async () => {
    const records = [testRecord(11, 'shop', '203.0.113.7'), testRecord(12, 'flash', '127.77.1.1')];
    const report = await rehearsed({ estate: testEstate({ records }) });
    expect(report.totals.failedBy.outside).toBeGreaterThan(0);
    expect(countAnswers(report, 'none', 'outside')).toBe(report.totals.failedBy.outside);
    expect(countAnswers(report, 'servers', '200')).toBeGreaterThan(0);
  }, 60_000);

  it('ends when it is canceled', async () => {
    const canceled = new AbortController();
    const work = rehearseHttp(
      { ...testRehearsal(), http },
      { signal: canceled.signal, onProgress: () => canceled.abort() },
    );
    await expect(work).rejects.toThrow('the rehearsal was canceled');
  }, 60_000);
});
