import 'server-only';
import { hostname } from 'node:os';
import type { AuditFacts, AuditObject, WorkerEventName } from '@/lib/audit/audit-entry';
import type { Database } from '@/lib/db/database';
import { appendAudit } from './append-audit';
import { readPlanHashes } from './plan-hashes';

/** A decision that a worker has made and carried out without a command. */
export type WorkerDecision = {
  readonly operation: WorkerEventName;
  /** The name under which it acts, as in the journal: `failover`. */
  readonly actor: string;
  readonly objects: readonly AuditObject[];
  readonly facts?: AuditFacts;
  /** The rules by which it could not be carried out; absent = it was. */
  readonly refusal?: readonly string[];
};

/**
 * Appends a decision of a worker to the audit log.
 * @throws if it can't be stored
 */
export async function appendDecision(db: Database, decision: WorkerDecision): Promise<void> {
  const { operation, actor, objects, facts = {}, refusal } = decision;
  await appendAudit(db, {
    format: 1,
    actor,
    account: null,
    role: null,
    via: 'worker',
    credential: process.env.SPILLWAY_WORKER_NAME ?? hostname(),
    address: null,
    request: null,
    operation,
    outcome: refusal === undefined ? 'done' : 'refused',
    begun: null,
    objects: [...objects],
    plans: [...(await readPlanHashes(db, objects))],
    fields: [],
    facts,
    refusal: refusal === undefined ? null : [...refusal],
    code: null,
    durationMs: null,
  });
}

/** The part of a log that reports an entry which could not be stored. */
type WarnLog = { readonly warn: (fields: object, message: string) => void };

/**
 * Appends a decision, and never fails: what keeps traffic up does not wait for it, and the journal of the run has the
 * decision, too.
 */
export async function recordDecision(db: Database, log: WarnLog, decision: WorkerDecision): Promise<void> {
  try {
    await appendDecision(db, decision);
  } catch (error) {
    const { operation, objects } = decision;
    log.warn({ operation, objects, err: error }, 'an audit entry could not be stored');
  }
}
