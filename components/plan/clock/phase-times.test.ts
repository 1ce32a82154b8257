import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { defaultPolicy } from '@/lib/policy/policy';
import { testEstate, testSplit } from '@/testing/plan/test-estate';
import { firstDraft, toCutover } from './cutover-draft';
import { freezesMet, phaseTimes } from './phase-times';

const planned = planDiversion({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
if (!planned.ok) throw new Error('the test estate has everything that the Split names');
const plan = planned.value;
const zones = ['UTC', 'Asia/Jakarta', 'Europe/Berlin', 'America/New_York'];
/** The lead time of a policy: none, too short for the steps, or long. */
const lead = fc.option(fc.integer({ min: 0, max: 86_400 }));
const now = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2030, 0) });

describe('the first draft', () => {
  it('is a cutover that the schedule allows, at any time and in any zone', () => {
    fc.assert(
      fc.property(now, fc.constantFrom(...zones), lead, (at, zone, prewarmS) => {
        const cutover = toCutover(
          firstDraft(plan, { ...defaultPolicy, prewarmS }, {}, at, zone),
          {},
          { trafficS: 60, probeS: 10 },
        );
        if (!cutover.ok) throw new Error(JSON.stringify(cutover.error));
        const { t0, t1, prewarmS: given } = cutover.value;
        expect(Date.parse(t0) - given * 1000).toBeGreaterThan(at);
        expect(Date.parse(t1 ?? '')).toBeGreaterThan(Date.parse(t0));
        const prewarm = plan.steps.filter((step) => step.phase === 'prewarm');
        expect(given * 1000).toBeGreaterThanOrEqual(prewarm.reduce((sum, step) => sum + step.forecastMs, 0));
      }),
    );
  });
});

describe('the scheduled phases', () => {
  const clock = { t0: '2026-12-11T17:00:00.000Z', t1: '2026-12-11T19:00:00.000Z', prewarmS: 1200 };

  it('follow each other without a gap, from prewarm to drain', () => {
    const times = phaseTimes(plan, clock);
    expect(times.map(({ phase }) => phase)).toEqual([
      'prewarm',
      'divert',
      'verify',
      'diverted',
      'rollback',
      'drain',
    ]);
    for (const [index, time] of times.entries()) if (index > 0) expect(time.from).toBe(times[index - 1]?.to);
    expect(times[0]?.from).toBe(Date.parse(clock.t0) - 1_200_000);
    expect(times.find(({ phase }) => phase === 'rollback')?.from).toBe(Date.parse(clock.t1));
  });

  it('end with an open hold if the diversion stays', () => {
    expect(phaseTimes(plan, { ...clock, t1: null }).at(-1)).toMatchObject({ phase: 'diverted', to: null });
  });

  it('report the freeze windows that overlap the divert', () => {
    const once = (from: string, to: string) => ({ name: from, span: { kind: 'once', from, to } as const });
    const during = once('2026-12-11T17:00:00.500Z', '2026-12-11T18:00:00Z');
    const inPrewarm = once('2026-12-11T16:50:00Z', '2026-12-11T17:00:00Z');
    const inHold = once('2026-12-11T18:00:00Z', '2026-12-11T20:00:00Z');
    expect(freezesMet(plan, clock.t0, [inPrewarm, during, inHold])).toEqual([during]);
  });
});
