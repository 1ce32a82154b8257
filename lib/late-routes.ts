import { type FunctionPath, routes } from './routes';

const functionParams = (id: FunctionPath) =>
  new URLSearchParams({ region: id.region, namespace: id.namespace, name: id.name });

/** The paths that few pages link to. They are apart from `routes`, which every page loads. */
export const lateRoutes = {
  /** A rehearsal with its report. */
  rehearsal: (rehearsalId: string) => `/rehearsals/${encodeURIComponent(rehearsalId)}`,
  /** The report of a rehearsal, to print. */
  rehearsalReport: (rehearsalId: string) => `/rehearsals/${encodeURIComponent(rehearsalId)}/report`,
  /** The page of a link of an alert. */
  alertLink: (token: string) => `/alert-links/${encodeURIComponent(token)}`,
  api: {
    /** The evidence about a run as a file. */
    record: (runId: string) => `${routes.api.run(runId)}/record`,
    /**
     * The audit log as JSON lines.
     * @param search as of `routes.audit`
     */
    auditFile: (search: string) => `/api/audit/export${search}`,
    rehearsals: (planId: string) => `/api/plans/${encodeURIComponent(planId)}/rehearsals`,
    rehearsal: (rehearsalId: string) => `/api/rehearsals/${encodeURIComponent(rehearsalId)}`,
    /** Its report as a file. */
    rehearsalFile: (rehearsalId: string) => `/api/rehearsals/${encodeURIComponent(rehearsalId)}/report`,
    estate: (connectionId: string) => `/api/connections/${encodeURIComponent(connectionId)}/estate`,
    /** A part of the estate, by the parameters of its view. */
    estatePart: (connectionId: string, part: 'map' | 'routes' | 'node', query: URLSearchParams) =>
      `/api/connections/${encodeURIComponent(connectionId)}/${part}?${query}`,
    pastEstate: (connectionId: string, at: string) =>
      `/api/connections/${encodeURIComponent(connectionId)}/past?${new URLSearchParams({ at })}`,
    estateChanges: (connectionId: string, span: Readonly<Record<string, string>>) =>
      `/api/connections/${encodeURIComponent(connectionId)}/changes?${new URLSearchParams(span)}`,
    bindings: (connectionId: string, query: URLSearchParams) =>
      `/api/connections/${encodeURIComponent(connectionId)}/bindings?${query}`,
    bindingsCsv: (connectionId: string, query: URLSearchParams) =>
      `/api/connections/${encodeURIComponent(connectionId)}/bindings.csv?${query}`,
    functions: (connectionId: string, query: URLSearchParams) =>
      `/api/connections/${encodeURIComponent(connectionId)}/functions?${query}`,
    function: (connectionId: string, id: FunctionPath) =>
      `/api/connections/${encodeURIComponent(connectionId)}/function?${functionParams(id)}`,
    functionPart: (
      connectionId: string,
      id: FunctionPath,
      part: Readonly<Record<string, string | number>>,
    ) => {
      const query = functionParams(id);
      for (const [key, value] of Object.entries(part)) query.set(key, String(value));
      return `/api/connections/${encodeURIComponent(connectionId)}/function-part?${query}`;
    },
    historyPlaces: (connectionId: string, search: string) =>
      `/api/connections/${encodeURIComponent(connectionId)}/history-places?${new URLSearchParams({ search })}`,
    /** The requests of a past event. */
    trafficHistory: (
      connectionId: string,
      place: Readonly<Record<string, string | null>>,
      span: { readonly from: string; readonly to: string },
    ) => {
      const query = new URLSearchParams(span);
      for (const [name, value] of Object.entries(place)) if (value !== null) query.set(name, value);
      return `/api/connections/${encodeURIComponent(connectionId)}/traffic-history?${query}`;
    },
    drift: (connectionId: string) => `/api/connections/${encodeURIComponent(connectionId)}/drift`,
    planSchema: () => '/api/plans/schema',
    planExport: (planId: string, form: 'json' | 'tccli' | 'tccli-back' | 'terraform') =>
      `/api/plans/${encodeURIComponent(planId)}/${form}`,
    /** The feed for calendar programs. */
    calendar: (token: string) => `/api/calendar/${encodeURIComponent(token)}/schedule.ics`,
  },
} as const;
