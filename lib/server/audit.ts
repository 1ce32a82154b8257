import 'server-only';
import type { ActionError } from '@/lib/client/views';
import { type QueryName, type VerbName, verbNames } from '@/lib/policy/verbs';
import type { Actor, Scope } from './actor';
import { webProcess } from './web-process';

/** The record of a use of a verb or a query: actor, objects and outcome. It has no input: that may contain anything. */
export type AuditEntry = {
  readonly actor: Actor;
  readonly operation: VerbName | QueryName;
  readonly scope: Scope;
  readonly outcome:
    | { readonly kind: 'done' }
    | { readonly kind: 'refused'; readonly refusal: ActionError }
    /** `code`: what the browser is told of it. */
    | { readonly kind: 'failed'; readonly error: unknown; readonly code: string };
  readonly durationMs: number;
};

const isVerb = (operation: string) => verbNames.some((name) => name === operation);

/** Writes an entry to the log: each verb, and of queries those that failed or were refused. */
export function recordAudit({ actor, operation, scope, outcome, durationMs }: AuditEntry): void {
  const { log } = webProcess();
  const entry = { actor: actor.name, operation, scope, outcome: outcome.kind, durationMs };
  if (outcome.kind === 'failed') log.error({ ...entry, code: outcome.code, err: outcome.error }, 'audit');
  else if (outcome.kind === 'refused') {
    const { form, fields } = outcome.refusal;
    log.info({ ...entry, refusal: form?.message ?? Object.keys(fields) }, 'audit');
  } else log[isVerb(operation) ? 'info' : 'debug'](entry, 'audit');
}
