import { routes } from './routes';

/** The paths of records. They are apart from `routes`, which every page loads, because few pages link to them. */
export const recordRoutes = {
  /** All evidence about a run, to print. */
  run: (runId: string) => `${routes.run(runId)}/record`,
  /** The same as a file. */
  runFile: (runId: string) => `${routes.api.run(runId)}/record`,
  /**
   * The audit log as JSON lines.
   * @param search as of `routes.audit`
   */
  auditFile: (search: string) => `/api/audit/export${search}`,
} as const;
