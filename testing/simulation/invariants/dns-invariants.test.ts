import { expect, it } from 'vitest';
import { invariant } from '@/lib/invariant';
import type { WriteStep } from '@/lib/plan/model/model';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { testEstate, testRecord, testSwitch } from '@/testing/plan/test-estate';
import { createStock } from '@/testing/simulation/cloud/stock';
import { waitsForOldTtl } from './dns-invariants';
import { type Effect, Witness } from './witness';

/** Checks the first move of a Switch whose TTLs are lowered to 60 s when it starts, at a time after that, in seconds. */
function moveAfter(ttls: { readonly serving: number; readonly disabled: number }, afterS: number) {
  const estate = testEstate({
    records: [
      testRecord(12, 'flash', '127.77.1.1', { ttlS: ttls.serving }),
      testRecord(13, 'flash', '127.77.1.2', { ttlS: ttls.disabled, enabled: false }),
    ],
  });
  const planned = createTestPlan({ estate, diversion: { ...testSwitch(), lowerTtlS: 60 } });
  const stock = createStock(estate);
  const witness = new Witness(
    ...([planned, new Set<string>(), stock, null] as const),
    () => 0,
    () => new Date(0),
    () => stock,
    () => undefined,
  );
  const toEffect = (step: WriteStep, atMs: number): Effect => {
    const { call, object: ref, before, after } = step;
    const known = { read: null, events: 0, servedMs: null, fence: 1 };
    return {
      sent: { id: step.id, call, step, direction: 'apply', atMs, ...known },
      ref,
      before,
      after,
      edits: 0,
      atMs,
    };
  };
  const writes = planned.steps.filter((step) => step.kind === 'write' && step.object.kind === 'recordSet');
  const move = writes.find(({ phase }) => phase === 'divert');
  invariant(move?.kind === 'write', 'the name moves');
  for (const step of writes)
    if (step.kind === 'write' && step.phase === 'prewarm') witness.effects.push(toEffect(step, 0));
  return waitsForOldTtl(toEffect(move, afterS * 1000), witness);
}

it('a move waits for the old TTL of each record that answered, and of no other', () => {
  expect(moveAfter({ serving: 300, disabled: 900 }, 299)).toMatch(/moves 299000 ms .* not 300000/);
  expect(moveAfter({ serving: 300, disabled: 900 }, 300)).toBeNull();
  // The serving record already has the lower TTL.
  expect(moveAfter({ serving: 60, disabled: 900 }, 0)).toBeNull();
});
