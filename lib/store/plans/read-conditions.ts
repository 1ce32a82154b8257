import { eq } from 'drizzle-orm';
import type { Database } from '@/lib/db/database';
import { connections } from '@/lib/db/schema';
import { ConnectionId } from '@/lib/estate/ids';
import { defaultPolicy } from '@/lib/policy/policy';
import {
  type Conditions,
  maxSharePercentDefault,
  type SafetyConditions,
  type Span,
} from '@/lib/preflight/model/conditions';
import type { RunId } from '@/lib/run/model/run-id';
import { readTestInvocations } from '@/lib/store/read-test-invocations';
import { readAccountConnections } from '@/lib/store/runs/read-account-connections';
import { readPolicy } from '@/lib/store/settings/read-policies';
import { readDrafts, readOpenRuns } from './read-other-plans';
import { readSafetyFacts, type SafetySubject } from './read-safety-facts';

export type ConditionsQuery = {
  readonly connectionId: string;
  /** Further connections that the diversion spans. */
  readonly connections?: readonly string[];
  /** The plan's period; null = no schedule yet. */
  readonly span: Span | null;
  /**
   * The other plans to consider. `all`: runs, and drafts of other names, for an operator who is still choosing; `runs`:
   * everything that a plan can conflict with; `earlierRuns`: for a run, only earlier ones, so that no two wait for each
   * other; `bindings`: runs without their objects, whose conflicts are checked in the transaction that stores the run
   * (`insertRun`).
   */
  readonly others:
    | {
        readonly kind: 'all';
        readonly ownName: string | null;
        readonly leaveOut?: readonly (string | null)[];
      }
    | { readonly kind: 'runs' }
    | { readonly kind: 'earlierRuns'; readonly runId: RunId }
    | { readonly kind: 'bindings' };
  readonly maxSharePercent?: number;
  /** The plan whose safety rules are evaluated; absent where they are not. */
  readonly safety?: SafetySubject & Omit<SafetyConditions, 'facts'>;
};

async function listOthers(
  db: Database,
  { connectionId, connections = [], others }: ConditionsQuery,
): Promise<Conditions['others']> {
  const accounts = await readAccountConnections(db);
  const spanned = { connectionId, others: connections, accounts };
  switch (others.kind) {
    case 'runs':
      return readOpenRuns(db, spanned, null);
    case 'bindings':
      return (await readOpenRuns(db, spanned, null)).map((run) => ({ ...run, objects: [] }));
    case 'earlierRuns':
      return readOpenRuns(db, spanned, others.runId);
    case 'all': {
      const [runs, drafts] = await Promise.all([
        readOpenRuns(db, spanned, null),
        readDrafts(db, spanned, others.ownName),
      ]);
      return [...runs.filter(({ id }) => !others.leaveOut?.includes(id)), ...drafts];
    }
  }
}

/** Returns the test invocations of all accounts; those of other accounts are labeled with theirs. */
async function readAllTestInvocations(
  db: Database,
  { connectionId, connections = [] }: ConditionsQuery,
): Promise<Conditions['testInvocations']> {
  const beside = connections.filter((id) => id !== connectionId);
  const others = beside.map(async (id) => {
    const owned = { connectionId: ConnectionId.parse(id) };
    return (await readTestInvocations(db, id)).map((testInvocation) => ({ ...testInvocation, ...owned }));
  });
  return [await readTestInvocations(db, connectionId), ...(await Promise.all(others))].flat();
}

async function readSafety(
  db: Database,
  { t0, isStart, ...subject }: NonNullable<ConditionsQuery['safety']>,
): Promise<SafetyConditions> {
  return { t0, isStart, facts: await readSafetyFacts(db, subject) };
}

/** Returns the keys of tags that mark objects of another tool, by the policy for the kind of a connection. */
async function readOwnerTags(db: Database, connectionId: string): Promise<readonly string[]> {
  const [found] = await db
    .select({ kind: connections.kind })
    .from(connections)
    .where(eq(connections.id, connectionId));
  return (found === undefined ? defaultPolicy : await readPolicy(db, found.kind)).ownerTags;
}

/** Returns the current inputs of a plan's checks other than its snapshot. */
export async function readConditions(db: Database, asked: ConditionsQuery): Promise<Conditions> {
  return {
    now: new Date().toISOString(),
    span: asked.span,
    others: await listOthers(db, asked),
    testInvocations: await readAllTestInvocations(db, asked),
    maxSharePercent: asked.maxSharePercent ?? maxSharePercentDefault,
    ownerTags: await readOwnerTags(db, asked.connectionId),
    ...(asked.safety && { safety: await readSafety(db, asked.safety) }),
  };
}
