/** Every path of the app, in one place. */
export const routes = {
  estate: (connectionId?: string) =>
    connectionId ? `/estate?connection=${encodeURIComponent(connectionId)}` : '/estate',
  newSplit: (connectionId: string) => `/diversions/new?connection=${encodeURIComponent(connectionId)}`,
  plans: () => '/plans',
  plan: (planId: string) => `/plans/${encodeURIComponent(planId)}`,
  runs: () => '/runs',
  sandbox: () => '/sandbox',
  run: (runId: string) => `/runs/${encodeURIComponent(runId)}`,
  schedule: () => '/schedule',
  settings: () => '/settings',
  api: {
    live: () => '/api/health/live',
    estate: (connectionId: string) => `/api/connections/${encodeURIComponent(connectionId)}/estate`,
    deployment: (deploymentId: string) => `/api/deployments/${encodeURIComponent(deploymentId)}`,
    run: (runId: string) => `/api/runs/${encodeURIComponent(runId)}`,
    changes: () => '/api/changes',
    schedule: () => '/api/schedule',
    line: () => '/api/line',
    sandbox: () => '/api/sandbox',
    sandboxWorld: () => '/api/sandbox/world',
  },
} as const;
