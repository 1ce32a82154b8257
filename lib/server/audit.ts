import 'server-only';
import type { ActionError } from '@/lib/client/views';
import { type QueryName, type VerbName, verbNames } from '@/lib/policy/verbs';
import type { Actor, Scope } from './actor';
import { requestCaller } from './request-actor';
import { webProcess } from './web-process';

/** The audit record of a verb or a query: actor, objects and outcome. It contains only ids of the input. */
export type AuditEntry = {
  readonly actor: Actor;
  readonly operation: VerbName | QueryName;
  readonly scope: Scope;
  readonly outcome:
    | { readonly kind: 'done' }
    | { readonly kind: 'refused'; readonly refusal: ActionError }
    /** `code`: the error code that the browser gets. */
    | { readonly kind: 'failed'; readonly error: unknown; readonly code: string };
  readonly durationMs: number;
};

const isVerb = (operation: string) => verbNames.some((name) => name === operation);

/** Long enough for any cloud id and for all accounts of a plan. Ids are input, so the length is limited. */
const idMax = 100;
const idsMax = 20;

function shorten(scope: Scope): Scope {
  if (scope === 'all') return scope;
  const entries = Object.entries(scope).map(([kind, ids]) => [
    kind,
    Array.isArray(ids) ? ids.slice(0, idsMax).map((id) => id.slice(0, idMax)) : ids.slice(0, idMax),
  ]);
  return Object.fromEntries(entries);
}

/** Writes an audit entry to the log: every verb, and queries that failed or were refused. */
export function recordAudit({ actor, operation, scope, outcome, durationMs }: AuditEntry): void {
  const { log } = webProcess();
  const token = requestCaller()?.token;
  const entry = {
    actor: actor.name,
    ...(token && { token }),
    operation,
    scope: shorten(scope),
    outcome: outcome.kind,
    durationMs,
  };
  if (outcome.kind === 'failed') log.error({ ...entry, code: outcome.code, err: outcome.error }, 'audit');
  else if (outcome.kind === 'refused') {
    const { form, fields } = outcome.refusal;
    log.info({ ...entry, refusal: form?.message ?? Object.keys(fields) }, 'audit');
  } else log[isVerb(operation) ? 'info' : 'debug'](entry, 'audit');
}
