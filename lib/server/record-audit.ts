import 'server-only';
import {
  type AuditContent,
  type AuditFacts,
  type AuditObject,
  exportNames,
  listResultObjects,
} from '@/lib/audit/audit-entry';
import type { ActionError } from '@/lib/contract/answer';
import type { Database } from '@/lib/db/database';
import type { Scope } from '@/lib/policy/actor';
import { type QueryName, type VerbName, verbNames } from '@/lib/policy/verbs';
import { appendAudit } from '@/lib/store/audit/append-audit';
import { readPlanHashes } from '@/lib/store/audit/plan-hashes';
import { serverContext } from '@/lib/store/context';
import { webProcess } from '@/lib/store/web-process';
import { type IdentifiedActor, requestCaller } from './request-actor';

/** Entries that people who are not signed in may cause in a minute, in each process. */
const perMinute = 60;
const minuteMs = 60_000;

type Window = { start: number; recorded: number; omitted: number };

/** On `globalThis`, because Next may load this module more than once in a process. */
const holder: typeof globalThis & { spillwayAnonymous?: Window } = globalThis;

/**
 * Limits the entries that anybody can cause without a sign-in, such as wrong passwords: an append-only log that strangers can
 * fill would fill the disk. What is done is always recorded, except for a sign-out without a session, which changes nothing.
 * So is the refusal of a passkey by its counter: only the passkey, or a copy of it, can cause it.
 * @param refusal the rule by which it was refused; null = it was not
 * @returns how many were left out since the last entry; null: this one is left out, too
 */
function takeAnonymousTurn(
  operation: VerbName | QueryName,
  outcome: 'begun' | 'done' | 'refused' | 'failed',
  refusal: string | null,
): number | null {
  const now = Date.now();
  holder.spillwayAnonymous ??= { start: now, recorded: 0, omitted: 0 };
  const window = holder.spillwayAnonymous;
  if (Math.abs(now - window.start) >= minuteMs) Object.assign(window, { start: now, recorded: 0 });
  const isAlways = refusal === 'passkey.counter' || (outcome === 'done' && operation !== 'session.signOut');
  if (window.recorded >= perMinute && !isAlways) {
    window.omitted += 1;
    return null;
  }
  const { omitted } = window;
  Object.assign(window, { recorded: window.recorded + 1, omitted: 0 });
  return omitted;
}

/** The phase or the end of an operation. */
export type AuditedOutcome =
  /** A verb is about to run. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly refusal: ActionError }
  /** `code`: the error code that the browser gets. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly code: string };

/** An operation of an actor, with its objects and its outcome. It contains only ids and names of the input. */
export type AuditedOperation = {
  readonly identity: IdentifiedActor;
  readonly operation: VerbName | QueryName;
  readonly scope: Scope;
  /** The names of the input's fields. */
  readonly fields: readonly string[];
  readonly facts: AuditFacts;
  /** The entry that was recorded before it ran. */
  readonly begun: number | null;
  readonly outcome: AuditedOutcome;
  readonly durationMs: number;
};

/**
 * A verb that arrives every few seconds, and changes only what a page shows. It is recorded if it is refused or fails; the
 * run keeps what was reported.
 */
const recordedIfRefused: ReadonlySet<string> = new Set<VerbName>(['probe.report']);

const isVerb = (operation: string) => verbNames.some((name) => name === operation);

/** Verbs that anyone may use as often as they like. */
const changesNothing: ReadonlySet<string> = new Set<VerbName>(['session.beginPasskey', 'session.beginSso']);

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

function listScopeObjects(scope: Scope): readonly AuditObject[] {
  if (scope === 'all') return [];
  return Object.entries(shorten(scope)).flatMap(([kind, ids]: [string, string | readonly string[]]) => {
    if (typeof ids === 'string') return [{ kind, id: ids }];
    return kind === 'connections' ? ids.map((id) => ({ kind: 'connection', id })) : [];
  });
}

function describeRefusal({ form, fields }: ActionError): readonly string[] {
  return form === null ? Object.keys(fields) : [form.message];
}

