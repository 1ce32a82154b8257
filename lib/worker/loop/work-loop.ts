import type { Logger } from 'pino';
import { ZodError } from 'zod';
import { CloudError, type CloudErrorData } from '@/lib/cloud/errors';
import { isDatabaseAway } from '@/lib/database-away';
import { shorten } from '@/lib/shorten';
import type { WorkerLoop, WorkerProblem } from '@/lib/worker-problem';

const backoff = { firstMs: 1000, capMs: 30_000 };
const messageMax = 300;

/** An unusable stored value: which field, which rule, and what to do. Its message is displayable. */
export class StoredValueError extends Error {
  override readonly name = 'StoredValueError';
}

type Parsed<T> =
  | { readonly success: true; readonly data: T }
  | {
      readonly success: false;
      readonly error: { readonly issues: readonly { readonly path: PropertyKey[] }[] };
    };

/**
 * Returns a stored value, parsed by the current rules: an earlier version, a manual change, or another machine's time
 * zones may have made it invalid.
 * @param column its column
 * @param whatToDo the consequence and what to do, in displayable words
 * @throws StoredValueError that names the fields
 */
export function readStored<T>(parsed: Parsed<T>, column: string, whatToDo: string): T {
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => [column, ...path].map(String).join('.'));
  throw new StoredValueError(
    `the stored values of ${[...new Set(fields)].join(', ')} break the rules: ${whatToDo}`,
  );
}

function describeCloudError({ code, message, requestId }: CloudErrorData): string {
  const text = `${code}: ${message}`;
  return requestId === null ? text : `${text} (request ${requestId})`;
}

/**
 * Describes a failure in displayable words. Internal errors may contain anything (SQL, values), so for those the
 * message refers only to the log.
 */
function errorMessage(error: unknown): string {
  const said =
    error instanceof StoredValueError
      ? error.message
      : error instanceof CloudError
        ? describeCloudError(error.data)
        : error instanceof ZodError
          ? error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
          : "an error of Spillway's own; the worker's log holds it";
  // Postgres stores neither NUL nor lone surrogates.
  return shorten(said, messageMax).replace(/[\0\p{Surrogate}]/gu, '\u{fffd}');
}

/** A background loop of the worker, with an error boundary around each object that it processes. */
export type WorkLoop = {
  /**
   * Processes all of these objects concurrently. One that fails is named, logged and paused for an increasing time, up
   * to 30 s; the rest continues. Objects that are no longer in the list are dropped. It never throws.
   * @param act returns false if there was nothing to do, which doesn't show whether the object works again
   */
  each<T>(
    objects: readonly T[],
    nameOf: (object: T) => string,
    act: (object: T) => Promise<boolean>,
  ): Promise<void>;
  problems(): readonly WorkerProblem[];
};

export function workLoop(
  loop: WorkerLoop,
  {
    log,
    now = () => new Date(),
  }: { readonly log: Pick<Logger, 'warn' | 'debug'>; readonly now?: () => Date },
): WorkLoop {
  const failing = new Map<string, WorkerProblem>();

  function note(object: string, error: unknown): void {
    // An unavailable database is not the object's fault, and every attempt detects it.
    if (isDatabaseAway(error)) {
      log.debug({ err: error, loop, object }, 'the database was away in a background task');
      return;
    }
    const known = failing.get(object);
    const failures = (known?.failures ?? 0) + 1;
    const at = now();
    const pauseMs = Math.min(backoff.capMs, backoff.firstMs * 2 ** (failures - 1));
    const since = known?.since ?? at.toISOString();
    const retryAt = new Date(at.getTime() + pauseMs).toISOString();
    const cause = error instanceof CloudError ? { code: error.data.code } : {};
    failing.set(object, { loop, object, message: errorMessage(error), ...cause, failures, since, retryAt });
    // Only doublings are logged, so that one broken object can't fill the log.
    const isPowerOfTwo = (failures & (failures - 1)) === 0;
    const fields = { err: error, loop, object, failures, retryAt };
    log[isPowerOfTwo ? 'warn' : 'debug'](fields, 'a background task failed; it is tried again');
  }

  /** Returns whether an object is paused. Setting a clock back must not extend a pause beyond the maximum. */
  function isResting(object: string): boolean {
    const problem = failing.get(object);
    const leftMs = problem === undefined ? 0 : Date.parse(problem.retryAt) - now().getTime();
    return leftMs > 0 && leftMs <= backoff.capMs;
  }

  return {
    async each(objects, nameOf, act) {
      const named = objects.map((object) => ({ object, name: nameOf(object) }));
      const names = new Set(named.map(({ name }) => name));
      for (const name of failing.keys()) if (!names.has(name)) failing.delete(name);
      const due = named.filter(({ name }) => !isResting(name));
      await Promise.all(
        due.map(async ({ object, name }) => {
          try {
            if (await act(object)) failing.delete(name);
          } catch (error) {
            note(name, error);
          }
        }),
      );
    },
    problems: () => [...failing.values()],
  };
}
