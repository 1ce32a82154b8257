import type { DiversionId } from '@/lib/diversion/diversion';
import type { PlanId } from '@/lib/plan/model/model';
import type { BreakGlass } from '@/lib/policy/approval';
import type { DnsSplit, SplitTest } from '@/lib/run/model/dns-split';
import type { FailedProbe } from '@/lib/run/model/failover';
import type { RecordedCall, StepProbe } from '@/lib/run/model/list-cloud-calls';
import type { RunReport } from '@/lib/run/model/run-report';
import type { AuditEntryView } from './audit';
import type { ActivityEntry, RunWatchView } from './diversion';
import type { RunConvergenceView } from './run-convergence';

/** An approval of a plan, also a withdrawn one. */
export type RecordedApproval = {
  readonly name: string;
  readonly comment: string;
  readonly actor: string;
  readonly at: string;
  readonly withdrawnAt: string | null;
  /** The hash of the plan that was reviewed. */
  readonly hash: string;
};

/**
 * All evidence about one run: what was planned, who approved it, what happened, which calls the cloud knows, what probes
 * saw, and who did what.
 */
export type RunRecordView = {
  readonly diversionId: DiversionId;
  readonly account: string;
  readonly plan: {
    readonly id: PlanId;
    readonly hash: string;
    /** True if the stored plan has that hash. */
    readonly isIntact: boolean;
    readonly createdBy: string;
    readonly createdAt: string;
  };
  readonly report: Omit<RunReport, 'plan'>;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly approvals: readonly RecordedApproval[];
  /** The decision that it ran without the approvals that its plan needs; null = no one decided that. */
  readonly breakGlass: BreakGlass | null;
  /** Of the run and its plan, oldest first. */
  readonly activity: readonly ActivityEntry[];
  readonly calls: readonly RecordedCall[];
  readonly probes: readonly StepProbe[];
  readonly watch: RunWatchView | null;
  /** The answers of resolvers and agents about the names that it moved. */
  readonly convergence: RunConvergenceView;
  /** The last measured share of the function against the intended one; null = nothing to compare. */
  readonly split: SplitTest | null;
  /** The same for the DNS answers of vantage points. */
  readonly dnsSplit: DnsSplit | null;
  /** The failed probes that a failover was decided by; null = a person or the clock started the run. */
  readonly failoverProbes: readonly FailedProbe[] | null;
  /** When details were removed from the journal; null = it is whole. */
  readonly prunedAt: string | null;
  /** The newest entries about the run and its plan, oldest first; null = the reader has no right to read them. */
  readonly audit: readonly AuditEntryView[] | null;
  /** The end of the audit log, as an anchor. */
  readonly head: { readonly seq: number; readonly hash: string };
};