/** Writes an operation to the log: every verb that ended, and queries that failed or were refused. */
function logOperation({ identity, operation, scope, outcome, durationMs }: AuditedOperation): void {
  const { log } = webProcess();
  if (outcome.kind === 'begun') return;
  const entry = {
    actor: identity.actor.name,
    operation,
    scope: shorten(scope),
    outcome: outcome.kind,
    durationMs,
  };
  if (outcome.kind === 'failed') log.error({ ...entry, code: outcome.code, err: outcome.error }, 'audit');
  else if (outcome.kind === 'refused')
    log.info({ ...entry, refusal: describeRefusal(outcome.refusal) }, 'audit');
  else log[isVerb(operation) ? 'info' : 'debug'](entry, 'audit');
}

/**
 * Returns whether the audit log gets an entry: every verb, and queries that take data out or are refused for want of a right.
 * No one who is not signed in can read anything; the sign-in page itself asks for some of what other pages show. The beginning
 * of a sign-in with a passkey or at a provider changes nothing: what is recorded is its end.
 */
function isRecorded({ identity, operation, outcome }: AuditedOperation): boolean {
  if (changesNothing.has(operation) && outcome.kind === 'done' && identity.credential.via === 'none')
    return false;
  if (recordedIfRefused.has(operation) && outcome.kind !== 'refused' && outcome.kind !== 'failed')
    return false;
  if (isVerb(operation)) return true;
  if (outcome.kind === 'refused') return identity.credential.via !== 'none';
  return outcome.kind === 'done' && exportNames.has(operation);
}

/**
 * Returns whether nothing may happen without its entry: a verb is recorded before it runs, an export before it is sent, and
 * what someone does who is not signed in, a sign-in above all, before they get its result.
 */
function mustBeStored({ identity, operation, outcome }: AuditedOperation): boolean {
  if (outcome.kind === 'begun') return true;
  return outcome.kind === 'done' && (identity.credential.via === 'none' || !isVerb(operation));
}

async function describeOperation(db: Database, audited: AuditedOperation): Promise<AuditContent> {
  const { identity, operation, scope, fields, facts, begun, outcome, durationMs } = audited;
  const { actor, credential } = identity;
  const caller = requestCaller();
  const made = outcome.kind === 'done' ? listResultObjects(outcome.value) : [];
  const objects = [...listScopeObjects(scope), ...made];
  return {
    format: 1,
    actor: actor.name,
    account: actor.accountId,
    role: actor.role,
    via: credential.via,
    credential: 'id' in credential ? credential.id : null,
    address: caller?.address ?? null,
    request: caller?.requestId ?? null,
    operation,
    outcome: outcome.kind,
    begun,
    objects,
    plans: [...(await readPlanHashes(db, objects))],
    fields: [...fields],
    facts,
    refusal: outcome.kind === 'refused' ? [...describeRefusal(outcome.refusal)] : null,
    code: outcome.kind === 'failed' ? outcome.code : null,
    durationMs: outcome.kind === 'begun' ? null : durationMs,
  };
}

/**
 * Records an operation in the log and in the audit log (docs/adr/0026-the-audit-log-is-a-hash-chain.md).
 * @returns the number of its entry; null if it has none
 * @throws if an entry can't be stored without which nothing may happen; all others are then only in the log, as errors
 */
export async function recordAudit(audited: AuditedOperation): Promise<number | null> {
  logOperation(audited);
  if (!isRecorded(audited)) return null;
  const isAnonymous = audited.identity.credential.via === 'none';
  // Their verbs are recorded when they end.
  if (isAnonymous && audited.outcome.kind === 'begun') return null;
  const { operation: name, outcome: end } = audited;
  const [refusal = null] = end.kind === 'refused' ? describeRefusal(end.refusal) : [];
  const omitted = isAnonymous ? takeAnonymousTurn(name, end.kind, refusal) : 0;
  if (omitted === null) return null;
  const facts = omitted === 0 ? audited.facts : { ...audited.facts, omitted };
  try {
    const { db } = (await serverContext()).database;
    return await appendAudit(db, await describeOperation(db, { ...audited, facts }));
  } catch (error) {
    if (mustBeStored(audited)) throw error;
    const { operation, begun, outcome } = audited;
    webProcess().log.error(
      { operation, begun, outcome: outcome.kind, err: error },
      'an audit entry could not be stored',
    );
    return null;
  }
}
