import { describe, expect, it } from 'vitest';
import type { AlertView } from '@/lib/contract/alert';
import type { DiversionSummary } from '@/lib/contract/diversion';
import type { NeedView, RetryNeed } from '@/lib/contract/overview';
import { DiversionId } from '@/lib/diversion/diversion';
import { StepId } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { testRevision } from '@/testing/components/test-revision';
import { testCutover } from '@/testing/components/test-run';
import { listNeeds, type NeedParts } from './list-needs';

const read = <T>(value: T) => ({ value, code: null }) as const;
const failed = (code: string) => ({ value: null, code }) as const;
const names = new Map([['a', 'niaga']]);

const nothing: NeedParts = {
  worker: read('live'),
  alerts: read({ open: [], runs: { open: 0, acknowledged: 0 }, switches: { open: 0, acknowledged: 0 } }),
  diversions: read([]),
  schedule: read({ conflicts: [] }),
  drift: read({ a: 0 }),
  health: read({ connections: [] }),
  background: read(0),
  running: read([]),
};
const list = (change: Partial<NeedParts> = {}) => listNeeds({ ...nothing, ...change }, names);
const kindsOf = (items: readonly NeedView[]) =>
  items.map((need) => (need.kind === 'attention' ? need.attention : need.kind));

const alert: AlertView = {
  subject: { kind: 'run', id: RunId.parse('R-0001') },
  name: 'Sale',
  occurrence: '7',
  since: '2026-12-12T00:00:00.000Z',
  reason: { kind: 'internal' },
};
function diversion(number: number, change: Partial<DiversionSummary>): DiversionSummary {
  const newest = testRevision({ runId: RunId.parse(`R-000${number}`), approvals: { given: 1, needed: 2 } });
  return {
    id: DiversionId.parse(`D-000${number}`),
    kind: 'split',
    name: `Sale ${number}`,
    domains: ['flash.example.co.id'],
    owner: 'sari',
    state: 'stopped',
    attention: [],
    createdAt: '2026-12-11T15:00:00.000Z',
    createdBy: 'local',
    discarded: null,
    series: null,
    connectionId: 'a',
    connectionName: 'niaga',
    current: newest,
    newest,
    ...change,
  };
}
const retry: RetryNeed = {
  kind: 'retrying',
  runId: RunId.parse('R-0006'),
  name: 'Ramp',
  direction: 'apply',
  stepId: StepId.parse('s4'),
  action: 'ModifyRecordFields',
  code: 'InternalError',
  since: '2026-12-12T00:00:00.000Z',
  attempt: 12,
  until: '2026-12-12T00:05:00.000Z',
};

/** Returns a scheduled diversion whose last re-validation has failed. */
const invalid = () => {
  const problems = [{ kind: 'unapproved', values: {} }];
  const scheduled = testRevision({ runId: RunId.parse('R-0005'), cutover: testCutover, problems });
  return diversion(5, { name: 'Night sale', attention: ['revalidation'], current: scheduled });
};

