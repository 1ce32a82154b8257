import 'server-only';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Answer } from '@/lib/client/actions';
import type { ActionError } from '@/lib/client/views';
import type { QueryName, VerbName } from '@/lib/policy/verbs';
import { ok, type Result } from '@/lib/result';
import { type Actor, checkPermission, currentActor, type Scope } from './actor';
import { type AuditEntry, recordAudit } from './audit';
import { parseInput } from './parse-input';

/** Thrown by a query: its input is malformed, or the actor may not use it. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(
    operation: QueryName,
    readonly status: 400 | 403,
    readonly refusal: ActionError,
  ) {
    super(`${operation} is refused`);
  }
}

/**
 * Thrown in place of an unexpected error, without its cause, which may contain anything: the log has that under the
 * same code. Next shows the browser only the `digest` of an error.
 */
export class UnexpectedError extends Error {
  override readonly name = 'UnexpectedError';
  constructor(
    operation: VerbName | QueryName,
    readonly digest: string,
  ) {
    super(`${operation} failed; the log has the cause under ${digest}`);
  }
}

/** A schema, or a function for an input with its own limits. */
type Parser<Input> = z.ZodType<Input> | ((input: unknown) => ParsedInput<Input>);
type ParsedInput<Input> = Result<Input, ActionError> | Promise<Result<Input, ActionError>>;
type ScopeBy<Input> = Scope | ((input: Input) => Scope);
type Run<Input, Value> = (input: Input, actor: Actor) => Promise<Value>;

/** The parts of the wrapper that depend on the signed-in user. */
type Ports = {
  readonly identify: () => Actor | Promise<Actor>;
  readonly permit: typeof checkPermission;
  readonly record: (entry: AuditEntry) => void | Promise<void>;
};

/**
 * Creates the one wrapper of verbs and queries. Its steps, in this order:
 * 1. Parse: limits of size and depth, then the schema. If this fails, nothing else happens.
 * 2. Determine the actor.
 * 3. Check that the actor may do this to these objects.
 * 4. Run.
 * 5. Audit who did what to which objects, with the outcome: done, refused, or failed. This happens even if `run`
 * throws.
 */
export function createWrapper({ identify, permit, record }: Ports) {
  async function attempt<Value>(
    operation: VerbName | QueryName,
    scope: Scope,
    run: (actor: Actor) => Promise<Result<Value, ActionError>>,
  ): Promise<Result<Value, ActionError>> {
    const startedAt = performance.now();
    const actor = await identify();
    const recordOutcome = async (outcome: AuditEntry['outcome']) =>
      record({ actor, operation, scope, outcome, durationMs: Math.round(performance.now() - startedAt) });
    let answer: Result<Value, ActionError>;
    try {
      const permitted = await permit(actor, operation, scope);
      answer = permitted.ok ? await run(actor) : permitted;
    } catch (error) {
      // A verb that calls another one fails with the code of that one.
      const code = error instanceof UnexpectedError ? error.digest : randomUUID().slice(0, 8);
      await recordOutcome({ kind: 'failed', error, code });
      throw new UnexpectedError(operation, code);
    }
    await recordOutcome(answer.ok ? { kind: 'done' } : { kind: 'refused', refusal: answer.error });
    return answer;
  }

  const getScope = <Input>(scope: ScopeBy<Input>, input: Input) =>
    typeof scope === 'function' ? scope(input) : scope;

  return {
    /**
     * Defines a verb: an operation of an actor that changes something. It returns a value, or a refusal with what to do
     * about it.
     * @param scope the objects that it changes
     */
    verb<Input, Value>(
      name: VerbName,
      parser: Parser<Input>,
      scope: ScopeBy<Input>,
      run: Run<Input, Result<Value, ActionError>>,
    ): (input: unknown) => Answer<Value> {
      return async (input) => {
        const parsed = typeof parser === 'function' ? await parser(input) : parseInput(parser, input);
        if (!parsed.ok) return parsed;
        return attempt(name, getScope(scope, parsed.value), (actor) => run(parsed.value, actor));
      };
    },

    /**
     * Defines a query: an operation of an actor that only reads. It returns a value, and throws a `RefusedError` if it
     * is refused.
     * @param scope the objects that it reads
     */
    query<Schema extends z.ZodType, Value>(
      name: QueryName,
      schema: Schema,
      scope: ScopeBy<z.output<Schema>>,
      run: Run<z.output<Schema>, Value>,
    ): (input: z.input<Schema>) => Promise<Value> {
      return async (input) => {
        const parsed = parseInput(schema, input);
        if (!parsed.ok) throw new RefusedError(name, 400, parsed.error);
        const answer = await attempt(name, getScope(scope, parsed.value), async (actor) =>
          ok(await run(parsed.value, actor)),
        );
        if (!answer.ok) throw new RefusedError(name, 403, answer.error);
        return answer.value;
      };
    },
  };
}

export const { verb, query } = createWrapper({
  identify: currentActor,
  permit: checkPermission,
  record: recordAudit,
});
