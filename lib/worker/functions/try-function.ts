import { and, eq, isNull } from 'drizzle-orm';
import { CloudError } from '@/lib/cloud/errors';
import type { Cloud, Invocation } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { functionTrials } from '@/lib/db/schema';
import { describeFailure, judgeAnswer, type TrialVerdict, usesFunction } from '@/lib/estate/function-trial';
import type { ScfFunction } from '@/lib/estate/model';
import { readFunctionAnswer } from '@/lib/function-contract/function-answer';
import { invariant } from '@/lib/invariant';
import { shorten } from '@/lib/shorten';
import { toJobError } from '@/lib/worker/loop/job-error';
import { addFunction } from './add-function';

export type TrialDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Pick<Cloud, 'getFunction' | 'invoke'>;
  /** The retention of a connection's history. */
  readonly historyDays: number;
  /** Called with errors other than the cloud's refusal, with their stack. */
  readonly onError: (error: unknown, trialId: string) => void;
};

type Trial = typeof functionTrials.$inferSelect;

/** Enough to recognize a response; the rest of it may be anything. */
const excerptMax = 300;

/** Returns an excerpt: for a valid response the body alone, since its headers may contain a session. */
function trialExcerpt({ returned, error }: Invocation, verdict: TrialVerdict): string {
  if (verdict.kind === 'failed') return shorten(describeFailure(error).message, excerptMax);
  if (verdict.kind === 'broken') return shorten(returned, excerptMax);
  const read = readFunctionAnswer(JSON.parse(returned));
  return read.ok && !read.value.isBase64Encoded ? shorten(read.value.body, excerptMax) : '';
}

function refused({ region }: Trial, code: string, message: string, mayHaveHappened = false): CloudError {
  const action = 'InvokeFunction';
  const advice = mayHaveHappened ? 'readBack' : 'giveUp';
  return new CloudError({ code, message, requestId: null, action, region, mayHaveHappened, advice });
}

/**
 * Reads the function's current state, which is added to the newest snapshot: a test invocation counts for the state
 * that it tested.
 */
async function readTried(deps: TrialDeps, trial: Trial): Promise<ScfFunction> {
  const { connectionId, namespace, name, region } = trial;
  const fn = await deps.cloudOf(connectionId).getFunction(trial);
  if (fn === null) {
    throw refused(
      trial,
      'Refused.FunctionMissing',
      `${namespace}/${name} is not in ${region}; refresh the estate`,
    );
  }
  try {
    await reconnecting(() => addFunction(deps.db, connectionId, fn, deps.historyDays));
  } catch (error) {
    deps.onError(error, trial.id);
  }
  return fn;
}

/** Calls the function, unless it may have been called already: nothing shows whether a call has had its effects. */
async function call(deps: TrialDeps, trial: Trial): Promise<Partial<Trial>> {
  const interrupted = () =>
    refused(
      trial,
      'Trial.Interrupted',
      'the worker stopped while the function was called: it may have run, and what it answered is lost; try it again',
      true,
    );
  if (trial.calledAt !== null) throw interrupted();
  const fn = await readTried(deps, trial);
  const version = usesFunction(fn, trial.qualifier);
  if (version === null) {
    const name = `${trial.namespace}/${trial.name}`;
    throw refused(trial, 'Refused.QualifierMissing', `${name} has no version or alias ${trial.qualifier}`);
  }
  const begun = await reconnecting(() =>
    deps.db
      .update(functionTrials)
      .set({ calledAt: new Date(), version, modifiedAt: fn.modifiedAt })
      .where(and(eq(functionTrials.id, trial.id), isNull(functionTrials.calledAt)))
      .returning({ id: functionTrials.id }),
  );
  if (begun.length === 0) throw interrupted();
  const invocation = await deps.cloudOf(trial.connectionId).invoke(trial, trial.event);
  const verdict = judgeAnswer(invocation);
  const { durationMs, billedMs, memoryBytes, requestId } = invocation;
  return {
    state: 'judged',
    error: null,
    verdict,
    durationMs,
    billedMs,
    memoryBytes,
    requestId,
    excerpt: trialExcerpt(invocation, verdict),
  };
}

/** Carries out a test invocation that the web process stored, and records its end, whatever ends it. */
export async function tryStoredFunction(deps: TrialDeps, trialId: string): Promise<void> {
  const { db, onError } = deps;
  const [trial] = await reconnecting(() =>
    db.select().from(functionTrials).where(eq(functionTrials.id, trialId)),
  );
  invariant(trial !== undefined, `trial ${trialId} was stored before it was enqueued`);
  if (trial.state !== 'running') return;
  const isIt = eq(functionTrials.id, trialId);
  try {
    const judged = await call(deps, trial);
    await reconnecting(() => db.update(functionTrials).set(judged).where(isIt));
  } catch (error) {
    const data = toJobError(error, {
      action: 'InvokeFunction',
      region: trial.region,
      mayHaveHappened: true,
      whatToDo: 'The function may have run. Try it again if that does no harm.',
    });
    if (data.code === 'Internal') onError(error, trialId);
    // The result of a worker that was presumed dead meanwhile is kept.
    const isOpen = and(isIt, eq(functionTrials.state, 'running'));
    await reconnecting(() => db.update(functionTrials).set({ state: 'failed', error: data }).where(isOpen));
  }
}
