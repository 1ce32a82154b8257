import { describe, expect, it } from 'vitest';
import { type Alert, type AlertRoute, defaultAlertEvents, everything, isRouted, selectAlerts } from './alert';

const alert: Alert = {
  event: 'stopped',
  incident: 'run R-0001',
  state: '7',
  title: 'Stopped',
  text: 'x',
  path: '/runs/R-0001',
  at: '2026-12-12T00:00:00.000Z',
  scope: { connectionIds: ['a'], regions: ['ap-jakarta'], domains: ['shop.example.com'] },
  leadMinutes: null,
};
const route: AlertRoute = {
  events: defaultAlertEvents,
  minSeverity: 'info',
  connectionId: null,
  regions: [],
  domains: [],
  leadMinutes: [60, 10],
  since: '2026-12-11T00:00:00.000Z',
};

describe('a route', () => {
  it('is by event and severity, and excludes what was before the channel existed', () => {
    expect(isRouted(route, alert)).toBe(true);
    expect(isRouted({ ...route, events: ['failover'] }, alert)).toBe(false);
    expect(isRouted({ ...route, minSeverity: 'critical' }, alert)).toBe(true);
    const drift: Alert = { ...alert, event: 'drift' };
    expect(isRouted({ ...route, minSeverity: 'warning' }, drift)).toBe(true);
    expect(isRouted({ ...route, minSeverity: 'critical' }, drift)).toBe(false);
    expect(isRouted({ ...route, since: '2026-12-12T00:00:00.001Z' }, alert)).toBe(false);
  });

  it('is by connection, region and domain; what has none concerns all', () => {
    const all = { ...alert, scope: everything };
    const cases: readonly [Partial<AlertRoute>, boolean][] = [
      [{ connectionId: 'a' }, true],
      [{ connectionId: 'b' }, false],
      [{ regions: ['ap-singapore', 'ap-jakarta'] }, true],
      [{ regions: ['ap-singapore'] }, false],
      [{ domains: ['shop.example.com'] }, true],
      [{ domains: ['*.example.com'] }, true],
      [{ domains: ['example.com'] }, false],
      [{ domains: ['*.shop.example.com'] }, false],
      [{ domains: ['*.ample.com'] }, false],
      [{ connectionId: 'a', regions: ['ap-jakarta'], domains: ['*.example.org'] }, false],
    ];
    for (const [limits, isExpected] of cases) {
      expect([limits, isRouted({ ...route, ...limits }, alert)]).toEqual([limits, isExpected]);
      expect(isRouted({ ...route, ...limits }, all)).toBe(true);
    }
  });

  it('tells of the shortest lead time that has passed, of each run', () => {
    const soon = (leadMinutes: number, incident = 'run R-0001'): Alert => ({
      ...alert,
      event: 'startsSoon',
      incident,
      leadMinutes,
    });
    const leads = (alerts: readonly Alert[], changes: Partial<AlertRoute> = {}) =>
      selectAlerts({ ...route, events: ['startsSoon', 'stopped'], ...changes }, alerts).map(
        (each) => each.leadMinutes,
      );
    expect(leads([soon(60)])).toEqual([60]);
    expect(leads([soon(60), soon(10), soon(5), soon(60, 'run R-0002'), alert])).toEqual([10, 60, null]);
    expect(leads([soon(60), soon(10)], { leadMinutes: [60] })).toEqual([60]);
  });
});

it('is quiet by default: only what needs a person', () => {
  expect(defaultAlertEvents).toEqual([
    'breakGlass',
    'stopped',
    'missedT0',
    'guardBreach',
    'failover',
    'failoverStuck',
    'revalidationFailed',
    'approvalRequested',
    'drift',
  ]);
});
