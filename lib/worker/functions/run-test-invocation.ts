import { and, eq, isNull } from 'drizzle-orm';
import { CloudError } from '@/lib/cloud/errors';
import type { Cloud, Invocation } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { testInvocations } from '@/lib/db/schema';
import { usesFunction } from '@/lib/estate/functions/called-version';
import {
  describeFailure,
  judgeAnswer,
  type TestInvocationVerdict,
} from '@/lib/estate/functions/test-invocation';
import type { ScfFunction } from '@/lib/estate/model';
import { readFunctionAnswer } from '@/lib/function-contract/function-answer';
import { invariant } from '@/lib/invariant';
import { shorten } from '@/lib/shorten';
import { toJobError } from '@/lib/worker/loop/job-error';
import { storeFunction } from './store-function';

export type TestInvocationDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Pick<Cloud, 'getFunction' | 'invoke'>;
  /** The retention of a connection's history. */
  readonly historyDays: number;
  /** Called with errors other than the cloud's rejection, with their stack. */
  readonly onError: (error: unknown, testInvocationId: string) => void;
};

type TestInvocation = typeof testInvocations.$inferSelect;

/** Enough to recognize a response; the full response may contain sensitive data. */
const excerptMax = 300;

/** Returns an excerpt: only the body of a valid response, because its headers may contain a session. */
function testInvocationExcerpt({ returned, error }: Invocation, verdict: TestInvocationVerdict): string {
  if (verdict.kind === 'failed') return shorten(describeFailure(error).message, excerptMax);
  if (verdict.kind === 'broken') return shorten(returned, excerptMax);
  const read = readFunctionAnswer(JSON.parse(returned));
  return read.ok && !read.value.isBase64Encoded ? shorten(read.value.body, excerptMax) : '';
}

function refused(
  { region }: TestInvocation,
  code: string,
  message: string,
  mayHaveHappened = false,
): CloudError {
  const action = 'InvokeFunction';
  const advice = mayHaveHappened ? 'readBack' : 'giveUp';
  return new CloudError({ code, message, requestId: null, action, region, mayHaveHappened, advice });
}

/**
 * Reads the function's current state, which is added to the newest snapshot: a test invocation is valid only for the
 * state that it tested.
 */
async function readTestedFunction(
  deps: TestInvocationDeps,
  testInvocation: TestInvocation,
): Promise<ScfFunction> {
  const { connectionId, namespace, name, region } = testInvocation;
  const fn = await deps.cloudOf(connectionId).getFunction(testInvocation);
  if (fn === null) {
    throw refused(
      testInvocation,
      'Refused.FunctionMissing',
      `${namespace}/${name} is not in ${region}; refresh the estate`,
    );
  }
  try {
    await reconnecting(() => storeFunction(deps.db, connectionId, fn, fn, deps.historyDays));
  } catch (error) {
    deps.onError(error, testInvocation.id);
  }
  return fn;
}

/** Calls the function, unless it may have been called already: the effects of an interrupted call can't be checked. */
async function call(
  deps: TestInvocationDeps,
  testInvocation: TestInvocation,
): Promise<Partial<TestInvocation>> {
  const interrupted = () =>
    refused(
      testInvocation,
      'TestInvocation.Interrupted',
      'the worker stopped while the function was called: it may have run, and what it answered is lost; try it again',
      true,
    );
  if (testInvocation.calledAt !== null) throw interrupted();
  const fn = await readTestedFunction(deps, testInvocation);
  const version = usesFunction(fn, testInvocation.qualifier);
  if (version === null) {
    const name = `${testInvocation.namespace}/${testInvocation.name}`;
    throw refused(
      testInvocation,
      'Refused.QualifierMissing',
      `${name} has no version or alias ${testInvocation.qualifier}`,
    );
  }
  const begun = await reconnecting(() =>
    deps.db
      .update(testInvocations)
      .set({ calledAt: new Date(), version, modifiedAt: fn.modifiedAt })
      .where(and(eq(testInvocations.id, testInvocation.id), isNull(testInvocations.calledAt)))
      .returning({ id: testInvocations.id }),
  );
  if (begun.length === 0) throw interrupted();
  const invocation = await deps
    .cloudOf(testInvocation.connectionId)
    .invoke(testInvocation, testInvocation.event);
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
    excerpt: testInvocationExcerpt(invocation, verdict),
  };
}

/** Executes a test invocation that the web process stored, and records its end in every case. */
export async function runTestInvocation(deps: TestInvocationDeps, testInvocationId: string): Promise<void> {
  const { db, onError } = deps;
  const [testInvocation] = await reconnecting(() =>
    db.select().from(testInvocations).where(eq(testInvocations.id, testInvocationId)),
  );
  invariant(
    testInvocation !== undefined,
    `test invocation ${testInvocationId} was stored before it was enqueued`,
  );
  if (testInvocation.state !== 'running') return;
  const isIt = eq(testInvocations.id, testInvocationId);
  try {
    const judged = await call(deps, testInvocation);
    await reconnecting(() => db.update(testInvocations).set(judged).where(isIt));
  } catch (error) {
    const data = toJobError(error, {
      action: 'InvokeFunction',
      region: testInvocation.region,
      mayHaveHappened: true,
      whatToDo: 'The function may have run. Try it again if that does no harm.',
    });
    if (data.code === 'Internal') onError(error, testInvocationId);
    // Keeps a result from a worker that was presumed dead.
    const isOpen = and(isIt, eq(testInvocations.state, 'running'));
    await reconnecting(() => db.update(testInvocations).set({ state: 'failed', error: data }).where(isOpen));
  }
}
