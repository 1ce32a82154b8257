import { type FailureCause, failureCauses } from '@/lib/rehearsal/traffic/outcomes';
import type { RunView } from '@/lib/run/model/model';
import { codeStop } from './list-timeline';
import type { RehearsalChange, RehearsalGoalResult, RehearsalReport } from './report';

/** The capacity of a cause, and the code of the change that gives more of it. */
const byCause: Readonly<Partial<Record<FailureCause, Pick<RehearsalChange, 'code' | 'place'>>>> = {
  functionConcurrency: { code: 'raiseQuota', place: 'account' },
  functionBurst: { code: 'warmMore', place: 'diversion' },
  functionColdStart: { code: 'raiseInitTimeout', place: 'account' },
  functionTimeout: { code: 'raiseTimeout', place: 'account' },
  functionError: { code: 'repairFunction', place: 'account' },
  serverBusy: { code: 'addServers', place: 'account' },
  serverTimeout: { code: 'addServers', place: 'account' },
  serverSlow: { code: 'raiseServerTimeout', place: 'account' },
  serverError: { code: 'repairServers', place: 'account' },
  serverDown: { code: 'addServers', place: 'account' },
  noBackend: { code: 'avoidGap', place: 'diversion' },
  balancerRequests: { code: 'largerLoadBalancer', place: 'account' },
  balancerConnections: { code: 'largerLoadBalancer', place: 'account' },
  balancerBandwidth: { code: 'raiseBandwidth', place: 'account' },
  noAddress: { code: 'keepRecords', place: 'diversion' },
  noListener: { code: 'serveName', place: 'diversion' },
  noRule: { code: 'serveName', place: 'diversion' },
  wrongSite: { code: 'serveName', place: 'diversion' },
  staleDns: { code: 'keepOldSide', place: 'schedule' },
  noFunction: { code: 'bindExistingVersion', place: 'diversion' },
};

/** Returns the largest number of concurrent requests that the series shows. */
function peakOf({ series }: Pick<RehearsalReport, 'series'>, name: string): number {
  return Math.max(0, ...(series.columns[name] ?? []));
}

/**
 * Returns what to change so that a rehearsal meets its goals: for each cause of lost requests, in order of their number,
 * then for each other goal that is missed.
 */
export function listChanges(
  report: Pick<RehearsalReport, 'series' | 'totals' | 'convergence'>,
  goals: readonly RehearsalGoalResult[],
  run: RunView,
): readonly RehearsalChange[] {
  const isMissed = (kind: RehearsalGoalResult['kind']) =>
    goals.some((goal) => goal.kind === kind && !goal.isMet);
  const instances = Math.ceil(peakOf(report, 'busy'));
  const provisioned = Math.floor(peakOf(report, 'provisioned'));
  const causes = failureCauses
    .map((cause) => ({ cause, count: report.totals.failedBy[cause] ?? 0 }))
    .filter(({ count }) => count >= 1)
    .toSorted((a, b) => b.count - a.count);
  const forLost = isMissed('lostShare')
    ? causes.flatMap(({ cause, count }): readonly RehearsalChange[] => {
        const found = byCause[cause];
        if (found === undefined) return [];
        return [{ ...found, values: { cause, failed: Math.round(count), instances, provisioned } }];
      })
    : [];
  const changes: readonly RehearsalChange[] = [
    ...forLost,
    ...(isMissed('waitP95Ms')
      ? [
          report.totals.coldStarts > report.totals.peakQueued
            ? ({
                code: 'warmMore',
                place: 'diversion',
                values: { cause: 'coldStart', instances, provisioned },
              } as const)
            : ({
                code: 'addServers',
                place: 'account',
                values: { cause: 'queue', queued: report.totals.peakQueued },
              } as const),
        ]
      : []),
    ...(isMissed('movedWithinS') ? [{ code: 'lowerTtl', place: 'diversion', values: {} } as const] : []),
    ...(isMissed('latenessMs')
      ? [
          (run.latenessMs ?? 0) < 0
            ? ({
                code: 'setClock',
                place: 'account',
                values: { earlyS: Math.round(-(run.latenessMs ?? 0) / 1000) },
              } as const)
            : ({
                code: 'startEarlier',
                place: 'schedule',
                values: { latenessMs: run.latenessMs ?? 0 },
              } as const),
        ]
      : []),
    ...(isMissed('cost') ? [{ code: 'reduceCost', place: 'capacity', values: {} } as const] : []),
    ...listForEnd(run, isMissed('ended')),
  ];
  // One change may answer several causes: the first says it. Each problem of a stopped plan has its own.
  return changes.filter(
    ({ code }, index) =>
      code === 'clearProblem' || changes.findIndex((other) => other.code === code) === index,
  );
}

function listForEnd(run: RunView, isMissed: boolean): readonly RehearsalChange[] {
  if (!isMissed) return [];
  const reason = run.stopped?.reason;
  if (run.state === 'stopped' && reason?.kind === 'invalid')
    return reason.problems.map(({ kind, values }) => ({
      code: 'clearProblem',
      place: 'schedule',
      values: { ...values, problem: kind },
    }));
  if (run.state === 'stopped' && run.stopped !== null) {
    const { code, values } = codeStop(run.stopped.reason);
    return [{ code: 'resolveStop', place: 'diversion', values: { ...values, reason: code } }];
  }
  const why = run.rollbackReason?.why;
  if (why?.kind === 'guard')
    return [
      {
        code: 'meetGuard',
        place: 'schedule',
        values: { measure: why.breach.guard.measure, limit: why.breach.guard.limit, value: why.breach.value },
      },
    ];
  if (why?.kind === 'missedT0')
    return [{ code: 'startEarlier', place: 'schedule', values: { latenessMs: why.lateMs } }];
  return [{ code: 'endInTime', place: 'schedule', values: { state: run.state } }];
}
