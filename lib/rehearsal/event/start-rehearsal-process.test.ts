import { getPriority } from 'node:os';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { rehearsalFaultKinds } from '@/lib/rehearsal/input';
import type { DrillEvent } from '@/lib/rehearsal/report/drill-report';
import { bundleTestProgram } from '@/testing/launch/test-program';
import { testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { RehearsalEndedError, startRehearsalProcess } from './start-rehearsal-process';

const program = await bundleTestProgram('lib/rehearsal/event/main.ts');
afterAll(() => program.remove());

const faults = { kinds: [...rehearsalFaultKinds], count: 4, given: [] };

describe('a rehearsal in its own process', () => {
  it('gives the same report in two processes, to the byte', async () => {
    const input = testRehearsal({ settings: { seed: 11, faults } });
    const two = [1, 2].map(() => startRehearsalProcess(program.file, { input }).result);
    const [first, second] = await Promise.all(two);
    expect(first).toEqual(second);
    expect(first?.drill).toBeNull();
    expect(JSON.parse(first?.report ?? '')).toMatchObject({ format: 1, seed: 11 });
  });

  it('gives the same fire drill when it was killed and continues after the events that had ended', async () => {
    const input = testRehearsal({ settings: { seed: 21, events: 5, faults } });
    const whole = startRehearsalProcess(program.file, { input }).result;
    const finished: DrillEvent[] = [];
    const killed = startRehearsalProcess(
      program.file,
      { input },
      {
        onEvent: (event) => {
          if (finished.push(event) === 3) killed.cancel();
        },
      },
    );
    await expect(killed.result).rejects.toThrow(RehearsalEndedError);
    const seen: string[] = [];
    const rest = startRehearsalProcess(
      program.file,
      { input, finished },
      { onEvent: ({ seed }) => seen.push(`${seed}`) },
    );
    const result = await whole;
    expect(await rest.result).toEqual(result);
    expect(JSON.parse(result.drill ?? '')).toMatchObject({ events: Array.from({ length: 5 }, () => ({})) });
    expect(seen).toEqual(finished.length === 3 ? ['24', '25'] : ['25']);
  });

  it('rests without an effect on its report', async () => {
    const input = testRehearsal({ settings: { seed: 11, events: 3, faults } });
    const whole = startRehearsalProcess(program.file, { input }).result;
    const seen: string[] = [];
    const rested = startRehearsalProcess(
      program.file,
      { input },
      {
        onEvent: ({ seed }) => {
          seen.push(`${seed}`);
          if (seed !== 11) return;
          rested.rest(true);
          // It answers nothing while it rests, so that this is all that it has done when it continues.
          whole.then(() => {
            seen.push('continue');
            rested.rest(false);
          });
        },
      },
    );
    expect(await rested.result).toEqual(await whole);
    expect(seen.indexOf('continue')).toBeLessThan(seen.indexOf('13'));
  });

  it('runs at a lower priority, reports progress, and is gone when it is canceled', async () => {
    const seen: number[] = [];
    let told = () => {};
    const begun = new Promise<void>((resolve) => {
      told = resolve;
    });
    const started = startRehearsalProcess(
      program.file,
      { input: testRehearsal({ settings: { events: 3 } }) },
      {
        onProgress: ({ share }) => {
          seen.push(share);
          told();
        },
      },
    );
    await begun;
    expect(getPriority(started.pid)).toBeGreaterThan(getPriority());
    started.cancel();
    await expect(started.result).rejects.toThrow(RehearsalEndedError);
    expect(seen.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(() => process.kill(started.pid, 0)).toThrow('ESRCH');
  });

  it('ends alone when it has too little memory', async () => {
    const started = startRehearsalProcess(program.file, { input: testRehearsal() }, { memoryMb: 8 });
    await expect(started.result).rejects.toThrow(RehearsalEndedError);
  });

  it('gets no key of the process that starts it', async () => {
    vi.stubEnv('TENCENTCLOUD_SECRET_KEY', 'a secret');
    vi.stubEnv('NODE_OPTIONS', '--require ./does-not-exist.js');
    try {
      const { verdict } = await startRehearsalProcess(program.file, { input: testRehearsal() }).result;
      expect(verdict).toBe('met');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
