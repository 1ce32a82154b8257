import type { AlertsView } from '@/lib/contract/alert';
import type { RequestedApproval } from '@/lib/contract/approval';
import type { DiversionSummary } from '@/lib/contract/diversion';
import type {
  HealthOverview,
  NeedSource,
  NeedsView,
  NeedView,
  PartView,
  RailView,
  RunningView,
} from '@/lib/contract/overview';
import type { ScheduleView } from '@/lib/contract/schedule';
import type { Attention } from '@/lib/run/model/diversion-state';

/** The maximum number listed; the count includes all. */
const shownMax = 12;

/** All sources of open tasks, each read independently. */
export type NeedParts = {
  readonly worker: PartView<RailView['worker']>;
  readonly alerts: PartView<AlertsView>;
  readonly diversions: PartView<readonly DiversionSummary[]>;
  readonly schedule: PartView<Pick<ScheduleView, 'conflicts'>>;
  readonly running: PartView<readonly Pick<RunningView, 'retry'>[]>;
  /** Drifted objects by connection. */
  readonly drift: PartView<Readonly<Record<string, number>>>;
  readonly health: PartView<Pick<HealthOverview, 'connections'>>;
  /** Failing background tasks. */
  readonly background: PartView<number>;
};

const sources: readonly Exclude<NeedSource, 'requests'>[] = [
  'worker',
  'alerts',
  'diversions',
  'schedule',
  'drift',
  'health',
  'background',
];

/** The urgency of each kind, the most urgent first. */
const order = [
  'approvalRequest',
  'worker',
  'alert',
  'retrying',
  'revalidation',
  'conflict',
  'unscheduled',
  'stopped',
  'missedT0',
  'syncFailed',
  'unapproved',
  'drift',
  'background',
  'blocked',
  'newerRevision',
] as const satisfies readonly (Exclude<NeedView['kind'], 'attention'> | Attention)[];

const getRank = (need: NeedView) => order.indexOf(need.kind === 'attention' ? need.attention : need.kind);

/** Kinds that are faults now, rather than pending decisions. */
const urgent: readonly NeedView['kind'][] = [
  'worker',
  'alert',
  'retrying',
  'revalidation',
  'conflict',
  'unscheduled',
];
const isUrgent = ({ kind }: NeedView) => urgent.includes(kind);

/** Returns the open tasks, the most urgent first, and the sources that could not be read. Pure. */
export function listNeeds(parts: NeedParts, connectionNames: ReadonlyMap<string, string>): NeedsView {
  const worker = parts.worker.value ?? 'live';
  const all = [
    ...(worker === 'live' ? [] : [{ kind: 'worker', worker } satisfies NeedView]),
    ...(parts.alerts.value?.open ?? []).map((alert): NeedView => ({ kind: 'alert', alert })),
    ...(parts.running.value ?? []).flatMap(({ retry }): NeedView[] => (retry === null ? [] : [retry])),
    ...listAttentions(parts),
    ...(parts.schedule.value?.conflicts ?? []).map(
      (conflict): NeedView => ({ kind: 'conflict', ...conflict }),
    ),
    ...(parts.health.value?.connections ?? []).flatMap(({ connection, failedSync }): NeedView[] =>
      failedSync === null
        ? []
        : [
            {
              kind: 'syncFailed',
              connectionId: connection.id,
              connectionName: connection.name,
              ...failedSync,
            },
          ],
    ),
    ...Object.entries(parts.drift.value ?? {}).flatMap(([connectionId, count]): NeedView[] =>
      count === 0
        ? []
        : [
            {
              kind: 'drift',
              connectionId,
              connectionName: connectionNames.get(connectionId) ?? connectionId,
              count,
            },
          ],
    ),
    ...(parts.background.value
      ? [{ kind: 'background', count: parts.background.value } satisfies NeedView]
      : []),
  ];
  const sorted = all.toSorted((a, b) => getRank(a) - getRank(b));
  // More alerts may be open than were read.
  const { runs, switches } = parts.alerts.value ?? { runs: { open: 0 }, switches: { open: 0 } };
  const unlisted = runs.open + switches.open - (parts.alerts.value?.open.length ?? 0);
  return {
    items: sorted.slice(0, shownMax),
    total: sorted.length + unlisted,
    isUrgent: sorted.some(isUrgent),
    unread: sources.flatMap((source) => {
      const { code } = parts[source];
      return code === null ? [] : [{ source, code }];
    }),
  };
}

/** Adds the requests for approval to a person, before all else: someone waits for them. Pure. */
export function addRequests(needs: NeedsView, requests: PartView<readonly RequestedApproval[]>): NeedsView {
  const own = (requests.value ?? []).map((request): NeedView => ({ kind: 'approvalRequest', request }));
  const unread = requests.code === null ? [] : [{ source: 'requests', code: requests.code } as const];
  return {
    ...needs,
    items: [...own, ...needs.items].slice(0, shownMax),
    total: needs.total + own.length,
    unread: [...unread, ...needs.unread],
  };
}

/** Returns the open tasks of diversions, which `listAttention` finds, without runs that an open alert already names. */
function listAttentions({ alerts, diversions }: NeedParts): readonly NeedView[] {
  const alerted = new Set((alerts.value?.open ?? []).map(({ subject }) => String(subject.id)));
  return (diversions.value ?? []).flatMap(({ id, name, attention, current, newest, series }) =>
    attention.flatMap((each): NeedView[] => {
      if (each === 'unscheduled') {
        if (series?.kind !== 'occurrence') return [];
        const { t0, zone, problems } = series;
        return [{ kind: 'unscheduled', diversionId: id, name, t0, zone, problems }];
      }
      if (each === 'revalidation') {
        if (current?.runId == null || current.cutover === null) return [];
        const { runId, problems, cutover } = current;
        return [{ kind: each, runId, name, problems, t0: cutover.t0, zone: cutover.zone }];
      }
      const isOfRun = each === 'stopped' || each === 'missedT0';
      const revision = isOfRun ? current : newest;
      if (revision === null) return [];
      const { planId, runId, number, blocks, approvals } = revision;
      if (isOfRun && runId !== null && alerted.has(runId)) return [];
      const { given, needed } = approvals;
      return [
        {
          kind: 'attention',
          attention: each,
          diversionId: id,
          name,
          planId,
          runId,
          number,
          blocks,
          given,
          needed,
        },
      ];
    }),
  );
}