describe('the list of what needs attention', () => {
  it('is empty without urgent items when no source has any', () => {
    expect(list()).toEqual({ items: [], total: 0, isUrgent: false, unread: [] });
  });

  it('is sorted by urgency: failures, then decisions, then tasks that can wait', () => {
    const conflict = { runIds: [RunId.parse('R-0001'), RunId.parse('R-0002')], object: 'flash' } as const;
    const connection = { id: 'a', name: 'niaga', kind: 'sandbox' } as const;
    const { items, total, isUrgent } = list({
      background: read(2),
      drift: read({ a: 3 }),
      health: read({
        connections: [
          {
            connection,
            readAt: null,
            targets: { alive: 0, dead: 0, unknown: 0, unchecked: 0, unread: 0 },
            failing: [],
            failingTotal: 0,
            functions: { ready: 0, notReady: [] },
            balancersDown: [],
            failedSync: { at: '2026-12-12T00:00:00.000Z', code: 'AuthFailure', requestId: null },
          },
        ],
      }),
      diversions: read([
        diversion(3, { attention: ['stopped', 'unapproved', 'blocked', 'newerRevision'] }),
        invalid(),
      ]),
      schedule: read({ conflicts: [conflict] }),
      running: read([{ retry: null }, { retry }]),
      alerts: read({
        open: [alert],
        runs: { open: 1, acknowledged: 0 },
        switches: { open: 0, acknowledged: 0 },
      }),
    });
    expect(kindsOf(items)).toEqual([
      ...[
        'alert',
        'retrying',
        'revalidation',
        'conflict',
        'stopped',
        'syncFailed',
        'unapproved',
        'drift',
        'background',
      ],
      ...['blocked', 'newerRevision'],
    ]);
    expect(total).toBe(items.length);
    expect(isUrgent).toBe(true);
    expect(items.find(({ kind }) => kind === 'drift')).toMatchObject({ connectionName: 'niaga', count: 3 });
  });

  it('includes a missing worker before all else', () => {
    const { items, isUrgent } = list({ worker: read('otherVersion'), background: read(1) });
    expect(items).toEqual([
      { kind: 'worker', worker: 'otherVersion' },
      { kind: 'background', count: 1 },
    ]);
    expect(isUrgent).toBe(true);
  });

  it('includes an occurrence that could not be scheduled, with T0 and reasons, even without a plan', () => {
    const series = {
      kind: 'occurrence',
      of: DiversionId.parse('D-0009'),
      date: '2026-12-12',
      t0: '2026-12-12T13:00:00.000Z',
      zone: 'Asia/Jakarta',
      problems: [{ message: 't0.frozen' }],
    } as const;
    const unscheduled = diversion(1, { attention: ['unscheduled'], series, newest: null, current: null });
    expect(list({ diversions: read([unscheduled]) })).toMatchObject({
      items: [{ kind: 'unscheduled', diversionId: 'D-0001', t0: series.t0, problems: series.problems }],
      isUrgent: true,
    });
  });

  it('includes a stopped run once: by its alert, or by its diversion when the alert is acknowledged', () => {
    const diversions = read([diversion(1, { attention: ['stopped'] })]);
    const open = {
      open: [alert],
      runs: { open: 1, acknowledged: 0 },
      switches: { open: 0, acknowledged: 0 },
    };
    expect(kindsOf(list({ diversions, alerts: read(open) }).items)).toEqual(['alert']);
    expect(list({ diversions })).toMatchObject({
      items: [{ kind: 'attention', attention: 'stopped', runId: 'R-0001' }],
      isUrgent: false,
    });
  });

  it('includes a failed re-validation with T0 and problems, from the same list as Diversions', () => {
    expect(list({ diversions: read([invalid()]) })).toMatchObject({
      items: [
        { kind: 'revalidation', runId: 'R-0005', t0: testCutover.t0, problems: [{ kind: 'unapproved' }] },
      ],
      isUrgent: true,
    });
  });

  it('counts all, and lists the first twelve', () => {
    const many = Array.from({ length: 15 }, (_, nth) => diversion(nth, { attention: ['unapproved'] }));
    const { items, total } = list({
      diversions: read(many),
      alerts: read({
        open: [alert],
        runs: { open: 21, acknowledged: 0 },
        switches: { open: 0, acknowledged: 0 },
      }),
    });
    expect(items).toHaveLength(12);
    // 20 further alerts were counted and not read.
    expect(total).toBe(36);
  });

  it('names each source that could not be read, and includes the others', () => {
    const { items, unread } = list({ drift: failed('ab12'), alerts: failed('cd34'), background: read(1) });
    expect(kindsOf(items)).toEqual(['background']);
    expect(unread).toEqual([
      { source: 'alerts', code: 'cd34' },
      { source: 'drift', code: 'ab12' },
    ]);
  });
});
