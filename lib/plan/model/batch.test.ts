import { expect, it } from 'vitest';
import { nextBatch } from './batch';
import type { BakeStep, ProbeStep, Step, StepId } from './model';

const probe = (
  id: string,
  needs: readonly string[] = [],
  phase: ProbeStep['phase'] = 'prewarm',
): ProbeStep => ({
  kind: 'probe',
  id: id as StepId,
  phase,
  needs: needs as readonly StepId[],
  withinMs: 0,
  forecastMs: 0,
  probe: { kind: 'dns', name: id, type: 'A', expect: { value: '127.0.0.1' } },
});
const ready = (id: string, needs: readonly string[]): ProbeStep => ({
  ...probe(id, needs),
  probe: { kind: 'ready', region: 'r', namespace: 'n', name: 'f', qualifier: '1', expect: { instances: 2 } },
});
const bake = (id: string, needs: readonly string[]): BakeStep => ({
  kind: 'bake',
  id: id as StepId,
  phase: 'prewarm',
  name: 'flash.example.co.id',
  percent: null,
  needs: needs as readonly StepId[],
  bakeS: 0,
  oldTtlS: 600,
  forecastMs: 0,
});

/** Returns the batches in which steps run. */
function listBatches(steps: readonly Step[]): readonly string[] {
  const done = new Set<StepId>();
  const batches: string[] = [];
  for (let batch = nextBatch(steps, done); batch.length > 0; batch = nextBatch(steps, done)) {
    batches.push(batch.map(({ id }) => id).join(' '));
    for (const { id } of batch) done.add(id);
  }
  return batches;
}

it('runs independent steps in parallel, phase by phase', () => {
  const steps = [probe('a'), probe('b', ['a']), probe('c'), probe('d', [], 'divert')];
  expect(listBatches(steps)).toEqual(['a c', 'b', 'd']);
});

it('does all other work of a phase before a wait, and requests instances before that', () => {
  const steps = [
    ...[probe('lower'), bake('wait', ['lower']), probe('warm'), ready('are ready', ['warm'])],
    ...[probe('make'), probe('bind', ['make']), probe('ask', ['bind', 'are ready'])],
  ];
  expect(listBatches(steps)).toEqual(['lower warm make', 'bind', 'are ready', 'ask', 'wait']);
});

it('rejects steps that wait for each other', () => {
  expect(() => listBatches([probe('a', ['b']), probe('b', ['a'])])).toThrow('wait for each other: a, b');
});
