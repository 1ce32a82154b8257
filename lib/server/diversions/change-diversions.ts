'use server';

import { and, eq, or, sql } from 'drizzle-orm';
import { createTranslator } from 'next-intl';
import { z } from 'zod';
import type {
  DiscardDiversionAction,
  DuplicateDiversionAction,
  RestoreDiversionAction,
  SaveDraftAction,
} from '@/lib/contract/diversion';
import { diversions, switches } from '@/lib/db/schema';
import { DiversionId } from '@/lib/diversion/diversion';
import { DiversionDraft } from '@/lib/diversion/draft';
import { toDraft } from '@/lib/diversion/to-draft';
import words from '@/lib/messages/en/diversions.json';
import { mayUseOn } from '@/lib/policy/access';
import { getActorKey } from '@/lib/policy/actor';
import { ok } from '@/lib/result';
import { listNamedObjects } from '@/lib/server/access/named-objects';
import { contentVersionSql, lockContent } from '@/lib/server/plans/content-version';
import { verb } from '@/lib/server/verb';
import { cut } from '@/lib/shorten';
import { findConnection } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { readContributors } from '@/lib/store/plans/read-authors';
import { refuse } from '@/lib/store/refusal';
import { exclusively } from '@/lib/store/runs/exclusively';
import { readDiversion, readIntent } from './get-diversion';

const nameMax = 80;
const translate = createTranslator({
  locale: 'en',
  messages: { diversions: words },
  namespace: 'diversions',
});

/** Returns the distinct names of a draft. */
function listDomains({ kind, routes, waves }: DiversionDraft): string[] {
  const names = kind === 'switch' ? waves.flatMap((wave) => wave.names) : [];
  const domains = [...routes.map(({ domain }) => domain.trim().toLowerCase()), ...names].filter(
    (domain) => domain !== '',
  );
  return [...new Set(domains)].toSorted();
}

const SaveInput = z.object({
  connectionId: z.string().min(1),
  diversionId: DiversionId.nullable(),
  contentVersion: z.string().max(64).nullable().default(null),
  draft: DiversionDraft,
});

/** Adds a person to those who have saved a draft. */
function withEditor(key: string) {
  return sql`case when ${key} = any(${diversions.draftBy}) then ${diversions.draftBy} else array_append(${diversions.draftBy}, ${key}) end`;
}

/** The condition that a diversion has the content of a version, or that draft already; none without a version. */
function isUnchanged(contentVersion: string | null, draft: DiversionDraft) {
  if (contentVersion === null) return undefined;
  return or(
    eq(contentVersionSql, contentVersion),
    sql`${diversions.draft} = ${JSON.stringify(draft)}::jsonb`,
  );
}

/** Stores the editor's state, complete or not: as a new diversion, or for an existing one, whose plans don't change. */
export const saveDraft = verb(
  'diversion.saveDraft',
  SaveInput,
  ({ connectionId, diversionId: diversion }) =>
    diversion === null ? { connections: [connectionId] } : { diversion },
  async ({ connectionId, diversionId, contentVersion, draft }, actor): ReturnType<SaveDraftAction> => {
    const named = listNamedObjects(connectionId, draft);
    if (!mayUseOn(actor.access, 'diversion.saveDraft', named)) return refuse('scope.notPermitted');
    if ((await findConnection(connectionId)) === null) return refuse('connection.gone', { id: connectionId });
    const { db } = (await serverContext()).database;
    const isNamed = draft.name.trim() !== '';
    const facts = {
      kind: draft.kind,
      domains: listDomains(draft),
      ...(isNamed && { name: cut(draft.name, nameMax) }),
    };
    if (diversionId === null) {
      const values = {
        name: translate('unnamed'),
        ...facts,
        connectionId,
        draft,
        draftBy: [getActorKey(actor)],
        owner: actor.name,
        createdBy: actor.name,
      };
      const [made] = await db.insert(diversions).values(values).returning({ id: diversions.id });
      return made === undefined ? refuse('diversion.gone', { diversion: '' }) : ok({ diversionId: made.id });
    }
    const found = await readDiversion(db, diversionId);
    if (found === null || found.connection.id !== connectionId)
      return refuse('diversion.gone', { diversion: diversionId });
    if (found.discarded !== null) return refuse('diversion.discarded', { diversion: diversionId });
    // The list shows the names of the plan if it exists.
    const saved = await db.transaction(async (transaction) => {
      await lockContent(transaction, diversionId);
      return transaction
        .update(diversions)
        .set({ ...(found.revisions.length === 0 && facts), draft, draftBy: withEditor(getActorKey(actor)) })
        .where(and(eq(diversions.id, diversionId), isUnchanged(contentVersion, draft)))
        .returning({ id: diversions.id });
    });
    return saved.length === 0 ? refuse('diversion.changed', { diversion: diversionId }) : ok({ diversionId });
  },
);

