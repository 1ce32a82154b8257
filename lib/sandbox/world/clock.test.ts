import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Machine, SwitchableClock } from './clock';

/** A machine whose time is moved manually; like a real one it may run a timer a little late. */
class FakeMachine implements Machine {
  time = 1_000_000;
  #timers: { at: number; work: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.time + ms, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  run(ms: number, lateMs = 0): void {
    const end = this.time + ms;
    for (;;) {
      const [next] = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, Math.min(end, next.at + lateMs));
      next.work();
    }
    this.time = end;
  }
}

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('real' as const) }),
    fc.record({ do: fc.constant('virtual' as const), rate: fc.constantFrom(0, 0, 0.5, 1, 60, 1000) }),
    fc.record({ do: fc.constant('move' as const), by: fc.integer({ min: -5_000, max: 20_000 }) }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.nat(5_000), lateMs: fc.nat(20) }),
    fc.record({
      do: fc.constant('at' as const),
      in: fc.integer({ min: -1_000, max: 30_000 }),
      // Some set another timer when they fire.
      again: fc.option(fc.integer({ min: -100, max: 5_000 })),
    }),
    fc.record({ do: fc.constant('callOff' as const), which: fc.nat(20) }),
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
);

describe('the clock of a sandbox', () => {
  test('fires each timer once, in order and never early, over any sequence of switches', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const machine = new FakeMachine();
        const clock = new SwitchableClock(machine);
        const fired: number[] = [];
        /**
         * `within`: the step in which another timer's callback set it, possibly after the other timers of that step.
         */
        const set: { id: number; time: number; within: number; cancel: () => void }[] = [];
        let now = 0;
        const calledOff = new Set<number>();
        /** Timers due together fire by time, then by age. */
        const waiting = () => set.filter(({ id }) => !fired.includes(id) && !calledOff.has(id));
        const add = (time: number, again: number | null, within: number) => {
          const id = set.length;
          const cancel = clock.at(time, () => {
            expect(clock.now()).toBeGreaterThanOrEqual(time);
            const before = waiting().filter(
              (other) => other.within < now && (other.time < time || (other.time === time && other.id < id)),
            );
            expect(before).toEqual([]);
            fired.push(id);
            if (again !== null) add(clock.now() + again, null, now);
          });
          set.push({ id, time, within, cancel });
        };
        for (const [index, step] of sequence.entries()) {
          now = index;
          switch (step.do) {
            case 'real':
              clock.setReal();
              break;
            case 'virtual':
              clock.setVirtual(step.rate);
              break;
            case 'move':
              clock.moveTo(clock.now() + step.by);
              break;
            case 'pass':
              machine.run(step.ms, step.lateMs);
              break;
            case 'at':
              add(clock.now() + step.in, step.again, -1);
              break;
            case 'callOff': {
              const timer = waiting()[step.which];
              if (timer) calledOff.add(timer.id);
              timer?.cancel();
            }
          }
        }
        now = sequence.length;
        clock.setVirtual(0);
        clock.moveTo(Number.MAX_SAFE_INTEGER);
        expect(waiting()).toEqual([]);
        expect(new Set(fired).size).toBe(fired.length);
      }),
      { numRuns: 500 },
    );
  });

  test('shows each timer its own time when it is advanced manually', () => {
    const machine = new FakeMachine();
    const clock = new SwitchableClock(machine);
    clock.setVirtual(0);
    const begin = clock.now();
    const seen: number[] = [];
    clock.at(begin + 500, () => seen.push(clock.now() - begin));
    clock.at(begin + 100, () => {
      seen.push(clock.now() - begin);
      clock.at(begin + 200, () => seen.push(clock.now() - begin));
    });
    machine.run(10_000);
    expect(clock.now()).toBe(begin);
    clock.moveTo(begin + 1000);
    expect(seen).toEqual([100, 200, 500]);
    expect(clock.now()).toBe(begin + 1000);
  });

  test('fires after the machine’s time divided by its speed when it is fast', () => {
    const machine = new FakeMachine();
    const clock = new SwitchableClock(machine);
    clock.setVirtual(60);
    let fired = false;
    clock.at(clock.now() + 60_000, () => {
      fired = true;
    });
    machine.run(999);
    expect(fired).toBe(false);
    machine.run(1);
    expect(fired).toBe(true);
  });

  test('fires soon for a time that has passed, but not within the call, even when it is stopped', () => {
    const machine = new FakeMachine();
    const clock = new SwitchableClock(machine);
    clock.setVirtual(0);
    let fired = false;
    clock.at(clock.now() - 1, () => {
      fired = true;
    });
    expect(fired).toBe(false);
    machine.run(0);
    expect(fired).toBe(true);
  });

  test('supports waits longer than the machine’s timers do', () => {
    const machine = new FakeMachine();
    const clock = new SwitchableClock(machine);
    const month = 31 * 86_400_000;
    let fired = false;
    clock.at(clock.now() + month, () => {
      fired = true;
    });
    machine.run(month - 1);
    expect(fired).toBe(false);
    machine.run(1);
    expect(fired).toBe(true);
  });

  test('keeps timers waiting for the machine’s time after a switch back to it', () => {
    const machine = new FakeMachine();
    const clock = new SwitchableClock(machine);
    clock.setVirtual(0);
    clock.moveTo(clock.now() + 3_600_000);
    let fired = false;
    clock.at(clock.now() + 1000, () => {
      fired = true;
    });
    clock.setReal();
    expect(clock.now()).toBe(machine.time);
    machine.run(3_600_999);
    expect(fired).toBe(false);
    machine.run(1);
    expect(fired).toBe(true);
  });
});
