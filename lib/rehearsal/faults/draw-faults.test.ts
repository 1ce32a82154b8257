import { describe, expect, it } from 'vitest';
import { rehearsalFaultKinds } from '@/lib/rehearsal/input';
import { createSeededRandom } from '@/lib/rehearsal/seeded-random';
import { drawFaults, type FaultSpan } from './draw-faults';

const span: FaultSpan = { fromS: -600, untilS: 7200, critical: [0, 7200] };
const draw = (seed: number, count = 1) =>
  drawFaults(
    { kinds: [...rehearsalFaultKinds], count, given: [] },
    span,
    createSeededRandom(seed).fork('faults'),
  );

describe('faults drawn from the seeds of a fire drill', () => {
  // The interval of a drill's result assumes that its events are independent, although their seeds are consecutive.
  const seeds = Array.from({ length: 6000 }, (_, index) => index + 1);
  const drawn = seeds.map((seed) => draw(seed)[0]);
  /** The largest value of chi-square that 1 in 1,000 exceeds: https://www.itl.nist.gov/div898/handbook/eda/section3/eda3674.htm */
  const critical = { by: 31.264, of: 11 };

  it('are of all kinds, as often as chance lets them be', () => {
    const expected = seeds.length / rehearsalFaultKinds.length;
    const chi = rehearsalFaultKinds.reduce((sum, kind) => {
      const count = drawn.filter((fault) => fault?.kind === kind).length;
      return sum + (count - expected) ** 2 / expected;
    }, 0);
    expect(rehearsalFaultKinds).toHaveLength(critical.of + 1);
    expect(chi).toBeLessThan(critical.by);
  });

  it('do not depend on those of the seed before', () => {
    const kinds = rehearsalFaultKinds.length;
    const steps = drawn.slice(1).map((fault, index) => {
      const [own, before] = [fault, drawn[index]].map((each) =>
        rehearsalFaultKinds.indexOf(each?.kind ?? 'apiErrors'),
      );
      return ((own ?? 0) - (before ?? 0) + kinds) % kinds;
    });
    const expected = steps.length / kinds;
    const chi = Array.from(
      { length: kinds },
      (_, step) => steps.filter((each) => each === step).length,
    ).reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chi).toBeLessThan(critical.by);
  });

  it('are in the event, in the order of time, half of them around T0 and T1', () => {
    for (const seed of seeds.slice(0, 200)) {
      const times = draw(seed, 20).map(({ atS }) => atS);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.every((atS) => atS >= span.fromS && atS <= span.untilS)).toBe(true);
    }
    const near = drawn.filter((fault) => span.critical.some((at) => Math.abs((fault?.atS ?? 0) - at) <= 180));
    expect(near.length / drawn.length).toBeGreaterThan(0.5);
    expect(near.length / drawn.length).toBeLessThan(0.6);
  });
});
