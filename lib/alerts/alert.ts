import { z } from 'zod';
import { matchesDomain } from '@/lib/match-domain';

/** The subjects of alerts. There is no separate failure of a run: a run that can't continue is stopped. */
export const alertEvents = [
  'breakGlass',
  'stopped',
  'missedT0',
  'guardBreach',
  'failover',
  'failoverStuck',
  'revalidationFailed',
  'approvalRequested',
  'drift',
  'startsSoon',
  'endsSoon',
  'runStarted',
  'finished',
  'rolledBack',
  'changesPaused',
] as const;
export type AlertEventKind = (typeof alertEvents)[number];

/** From the least urgent. */
export const alertSeverities = ['info', 'warning', 'critical'] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

/** The severity of each event. `critical`: traffic may be affected now. `warning`: a person has to act. */
export const alertSeverity: Readonly<Record<Alert['event'], AlertSeverity>> = {
  breakGlass: 'critical',
  stopped: 'critical',
  missedT0: 'critical',
  guardBreach: 'critical',
  failover: 'critical',
  failoverStuck: 'critical',
  revalidationFailed: 'warning',
  approvalRequested: 'warning',
  drift: 'warning',
  startsSoon: 'info',
  endsSoon: 'info',
  runStarted: 'info',
  finished: 'info',
  rolledBack: 'info',
  changesPaused: 'info',
  resolved: 'info',
  test: 'info',
};

/** The events of a new channel: those that need a person. */
export const defaultAlertEvents: readonly AlertEventKind[] = alertEvents.filter(
  (event) => alertSeverity[event] !== 'info',
);

/** The minutes before T0 and T1 at which a new channel is told that a run moves traffic, or rolls back. */
export const defaultLeadMinutes: readonly number[] = [60, 10];

/** The part of the estate that an alert is about; an empty list = it can't be told, or all. */
export type AlertScope = {
  readonly connectionIds: readonly string[];
  readonly regions: readonly string[];
  readonly domains: readonly string[];
};

/** The scope of what concerns everything. */
export const everything: AlertScope = { connectionIds: [], regions: [], domains: [] };

/** Something to tell people, once per channel: `incident` and `state` identify it. Stored with its delivery. */
export type Alert = {
  /** `resolved`: the incident has ended; it goes to the channels that were told of it. */
  readonly event: AlertEventKind | 'resolved' | 'test';
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
  readonly scope: AlertScope;
  /** Of `startsSoon` and `endsSoon`: for the channels that are told this many minutes before T0 or T1. null for all others. */
  readonly leadMinutes: number | null;
};

/** The part of a channel that decides which alerts it gets. */
export const AlertRoute = z.object({
  events: z.array(z.enum(alertEvents)).readonly(),
  /** The least urgent severity that it gets. */
  minSeverity: z.enum(alertSeverities),
  /** null = all. */
  connectionId: z.string().nullable(),
  /** Empty = all. */
  regions: z.array(z.string()).readonly(),
  /** Patterns of host names (`DomainPattern`); empty = all. */
  domains: z.array(z.string()).readonly(),
  leadMinutes: z.array(z.number()).readonly(),
  /** ISO instant: what happened before is not told. */
  since: z.string(),
});
export type AlertRoute = Readonly<z.infer<typeof AlertRoute>>;

/** Returns whether any of an alert's values is wanted. No wanted value, or none of the alert's own, is a match. */
function isWanted(
  wanted: readonly string[],
  found: readonly string[],
  matches: (one: string, other: string) => boolean = (one, other) => one === other,
): boolean {
  if (wanted.length === 0 || found.length === 0) return true;
  return wanted.some((one) => found.some((other) => matches(one, other)));
}

/** Returns whether a channel gets an alert. One that concerns everything goes to the channels of each part. */
export function isRouted(route: AlertRoute, { event, at, scope, leadMinutes }: Alert): boolean {
  if (
    event === 'test' ||
    event === 'resolved' ||
    !route.events.includes(event) ||
    Date.parse(at) < Date.parse(route.since)
  )
    return false;
  if (alertSeverities.indexOf(alertSeverity[event]) < alertSeverities.indexOf(route.minSeverity))
    return false;
  if (leadMinutes !== null && !route.leadMinutes.includes(leadMinutes)) return false;
  const connectionIds = route.connectionId === null ? [] : [route.connectionId];
  return (
    isWanted(connectionIds, scope.connectionIds) &&
    isWanted(route.regions, scope.regions) &&
    isWanted(route.domains, scope.domains, matchesDomain)
  );
}

/**
 * Returns the alerts that a channel gets. Of several lead times that have passed, such as those of a run that was scheduled
 * shortly before its T0, the channel is told the shortest only.
 */
export function selectAlerts(route: AlertRoute, alerts: readonly Alert[]): readonly Alert[] {
  const routed = alerts.filter((alert) => isRouted(route, alert));
  return routed.filter(
    ({ event, incident, leadMinutes }) =>
      leadMinutes === null ||
      !routed.some(
        (other) =>
          other.event === event &&
          other.incident === incident &&
          other.leadMinutes !== null &&
          other.leadMinutes < leadMinutes,
      ),
  );
}
