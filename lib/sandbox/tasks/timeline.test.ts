import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TestClock } from '@/testing/sandbox/test-clock';
import { type TimedEvent, Timeline, type TimelineSource } from './timeline';

/** Objects that end at their times; ended ones are removed. */
class Things implements TimelineSource {
  #open: { name: number; at: number }[] = [];
  readonly ended: { name: number; at: number; seen: number }[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(name: number, at: number): void {
    this.#open.push({ name, at });
  }

  next(): number | null {
    return this.#open.length === 0 ? null : Math.min(...this.#open.map(({ at }) => at));
  }

  due(now: number): readonly TimedEvent[] {
    return this.#open
      .filter(({ at }) => at <= now)
      .map((thing) => ({
        at: thing.at,
        fire: () => {
          this.#open = this.#open.filter((other) => other !== thing);
          this.ended.push({ ...thing, seen: this.#now() });
        },
      }));
  }
}

const plans = fc.array(fc.record({ source: fc.nat(1), after: fc.nat(5000), advance: fc.nat(2000) }), {
  minLength: 1,
  maxLength: 80,
  size: 'max',
});

test('fires every event of every source once, in time order', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const clock = new TestClock();
      const order: number[] = [];
      const sources = [new Things(() => clock.now()), new Things(() => clock.now())] as const;
      const timeline = new Timeline(clock, sources, () => order.push(clock.now()));
      for (const [name, { source, after, advance }] of plan.entries()) {
        sources[source === 0 ? 0 : 1].add(name, clock.now() + after);
        timeline.arm();
        clock.advance(advance);
      }
      clock.advance(5000);
      const ended = sources.flatMap((source) => source.ended);
      expect(ended.map(({ name }) => name).sort((a, b) => a - b)).toEqual([...plan.keys()]);
      for (const { at, seen } of ended) expect(seen).toBe(at);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      timeline.stop();
    }),
  );
});

test('fires nothing after the stop', () => {
  const clock = new TestClock();
  const things = new Things(() => clock.now());
  const timeline = new Timeline(clock, [things], () => {});
  things.add(1, clock.now() + 10);
  timeline.arm();
  timeline.stop();
  clock.advance(1000);
  timeline.arm();
  clock.advance(1000);
  expect(things.ended).toEqual([]);
});
