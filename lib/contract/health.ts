import type { WorkerProblem } from '@/lib/worker-problem';

/** The response of `/api/health`, for the page that shows it. */
export type HealthView = {
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly reason?: string }[];
  readonly problems: readonly (WorkerProblem & { readonly worker: string })[];
  /** The processes of this dashboard's launcher; none where no launcher has started it. */
  readonly parts: readonly {
    readonly name: string;
    readonly state: 'starting' | 'up' | 'failing' | 'stopped';
    /** ISO instant. */
    readonly since: string;
    /** The reason that it is failing. */
    readonly reason: string | null;
  }[];
  /** The disks that data and database are on. */
  readonly disks: readonly {
    readonly folder: string;
    readonly freeBytes: number;
    readonly sizeBytes: number;
    readonly state: 'ok' | 'low' | 'full';
  }[];
  /** Lines of the log file that could not be written since the launcher started. */
  readonly logLinesLost: number;
};
