/** The subjects of alerts. There is no separate failure of a run: a run that can't continue is held. */
export const alertEvents = [
  'held',
  'missedT0',
  'guardBreach',
  'failover',
  'failoverStuck',
  'revalidationFailed',
  'approvalRequested',
  'runStarted',
  'finished',
  'rolledBack',
  'changesPaused',
] as const;
export type AlertEventKind = (typeof alertEvents)[number];

export type AlertSeverity = 'critical' | 'warning' | 'info';

/** The severity of each event. `critical`: traffic may be affected now. `warning`: a person has to act. */
export const alertSeverity: Readonly<Record<AlertEventKind | 'test', AlertSeverity>> = {
  held: 'critical',
  missedT0: 'critical',
  guardBreach: 'critical',
  failover: 'critical',
  failoverStuck: 'critical',
  revalidationFailed: 'warning',
  approvalRequested: 'warning',
  runStarted: 'info',
  finished: 'info',
  rolledBack: 'info',
  changesPaused: 'info',
  test: 'info',
};

/** The events of a new channel: those that need a person. */
export const defaultAlertEvents: readonly AlertEventKind[] = alertEvents.filter(
  (event) => alertSeverity[event] !== 'info',
);

/** Something to tell people, once per channel: `incident` and `state` identify it. Stored with its delivery. */
export type Alert = {
  readonly event: AlertEventKind | 'test';
  /** The subject, such as `run R-0001`: later alerts of the same incident have the same. */
  readonly incident: string;
  /** Identifies one state of the incident: each is told once. */
  readonly state: string;
  /** Displayable, without markup: may contain names that people chose. */
  readonly title: string;
  readonly text: string;
  /** The page where it is resolved, such as `/runs/R-0001`. */
  readonly path: string;
  /** ISO instant of the event. */
  readonly at: string;
  /** null = it concerns all connections. */
  readonly connectionId: string | null;
};

/** The part of a channel that decides which alerts it gets. */
export type AlertRoute = {
  readonly events: readonly AlertEventKind[];
  /** null = all. */
  readonly connectionId: string | null;
  /** ISO instant: what happened before is not told. */
  readonly since: string;
};

/** Returns whether a channel gets an alert. One that concerns all connections goes to the channels of each. */
export function isRouted({ events, connectionId, since }: AlertRoute, alert: Alert): boolean {
  const { event } = alert;
  if (event === 'test' || !events.includes(event) || Date.parse(alert.at) < Date.parse(since)) return false;
  return connectionId === null || alert.connectionId === null || connectionId === alert.connectionId;
}