const IdInput = z.object({ diversionId: DiversionId });

/** Copies a diversion into a separate draft; the two are not linked. */
export const duplicateDiversion = verb(
  'diversion.duplicate',
  IdInput,
  ({ diversionId: diversion }) => ({ diversion }),
  async ({ diversionId: id }, actor): ReturnType<DuplicateDiversionAction> => {
    const { db } = (await serverContext()).database;
    const found = await readDiversion(db, id);
    const intent = found && (await readIntent(db, id));
    if (found === null || intent === null) return refuse('diversion.gone', { diversion: id });
    const name = cut(translate('copyName', { name: found.name }), nameMax);
    const draft: DiversionDraft =
      intent.kind === 'draft' ? { ...intent.draft, name } : { ...toDraft(intent.diversion), name };
    const { kind, domains } = found;
    const draftBy = [...(await readContributors(db, id))];
    const values = { kind, name, domains: [...domains], connectionId: found.connection.id, draft, draftBy };
    const [made] = await db
      .insert(diversions)
      .values({ ...values, owner: actor.name, createdBy: actor.name })
      .returning({ id: diversions.id });
    return made === undefined ? refuse('diversion.gone', { diversion: id }) : ok({ diversionId: made.id });
  },
);

/**
 * Discards a diversion: it leaves the list, and its plans can't be applied. Refused while a run is in progress, stopped or
 * in effect: it must be rolled back first.
 */
export const discardDiversion = verb(
  'diversion.discard',
  IdInput,
  ({ diversionId: diversion }) => ({ diversion }),
  async ({ diversionId: id }, actor): ReturnType<DiscardDiversionAction> => {
    const { database } = await serverContext();
    // No run of it can start during the transaction.
    return exclusively(database.pool, async ({ db }) => {
      const found = await readDiversion(db, id);
      if (found === null) return refuse('diversion.gone', { diversion: id });
      if (found.discarded !== null) return ok(null);
      const { runId = null, runState = null, state } = found.current ?? {};
      if (runId !== null && runState !== null && state !== 'rolledBack' && state !== 'leftAsIs')
        return refuse('diversion.hasRun', { diversion: id, run: runId });
      if (found.series?.kind === 'template' && !found.series.isStopped)
        return refuse('diversion.repeats', { diversion: id });
      await db
        .update(diversions)
        .set({ discardedBy: actor.name, discardedAt: new Date() })
        .where(eq(diversions.id, id));
      // The next move of its Switch, including a failover, creates a new diversion, because a discarded one can't be
      // applied.
      await db.update(switches).set({ diversionId: null }).where(eq(switches.diversionId, id));
      return ok(null);
    });
  },
);

/**
 * Restores a discarded diversion. The diversion of a Switch stays discarded: the next move of the Switch creates, or
 * has created, a new one.
 */
export const restoreDiversion = verb(
  'diversion.restore',
  IdInput,
  ({ diversionId: diversion }) => ({ diversion }),
  async ({ diversionId: id }): ReturnType<RestoreDiversionAction> => {
    const { db } = (await serverContext()).database;
    const found = await readDiversion(db, id);
    if (found === null) return refuse('diversion.gone', { diversion: id });
    if (found.kind === 'switch') return refuse('diversion.noRestore', { diversion: id });
    await db.update(diversions).set({ discardedBy: null, discardedAt: null }).where(eq(diversions.id, id));
    return ok(null);
  },
);
