import fc from 'fast-check';
import { expect, it } from 'vitest';
import { phases } from '@/lib/diversion/phase';
import type { LoadBalancerId } from '@/lib/estate/ids';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { generateSituation } from '@/testing/simulation/generate-situation';
import { createRandom } from '@/testing/simulation/random';
import type { BakeStep, ProbeStep, StepId, WriteStep } from './model';
import { buildTimeline, forecastSeconds } from './timeline';

const write = (id: string, loadBalancer: string, forecastMs: number, needs: string[] = []): WriteStep => {
  const params = { LoadBalancerId: loadBalancer };
  return {
    kind: 'write',
    id: id as StepId,
    phase: 'divert',
    needs: needs as StepId[],
    undoes: null,
    forecastMs,
    object: {
      kind: 'loadBalancer',
      region: 'r',
      name: loadBalancer as LoadBalancerId,
    },
    call: { service: 'clb', action: 'CreateRule', region: 'r', params },
    inverse: { service: 'clb', action: 'DeleteRule', region: 'r', params },
    before: { kind: 'provisioned', instances: 0 },
    after: { kind: 'provisioned', instances: 1 },
  };
};
const probe = (id: string, forecastMs: number, needs: string[]): ProbeStep => ({
  kind: 'probe',
  id: id as StepId,
  phase: 'divert',
  needs: needs as StepId[],
  withinMs: 0,
  forecastMs,
  probe: { kind: 'dns', name: id, type: 'A', expect: { value: '127.0.0.1' } },
});
const bake = (id: string, forecastMs: number, needs: string[]): BakeStep => ({
  kind: 'bake',
  id: id as StepId,
  phase: 'divert',
  name: 'flash.example.co.id',
  percent: 10,
  needs: needs as StepId[],
  bakeS: 0,
  oldTtlS: forecastMs / 1000,
  forecastMs,
});

it('runs parallel steps at the same time, and the steps of one load balancer in sequence', () => {
  const { times, totalMs, waitMs } = buildTimeline([
    ...[write('a', 'lb-1', 100), write('b', 'lb-1', 200), write('c', 'lb-2', 250)],
    probe('d', 10, ['a', 'b']),
  ]);
  expect(times.get('b' as StepId)).toEqual({ fromMs: 100, toMs: 300 });
  expect(times.get('c' as StepId)).toEqual({ fromMs: 0, toMs: 250 });
  expect(times.get('d' as StepId)).toEqual({ fromMs: 300, toMs: 310 });
  expect({ totalMs, waitMs }).toEqual({ totalMs: 310, waitMs: 0 });
});

it('starts a wait at its move', () => {
  const { times, totalMs, waitMs } = buildTimeline([
    ...[write('move', 'lb-1', 100), write('bind', 'lb-1', 400), bake('wait', 1000, ['move'])],
    probe('ask', 50, ['wait']),
  ]);
  expect(times.get('wait' as StepId)).toEqual({ fromMs: 500, toMs: 1100 });
  expect({ totalMs, waitMs }).toEqual({ totalMs: 1150, waitMs: 600 });
});

it('takes no longer than all steps in sequence, and no less than the longest dependency chain', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
      const { estate, diversion } = generateSituation(createRandom(seed));
      const planned = createTestPlan({ estate, diversion });
      for (const steps of [planned.steps, planned.rollback]) {
        const { times, totalMs, waitMs } = buildTimeline(steps);
        const one = steps.reduce((sum, step) => sum + step.forecastMs, 0);
        expect(times.size).toBe(steps.length);
        expect(totalMs).toBeLessThanOrEqual(one);
        expect(waitMs).toBeLessThanOrEqual(totalMs);
        for (const step of steps)
          for (const need of step.needs)
            expect(times.get(step.id)?.fromMs).toBeGreaterThanOrEqual(times.get(need)?.toMs ?? 0);
        expect(phases.reduce((sum, phase) => sum + forecastSeconds(steps, [phase]), 0)).toBe(totalMs);
        expect(forecastSeconds(steps, phases)).toBe(totalMs);
      }
    }),
    { numRuns: 200 },
  );
});
