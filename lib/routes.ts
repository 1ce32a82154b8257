/** A function as addresses name it. */
export type FunctionPath = { readonly region: string; readonly namespace: string; readonly name: string };

/** The tabs of a diversion's page. */
export const diversionTabs = ['now', 'changes', 'activity'] as const;
export type DiversionTab = (typeof diversionTabs)[number];

/** The paths of the app. */
export const routes = {
  overview: () => '/',
  estate: (connectionId?: string) =>
    connectionId ? `/estate?connection=${encodeURIComponent(connectionId)}` : '/estate',
  /** The editor, with its initial values if they are known. */
  newDiversion: (
    connectionId: string,
    {
      spanned = [],
      warm = [],
      ...asked
    }: {
      kind?: 'access' | 'switch' | 'split';
      domain?: string;
      rule?: string;
      /** A function to publish, as `REGION/NAMESPACE/NAME`. */
      function?: string;
      /** Further connections that it spans. */
      spanned?: readonly string[];
      /** Provisioned concurrency to set, as `writeWarm` writes it. */
      warm?: readonly string[];
      /** The lead of prewarm to set, in seconds. */
      prewarm?: string;
      /** The diversion to edit: reviewing makes its next revision. */
      diversion?: string;
      /** The field of a diversion at which the editor opens, such as `routes.0.listenerId`. */
      field?: string;
    } = {},
  ) => {
    const query = new URLSearchParams({ connection: connectionId, ...asked });
    for (const id of spanned) query.append('with', id);
    for (const each of warm) query.append('warm', each);
    return `/diversions/new?${query}`;
  },
  /** One selected node of the estate: `ru:…`, `ls:…` and the like. */
  estateNode: (connectionId: string, node: string) =>
    `/estate?${new URLSearchParams({ connection: connectionId, node })}`,
  /** The estate, searched for a name. */
  estateSearch: (connectionId: string, search: string) =>
    `/estate?${new URLSearchParams({ connection: connectionId, q: search })}`,
  /** The estate as it was at an instant (ISO). */
  pastEstate: (connectionId: string, at: string) =>
    `/estate?${new URLSearchParams({ connection: connectionId, at })}`,
  changes: (connectionId?: string) =>
    connectionId ? `/changes?connection=${encodeURIComponent(connectionId)}` : '/changes',
  /** The changes from an instant (ISO) until now. */
  changesSince: (connectionId: string, from: string) =>
    `/changes?${new URLSearchParams({ connection: connectionId, from })}`,
  bindings: (connectionId?: string) =>
    connectionId ? `/bindings?connection=${encodeURIComponent(connectionId)}` : '/bindings',
  functions: (connectionId?: string) =>
    connectionId ? `/functions?connection=${encodeURIComponent(connectionId)}` : '/functions',
  /** A function's page, and its tab; absent = the first. */
  function: (connectionId: string, { region, namespace, name }: FunctionPath, tab?: string) => {
    const path = [connectionId, region, namespace, name].map(encodeURIComponent).join('/');
    return `/functions/${path}${tab === undefined ? '' : `?tab=${encodeURIComponent(tab)}`}`;
  },
  drift: (connectionId?: string) =>
    connectionId ? `/drift?connection=${encodeURIComponent(connectionId)}` : '/drift',
  diversions: () => '/diversions',
  /** The page of a diversion, of its current revision unless another plan or run is named. */
  diversion: (
    diversionId: string,
    shown: { plan?: string; run?: string; tab?: DiversionTab; reschedule?: '' } = {},
  ) => {
    const query = new URLSearchParams(shown).toString();
    return `/diversions/${encodeURIComponent(diversionId)}${query === '' ? '' : `?${query}`}`;
  },
  /** A page about the diversion to print. */
  postMortem: (diversionId: string) => `/diversions/${encodeURIComponent(diversionId)}/post-mortem`,
  /** Leads to the page of its diversion. */
  plan: (planId: string) => `/plans/${encodeURIComponent(planId)}`,
  switches: () => '/failover',
  /** One Switch on the switchboard. */
  switch: (switchId: string) => `/failover#${encodeURIComponent(switchId)}`,
  newSwitch: (connectionId: string) => `/failover/new?connection=${encodeURIComponent(connectionId)}`,
  sandbox: () => '/sandbox',
  /** Leads to the page of its diversion. */
  run: (runId: string) => `/runs/${encodeURIComponent(runId)}`,
  /** All evidence about a run, to print. */
  record: (runId: string) => `/runs/${encodeURIComponent(runId)}/record`,
  schedule: () => '/schedule',
  /** @param planId the plan of the event to simulate */
  capacity: (planId?: string) =>
    planId === undefined ? '/capacity' : `/capacity?${new URLSearchParams({ plan: planId })}`,
  settings: () => '/settings',
  /** @param search of the address: '' or `?actor=…` */
  audit: (search = '') => `/audit${search}`,
  /** @param next the page to open after the sign-in */
  signIn: (next?: string) => (next === undefined ? '/sign-in' : `/sign-in?${new URLSearchParams({ next })}`),
  /** @param next the page to open once the person has a second factor */
  secondFactor: (next: string) => `/second-factor?${new URLSearchParams({ next })}`,
  /** The token is in the fragment, which browsers send to no server. */
  setUp: (token?: string) => (token === undefined ? '/set-up' : `/set-up#${token}`),
  /** The runbook, at the section of a reason for which a run is stopped. */
  runbook: (section?: string) => (section === undefined ? '/runbook' : `/runbook#${section}`),
  timeZone: () => '/settings#time-zone',
  /** A rehearsal with its report. */
  rehearsal: (rehearsalId: string) => `/rehearsals/${encodeURIComponent(rehearsalId)}`,
  /** The report of a rehearsal, to print. */
  rehearsalReport: (rehearsalId: string) => `/rehearsals/${encodeURIComponent(rehearsalId)}/report`,
  /** The page of a link of an alert. */
  alertLink: (token: string) => `/alert-links/${encodeURIComponent(token)}`,
  api: {
    health: () => '/api/health',
    live: () => '/api/health/live',
    activity: (diversionId: string) => `/api/diversions/${encodeURIComponent(diversionId)}/activity`,
    draftCheck: () => '/api/drafts/check',
    draftOptions: () => '/api/drafts/options',
    draftCreating: () => '/api/drafts/creating',
    planImport: () => '/api/plans/import',
    changes: () => '/api/changes',
    switchScript: (switchId: string) => `/api/switches/${encodeURIComponent(switchId)}/script`,
    sandboxData: () => '/api/sandbox/data',
    /** The evidence about a run as a file. */
    record: (runId: string) => `/api/runs/${encodeURIComponent(runId)}/record`,
    /**
     * The audit log as JSON lines.
     * @param search as of `routes.audit`
     */
    auditFile: (search: string) => `/api/audit/export${search}`,
    /** The report of a rehearsal as a file. */
    rehearsalFile: (rehearsalId: string) => `/api/rehearsals/${encodeURIComponent(rehearsalId)}/report`,
    bindingsCsv: (connectionId: string, query: URLSearchParams) =>
      `/api/connections/${encodeURIComponent(connectionId)}/bindings.csv?${query}`,
    planSchema: () => '/api/plans/schema',
    planExport: (planId: string, form: 'json' | 'tccli' | 'tccli-back' | 'terraform') =>
      `/api/plans/${encodeURIComponent(planId)}/${form}`,
    /** The feed for calendar programs. */
    calendar: (token: string) => `/api/calendar/${encodeURIComponent(token)}/schedule.ics`,
  },
} as const;
