import { expect, it } from 'vitest';
import { type Guard, guardMeasures } from './cutover';
import type { Diversion } from './diversion';
import { findUnreadReason, fitGuard, tooShortGuards, trafficLags } from './guard-lag';

const guard = (measure: Guard['measure'], forS: number): Guard => ({
  measure,
  forS,
  limit: 5,
  outcome: 'stop',
});

const minutely = { trafficS: 60 };

it('returns the longest lag of the readings, or none without readings', () => {
  const of = (...readings: readonly (number | null)[]) => ({
    readings: readings.map((lagMs) => ({ lagMs })),
    functionLagMs: null,
  });
  expect(trafficLags(of(30_000, null, 90_000), minutely)).toMatchObject({ errorRate: 90_000 });
  expect(trafficLags(of(null), minutely)).toEqual({});
  expect(trafficLags({ ...of(), functionLagMs: 60_000 }, minutely)).toEqual({ throttles: 60_000 });
  expect(trafficLags(null, minutely)).toEqual({});
});

it('adds the interval to the lag of stored traffic, up to the time for which a measurement counts', () => {
  const traffic = { readings: [{ lagMs: 90_000 }], functionLagMs: null };
  const stored = (ms: number) => ({ errorRate: 90_000, splitDeviation: ms, errorsAboveCvm: ms });
  expect(trafficLags(traffic, minutely)).toEqual(stored(150_000));
  expect(trafficLags(traffic, { trafficS: 600 })).toEqual(stored(690_000));
  expect(trafficLags(traffic, { trafficS: 3600 })).toEqual(stored(690_000));
  expect(trafficLags(traffic, { trafficS: 0 })).toEqual({ errorRate: 90_000 });
});

it('requires no more than the longest time of a guard, however late its figures are', () => {
  const lags = { errorsAboveCvm: 541_000, splitDeviation: 90_000 };
  expect(fitGuard(guard('errorsAboveCvm', 300), lags)).toMatchObject({ forS: 600 });
  expect(fitGuard(guard('splitDeviation', 100), lags)).toMatchObject({ forS: 150 });
  expect(fitGuard(guard('latency', 5), lags)).toMatchObject({ forS: 5 });
  expect(tooShortGuards([guard('errorsAboveCvm', 600)], lags)).toEqual([]);
  expect(tooShortGuards([guard('errorsAboveCvm', 599)], lags)).toEqual([0]);
});

it('finds the measures without a value with the settings, by reason', () => {
  const unread = (trafficS: number, probeS: number, kind: Diversion['kind'] = 'switch') =>
    Object.fromEntries(
      guardMeasures.flatMap((measure) => {
        const reason = findUnreadReason(measure, { trafficS, probeS, kind });
        return reason === null ? [] : [[measure, reason]];
      }),
    );
  const ofProbes = { notConverged: 'probesOff', agentFailures: 'probesOff' };
  expect(unread(600, 10)).toEqual({});
  expect(unread(600, 0)).toEqual(ofProbes);
  expect(unread(0, 10)).toEqual({ errorsAboveCvm: 'trafficOff' });
  expect(unread(601, 10)).toEqual({ errorsAboveCvm: 'trafficRare' });
  expect(unread(0, 0)).toEqual({ ...ofProbes, errorsAboveCvm: 'trafficOff', splitDeviation: 'splitOff' });
  expect(unread(601, 0)).toEqual({ ...ofProbes, errorsAboveCvm: 'trafficRare', splitDeviation: 'splitOff' });
  // DNS answers are compared only with the weights of a Switch.
  const off = { errorsAboveCvm: 'trafficOff', splitDeviation: 'trafficOff' };
  expect(unread(0, 10, 'split')).toEqual(off);
  expect(unread(0, 10, 'access')).toEqual(off);
  expect(unread(600, 0, 'split')).toEqual(ofProbes);
});

it('finds guards that are shorter than the lag of their measure allows', () => {
  const guards = [guard('latency', 5), guard('errorRate', 149), guard('throttles', 5)];
  expect(tooShortGuards(guards, { errorRate: 90_000 })).toEqual([1]);
  expect(tooShortGuards([guard('errorRate', 150)], { errorRate: 90_000 })).toEqual([]);
  expect(tooShortGuards([guard('errorRate', 5)], { errorRate: 0 })).toEqual([]);
  expect(tooShortGuards(guards, {})).toEqual([]);
});
