import { expect, it } from 'vitest';
import { type Alert, defaultAlertEvents, isRouted } from './alert';

const alert: Alert = {
  event: 'held',
  incident: 'run R-0001',
  state: '7',
  title: 'Held',
  text: 'x',
  path: '/runs/R-0001',
  at: '2026-12-12T00:00:00.000Z',
  connectionId: 'a',
};
const route = { events: defaultAlertEvents, connectionId: null, since: '2026-12-11T00:00:00.000Z' };

it('routes by event, by connection, and nothing from before the channel existed', () => {
  expect(isRouted(route, alert)).toBe(true);
  expect(isRouted({ ...route, events: ['failover'] }, alert)).toBe(false);
  expect(isRouted({ ...route, connectionId: 'a' }, alert)).toBe(true);
  expect(isRouted({ ...route, connectionId: 'b' }, alert)).toBe(false);
  expect(isRouted({ ...route, connectionId: 'b' }, { ...alert, connectionId: null })).toBe(true);
  expect(isRouted({ ...route, since: '2026-12-12T00:00:00.001Z' }, alert)).toBe(false);
});

it('is quiet by default: only what needs a person', () => {
  expect(defaultAlertEvents).toEqual([
    'held',
    'missedT0',
    'guardBreach',
    'failover',
    'failoverStuck',
    'revalidationFailed',
    'approvalRequested',
  ]);
});
