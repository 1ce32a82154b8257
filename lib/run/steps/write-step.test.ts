import { expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import { MemoryEngine } from '@/lib/rehearsal/memory-worker';
import { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { RehearsalCloud } from '@/testing/rehearsal/test-cloud';
import { Retries, type StepContext } from './step-context';
import { runWriteStep } from './write-step';

/** Returns the reads of the object of a plan's first write, and the call itself, in order. */
async function lookedAndSent(whileTurn: (clock: VirtualClock) => Promise<void>): Promise<readonly string[]> {
  const plan = createTestPlan();
  const [step] = plan.steps;
  invariant(step?.kind === 'write', 'a Split begins with a write');
  const clock = new VirtualClock(new Date('2026-12-12T00:00:00Z'));
  const { outer } = new RehearsalCloud(plan, clock);
  const seen: string[] = [];
  const cloud: typeof outer.cloud = {
    ...outer.cloud,
    read: async (ref) => {
      seen.push('read');
      return outer.cloud.read(ref);
    },
    write: async (call, isUnchanged = async () => true) => {
      await whileTurn(clock);
      const receipt = await outer.cloud.write(call, isUnchanged);
      seen.push('send');
      return receipt;
    },
  };
  const { ports } = new MemoryEngine(clock).begin(1, { ...outer, cloud });
  const input = {
    plan,
    steps: plan.steps,
    cutover: null,
    guards: [],
    direction: 'apply',
    attempt: 1,
  } as const;
  const engine = { fresh: (kind: string) => kind, followed: new Set<string>(), retries: new Retries() };
  const context: StepContext = { ...ports, ...input, ...engine };
  expect(
    await clock.run(runWriteStep(step, { step, count: 1, endMs: Number.POSITIVE_INFINITY }, context, [])),
  ).toEqual({ kind: 'done' });
  return seen;
}

const waits = (ms: number) => (clock: VirtualClock) => clock.sleepUntil(new Date(clock.now().getTime() + ms));

it.each([
  ['goes out at once', waits(0), ['read', 'send', 'read']],
  ['goes out 200 ms after the read', waits(200), ['read', 'send', 'read']],
  ['waits longer for its turn', waits(201), ['read', 'read', 'send', 'read']],
  [
    'waits while the clock is set back',
    async (clock: VirtualClock) => clock.jump(-60_000),
    ['read', 'read', 'send', 'read'],
  ],
])('a write that %s is read before and after', async (_name, whileTurn, order) => {
  expect(await lookedAndSent(whileTurn)).toEqual(order);
});
