import 'server-only';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { type AuditFacts, listFieldNames } from '@/lib/audit/audit-entry';
import type { ActionError, Answer } from '@/lib/contract/answer';
import type { Actor, Scope } from '@/lib/policy/actor';
import type { QueryName, VerbName } from '@/lib/policy/verbs';
import { ok, type Result } from '@/lib/result';
import { checkPermission, currentIdentity } from './actor';
import { type Definition, registerDefinition } from './definitions';
import { parseInput } from './parse-input';
import { type AuditedOperation, type AuditedOutcome, recordAudit } from './record-audit';
import type { IdentifiedActor } from './request-actor';

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

/** An input as callers have it. No parser changes it, so its lists may be read-only. */
type ReadOnly<Given> = Given extends readonly (infer Item)[]
  ? readonly ReadOnly<Item>[]
  : Given extends object
    ? { readonly [Key in keyof Given]: ReadOnly<Given[Key]> }
    : Given;
/** A schema, or a function for an input with its own limits. */
type Parser<Given, Input> = z.ZodType<Input, Given> | ((input: unknown) => ParsedInput<Input>);
type ParsedInput<Input> = Result<Input, ActionError> | Promise<Result<Input, ActionError>>;
type ScopeBy<Input> = Scope | ((input: Input) => Scope);
/**
 * Adds facts to the audit entry of the operation's end: chosen values, such as the role that a person gets. Never a
 * secret.
 */
type Note = (facts: AuditFacts) => void;
type Run<Input, Value> = (input: Input, actor: Actor, note: Note) => Promise<Value>;

/** The parts of the wrapper that depend on the signed-in user. */
type Ports = {
  readonly identify: () => IdentifiedActor | Promise<IdentifiedActor>;
  readonly permit: typeof checkPermission;
  readonly record: (operation: AuditedOperation) => Promise<number | null>;
  /** Gets each definition. */
  readonly define?: (name: VerbName | QueryName, definition: Definition) => void;
};

/** An operation before its permission is checked. */
type Attempt<Value> = {
  readonly operation: VerbName | QueryName;
  readonly isVerb: boolean;
  readonly scope: Scope;
  readonly fields: readonly string[];
  readonly run: (actor: Actor, note: Note) => Promise<Result<Value, ActionError>>;
};

/**
 * Creates the one wrapper of verbs and queries. Its steps, in this order:
 * 1. Parse: limits of size and depth, for a verb unknown fields, then the schema. If this fails, nothing else happens.
 * 2. Determine the actor.
 * 3. Check that the actor may do this to these objects.
 * 4. A verb: record that it begins. If that can't be stored, it does not run.
 * 5. Run.
 * 6. Record who did what to which objects, with the outcome: done, refused, or failed. This happens even if `run`
 * throws.
 */
export function createWrapper({ identify, permit, record, define = () => {} }: Ports) {
  async function attempt<Value>({
    operation,
    isVerb,
    scope,
    fields,
    run,
  }: Attempt<Value>): Promise<Result<Value, ActionError>> {
    const startedAt = performance.now();
    const identity = await identify();
    let begun: number | null = null;
    let facts: AuditFacts = {};
    const note: Note = (more) => {
      facts = { ...facts, ...more };
    };
    const recordOutcome = (outcome: AuditedOutcome) => {
      const durationMs = Math.round(performance.now() - startedAt);
      return record({ identity, operation, scope, fields, facts, begun, outcome, durationMs });
    };
    try {
      const permitted = await permit(identity.actor, operation, scope);
      if (permitted.ok && isVerb) begun = await recordOutcome({ kind: 'begun' });
      const answer = permitted.ok ? await run(identity.actor, note) : permitted;
      await recordOutcome(
        answer.ok ? { kind: 'done', value: answer.value } : { kind: 'refused', refusal: answer.error },
      );
      return answer;
    } catch (error) {
      // A verb that calls another one fails with the code of that one.
      const code = error instanceof UnexpectedError ? error.digest : randomUUID().slice(0, 8);
      await recordOutcome({ kind: 'failed', error, code });
      throw new UnexpectedError(operation, code);
    }
  }

  const getScope = <Input>(scope: ScopeBy<Input>, input: Input) =>
    typeof scope === 'function' ? scope(input) : scope;

  return {
    /**
     * Defines a verb: an operation of an actor that changes something. It returns a value, or a refusal with what to do
     * about it. Its callers pass what its schema takes; a parser of its own takes anything.
     * @param scope the objects that it changes
     */
    verb<Given, Input, Value>(
      name: VerbName,
      parser: Parser<Given, Input>,
      scope: ScopeBy<Input>,
      run: Run<Input, Result<Value, ActionError>>,
    ): (input: ReadOnly<Given>) => Answer<Value> {
      define(name, { kind: 'verb', schema: typeof parser === 'function' ? null : parser });
      return async (input) => {
        const parsed = typeof parser === 'function' ? await parser(input) : parseInput(parser, input);
        if (!parsed.ok) return parsed;
        return attempt({
          operation: name,
          isVerb: true,
          scope: getScope(scope, parsed.value),
          fields: listFieldNames(parsed.value),
          run: (actor, note) => run(parsed.value, actor, note),
        });
      };
    },

    /**
     * Defines a query: an operation of an actor that only reads. It returns a value, and throws a `RefusedError` if it
     * is refused. It drops unknown fields: our pages call it with more than it reads, and the API has refused them before.
     * @param scope the objects that it reads
     */
    query<Schema extends z.ZodType, Value>(
      name: QueryName,
      schema: Schema,
      scope: ScopeBy<z.output<Schema>>,
      run: Run<z.output<Schema>, Value>,
    ): (input: z.input<Schema>) => Promise<Value> {
      define(name, { kind: 'query', schema });
      return async (input) => {
        const parsed = parseInput(schema, input, true);
        if (!parsed.ok) throw new RefusedError(name, 400, parsed.error);
        const answer = await attempt({
          operation: name,
          isVerb: false,
          scope: getScope(scope, parsed.value),
          fields: listFieldNames(parsed.value),
          run: async (actor, note) => ok(await run(parsed.value, actor, note)),
        });
        if (!answer.ok) throw new RefusedError(name, 403, answer.error);
        return answer.value;
      };
    },
  };
}

export const { verb, query } = createWrapper({
  identify: currentIdentity,
  permit: checkPermission,
  record: recordAudit,
  define: registerDefinition,
});
