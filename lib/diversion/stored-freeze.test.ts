import { expect, it } from 'vitest';
import { findFreeze } from './freeze-times';
import { readStoredFreeze } from './stored-freeze';

const now = '2027-03-01T12:00:00.000Z';

it.each([
  ['no object', 'damaged'],
  ['nothing', null],
  ['an unknown kind', { kind: 'weekly' }],
  ['an invalid instant', { kind: 'once', from: 'yesterday', to: '2027-03-02T00:00:00.000Z' }],
  ['an unknown zone', { kind: 'daily', fromMinute: 0, toMinute: 60, zone: 'Mars/Base' }],
  ['minutes that are text', { kind: 'daily', fromMinute: '0', toMinute: '60', zone: 'UTC' }],
])('freezes all time under the name of a freeze that has %s', (_, span) => {
  const freeze = readStoredFreeze({ id: 3, name: 'Settlement', span });
  expect(freeze).toMatchObject({ id: 3, name: 'Settlement', isUnread: true });
  expect(findFreeze([freeze], now, now)).toBe(freeze);
});

it('keeps the times of a valid freeze, and names one without a name by its id', () => {
  const span = { kind: 'daily', fromMinute: 0, toMinute: 60, zone: 'UTC' } as const;
  const freeze = readStoredFreeze({ id: 3, name: ' ', span });
  expect(freeze).toEqual({ id: 3, name: '#3', span });
  expect(findFreeze([freeze], now, now)).toBeNull();
});
