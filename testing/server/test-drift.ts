import { expect } from 'vitest';
import type { DriftedView, DriftView } from '@/lib/contract/drift';
import { invariant } from '@/lib/invariant';
import type { PlanId, StepId } from '@/lib/plan/model/model';
import type { Direction, RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { acceptDrift } from '@/lib/server/drift/accept-drift';
import { getDrift } from '@/lib/server/drift/get-drift';
import { restoreDrift } from '@/lib/server/drift/restore-drift';
import { getPlan } from '@/lib/server/plans/get-plan';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { testBound, testEstate, testRecord, testRule } from '@/testing/plan/test-estate';
import { testContext } from './test-context';

/* For tests of drift on a real database: runs are stored as by workers, and read as by the dashboard. */

let context: ReturnType<typeof testContext> | undefined;

/** Opens the context of a file's tests. Each file must call it, because files share imported modules. */
export function openDriftContext(): ReturnType<typeof testContext> {
  context = testContext();
  return context;
}

function getContext(): ReturnType<typeof testContext> {
  invariant(context !== undefined, 'the file has opened its context');
  return context;
}

export const inS = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
export const other = { ...testBound, qualifier: '2' };
export const buildTestRule = (functions: readonly object[]) =>
  testRule('loc-b', 'lb-scf', 'flash.example.co.id', { functions });
export const readRecords = (value: string, ttlS = 60) => [
  testRecord(11, 'shop', '127.77.1.1'),
  testRecord(12, 'flash', value, { ttlS }),
];

/** Stores a snapshot with lane B, taken the given number of seconds from now. */
export const read = (
  readInS: number,
  {
    functions = [testBound],
    value = '127.77.1.2',
    ttlS = 60,
  }: {
    readonly functions?: readonly object[] | null;
    readonly value?: string;
    readonly ttlS?: number;
  } = {},
  change: object = {},
) =>
  getContext().connect(
    'test',
    'sandbox',
    testEstate({
      takenAt: inS(readInS),
      rules: [...testEstate().rules, ...(functions === null ? [] : [buildTestRule(functions)])],
      records: readRecords(value, ttlS),
      ...change,
    }),
  );

export const said = (type: string, more: object, at: string, direction: Direction = 'apply') =>
  ({ type, ...more, at, direction }) as RunEvent;
export const doneAll = (stepIds: readonly StepId[], at: string, direction: Direction = 'apply') =>
  stepIds.map((stepId) =>
    said('stepDone', { stepId, outcome: 'applied', requestId: 'r', durationMs: 1 }, at, direction),
  );

/** Applies a plan on the newest snapshot, as if the run had ended the given number of seconds ago. */
export async function run(planId: PlanId, agoS: number, writes = Infinity): Promise<RunId> {
  const view = await getPlan(planId);
  const answer = await applyPlan({ planId, hash: view?.hash ?? '', typedDomain: null, cutover: null });
  invariant(answer.ok, `the plan is applied: ${JSON.stringify(answer)}`);
  const { runId } = answer.value;
  const steps = (view?.plan.steps ?? []).filter(({ kind }) => kind === 'write').slice(0, writes);
  const at = inS(-agoS);
  await getContext().write(runId, said('started', { actor: 'local', attempt: 1 }, at));
  await getContext().write(
    runId,
    ...doneAll(
      steps.map(({ id }) => id),
      at,
    ),
  );
  if (writes === Infinity) await getContext().write(runId, said('finished', { result: 'done' }, at));
  return runId;
}

/** Returns a Split that was applied a minute ago, on a snapshot from before it. */
export async function applied(): Promise<{ readonly planId: PlanId; readonly runId: RunId }> {
  await getContext().connect('test', 'sandbox', testEstate({ takenAt: inS(-120) }));
  const { id } = await getContext().plan();
  return { planId: id, runId: await run(id, 60) };
}

export async function drift(): Promise<DriftView> {
  const view = await getDrift('test');
  invariant(view !== null, 'the estate has been read');
  return view;
}
export async function onlyOne(): Promise<DriftedView> {
  const { drifted } = await drift();
  expect(drifted).toHaveLength(1);
  const [only] = drifted;
  invariant(only !== undefined, 'it has just been counted');
  return only;
}
export const accept = ({ key, mark }: DriftedView, reason = 'a hotfix that stays') =>
  acceptDrift({ connectionId: 'test', objects: [{ key, mark }], reason });
export const refused = (message: string) => ({ ok: false, error: { form: { message } } });

export async function restored(keys: readonly string[]): Promise<PlanId> {
  const answer = await restoreDrift({ connectionId: 'test', keys });
  invariant(answer.ok, `a plan is made: ${JSON.stringify(answer)}`);
  return answer.value.planId;
}
