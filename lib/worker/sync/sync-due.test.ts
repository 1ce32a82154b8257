import { expect, it } from 'vitest';
import { type SyncTimes, syncDue } from './sync-due';

const minute = 60_000;
const now = 1_000 * minute;
const paces = { partsS: 60, wholeS: 600 };
const fresh: SyncTimes = {
  now,
  takenAt: now,
  partsAt: null,
  runningSince: null,
  failedAt: null,
  attemptedAt: null,
};

it.each<[what: string, times: Partial<SyncTimes>, due: 'whole' | 'parts' | null]>([
  ['just read', {}, null],
  ['read a minute ago', { takenAt: now - minute }, 'parts'],
  ['parts looked at since', { takenAt: now - 3 * minute, partsAt: now - 0.5 * minute }, null],
  ['parts due again', { takenAt: now - 3 * minute, partsAt: now - minute }, 'parts'],
  ['all of it due', { takenAt: now - 10 * minute, partsAt: now }, 'whole'],
  ['a sync that runs', { takenAt: now - 60 * minute, runningSince: now - minute }, null],
  ['a sync that lost its worker', { takenAt: now - 60 * minute, runningSince: now - 31 * minute }, 'whole'],
  ['a failure a moment ago', { takenAt: now - 60 * minute, failedAt: now - 0.5 * minute }, null],
  ['a failure since the last full sync', { takenAt: now - 2 * minute, failedAt: now - minute }, 'whole'],
  ['a failure a while ago', { takenAt: now - 60 * minute, failedAt: now - 2 * minute }, 'whole'],
  ['tried a moment ago, in vain', { takenAt: now - 60 * minute, attemptedAt: now - 0.5 * minute }, null],
  ['never read, and the first sync is still to come', { takenAt: null }, null],
  ['never read, because the first sync failed', { takenAt: null, failedAt: now - 2 * minute }, 'whole'],
  ['a clock that was set back a little', { takenAt: now + 0.5 * minute }, null],
  ['a clock that was set back far', { takenAt: now + 60 * minute }, 'whole'],
])('%s', (_, times, due) => {
  expect(syncDue({ ...fresh, ...times }, paces)).toBe(due);
});

it('each interval can be switched off', () => {
  const old = { ...fresh, takenAt: now - 60 * minute };
  expect(syncDue(old, { ...paces, wholeS: 0 })).toBe('parts');
  expect(syncDue(old, { ...paces, partsS: 0 })).toBe('whole');
  expect(syncDue(old, { partsS: 0, wholeS: 0 })).toBeNull();
});
