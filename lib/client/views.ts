import type { CloudErrorData } from '@/lib/cloud/errors';
import type { DeployStage, SyncProgress } from '@/lib/cloud/port';
import type { Estate } from '@/lib/estate/model';
import type { Plan } from '@/lib/plan/model';
import type { Finding } from '@/lib/preflight/model';
import type { RunState } from '@/lib/run/model';

/** What the browser may know of a connection: never a key. */
export type ConnectionView = {
  readonly id: string;
  readonly name: string;
  readonly kind: 'sandbox' | 'tencent';
  /** null until the first sync has read it. */
  readonly uin: string | null;
  /** Listener ports below 1024 answer at port + this. */
  readonly portOffset: number;
  /**
   * How well the sandbox keeps function code apart from this machine: not at all in `weak`, where it runs as the same
   * user; in `user` it can reach what listens on loopback, this dashboard too. null for a real account.
   */
  readonly isolation: 'jail' | 'user' | 'weak' | null;
};

export type SyncView =
  | { readonly state: 'never' }
  | { readonly state: 'running'; readonly startedAt: string; readonly progress: SyncProgress | null }
  | {
      readonly state: 'done';
      readonly finishedAt: string;
      readonly calls: number;
      readonly durationMs: number;
    }
  | { readonly state: 'failed'; readonly finishedAt: string; readonly error: CloudErrorData };

/** GET /api/connections/[id]/estate */
export type EstateView = { readonly estate: Estate | null; readonly sync: SyncView };

/** GET /api/deployments/[id] */
export type DeploymentView = {
  readonly id: string;
  readonly function: { readonly region: string; readonly namespace: string; readonly name: string };
} & (
  | { readonly state: 'running'; readonly stage: DeployStage | null }
  | { readonly state: 'done'; readonly version: string }
  | { readonly state: 'failed'; readonly error: CloudErrorData }
);

export type PlanView = {
  readonly id: string;
  readonly hash: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly connection: ConnectionView;
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly runId: string | null;
};

export type RunSummary = {
  readonly id: string;
  readonly planId: string;
  readonly name: string;
  readonly connectionName: string;
  readonly state: RunState;
  readonly createdAt: string;
  readonly actor: string;
};

export type PlanSummary = {
  readonly id: string;
  readonly name: string;
  readonly connectionName: string;
  readonly createdAt: string;
  readonly steps: number;
  readonly blocks: number;
  readonly runId: string | null;
};

/** What every server action answers: field errors are message keys by field path, `form` concerns the whole. */
export type ActionError = {
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly form: {
    readonly message: string;
    readonly values?: Readonly<Record<string, string | number>>;
  } | null;
};
