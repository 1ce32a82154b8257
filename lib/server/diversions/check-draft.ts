import 'server-only';
import { z } from 'zod';
import { DiversionId } from '@/lib/diversion/diversion';
import { DiversionDraft } from '@/lib/diversion/draft';
import { listDomains } from '@/lib/diversion/routes';
import { toDraft } from '@/lib/diversion/to-draft';
import { answerDraft, type CheckedDraft, type OpenedDraft } from '@/lib/draft/answers/answer-draft';
import { CreatingQuestion, type CreatingSlice, sliceForCreating } from '@/lib/draft/creating/creating-slice';
import { DeployedFunction, mergeFunction } from '@/lib/draft/creating/merge-function';
import { DraftChange } from '@/lib/draft/draft-change';
import { fillAdvice } from '@/lib/draft/fill-advice';
import { type AccountName, answerOptions, type OptionsAnswer } from '@/lib/draft/options/answer-options';
import { OptionsQuestion } from '@/lib/draft/options/options-question';
import { prefill } from '@/lib/draft/prefill';
import type { DraftBasis } from '@/lib/draft/preview';
import { dropLikeRoutes } from '@/lib/draft/waves';
import type { Estate } from '@/lib/estate/model';
import type { Actor } from '@/lib/policy/actor';
import { seeEstate } from '@/lib/server/access/see-estate';
import { query } from '@/lib/server/verb';
import { readConnections } from '@/lib/store/connections/read-connections';
import { serverContext } from '@/lib/store/context';
import { newestEstate } from '@/lib/store/estate/newest-estate';
import { readConditions } from '@/lib/store/plans/read-conditions';
import { readDurations } from '@/lib/store/plans/read-durations';
import { readOriginalTtls } from '@/lib/store/runs/read-original-ttls';
import { readIntent } from './get-diversion';

const connectionsMax = 20;
/** The changes that a page may have made before the server responds, and the functions that it may have deployed. */
const changesMax = 50;
const deployedMax = 50;

const place = {
  connectionId: z.string(),
  /** Further connections that the diversion spans. */
  others: z.array(z.string()).max(connectionsMax).readonly().default([]),
  /** Functions that the page has deployed: the snapshot may be older. */
  deployed: z.array(DeployedFunction).max(deployedMax).readonly().default([]),
};

const DraftQuestion = z.unknown().pipe(
  z.object({
    ...place,
    draft: DiversionDraft,
    /** Changes that are applied first, in this order. */
    changes: z.array(DraftChange).max(changesMax).readonly().default([]),
  }),
);

const PlacedOptionsQuestion = z.unknown().pipe(OptionsQuestion.extend(place));
const PlacedCreatingQuestion = z.unknown().pipe(CreatingQuestion.extend(place));

type Place = {
  readonly connectionId: string;
  readonly others: readonly string[];
  readonly deployed?: readonly DeployedFunction[];
};

/**
 * Reads the estate on which a draft is edited, as far as the person may see it: the preflight of its plan knows the whole. null
 * while a connection has no snapshot.
 */
async function readEstate(
  { connectionId, others, deployed = [] }: Place,
  actor: Actor,
): Promise<Estate | null> {
  const { database } = await serverContext();
  const found = await newestEstate(database.db, connectionId, others);
  return found && deployed.reduce(mergeFunction, seeEstate(actor, 'diversion.checkDraft', found));
}

/** Reads the current conditions for checking and planning a draft; null while a connection has no snapshot. */
async function readBasis(place: Place, actor: Actor): Promise<DraftBasis | null> {
  const { database, settings } = await serverContext();
  const estate = await readEstate(place, actor);
  if (estate === null) return null;
  const { connectionId, others } = place;
  const [{ testInvocations, ...context }, durations] = await Promise.all([
    readConditions(database.db, {
      connectionId,
      connections: others,
      span: null,
      maxSharePercent: settings.SPILLWAY_MAX_SHARE_PERCENT,
      others: { kind: 'all', ownName: null },
      safety: { planId: null, runId: null, t0: null, isStart: false },
    }),
    readDurations(database.db, connectionId),
  ]);
  return { estate, keepAliveS: settings.SPILLWAY_KEEP_ALIVE_S, testInvocations, context, durations };
}

/** Checks and plans a draft after changes, with the TTLs that earlier runs have lowered for its names. */
async function answer(
  basis: DraftBasis,
  connectionId: string,
  asked: Parameters<typeof answerDraft>[1],
): Promise<CheckedDraft> {
  const { db } = (await serverContext()).database;
  const routes = [...asked.draft.routes, ...asked.changes.filter((change) => change.kind === 'domain')];
  const { estate } = basis;
  const originalTtls = await readOriginalTtls(db, { connectionId, domains: listDomains(routes), estate });
  return answerDraft({ ...basis, originalTtls }, asked, await readAccountNames());
}

/** Reads the names of the accounts. */
async function readAccountNames(): Promise<AccountName> {
  const names = new Map((await readConnections()).map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}

/**
 * Returns a draft with the given changes applied, with its plan and findings on the newest snapshot. Fixes that create
 * another finding of the same severity are left out. null while a connection has no snapshot. Nothing is stored.
 */
export const checkDraft = query(
  'diversion.checkDraft',
  DraftQuestion,
  ({ connectionId, others }) => ({ connections: [connectionId, ...others] }),
  async ({ draft, changes, ...place }, actor): Promise<CheckedDraft | null> => {
    const basis = await readBasis(place, actor);
    return basis && answer(basis, place.connectionId, { draft, changes });
  },
);

/**
 * Returns the options of a field of a draft that match a search, those that can't serve last with the reason. null
 * while a connection has no snapshot.
 */
export const listDraftOptions = query(
  'diversion.listDraftOptions',
  PlacedOptionsQuestion,
  ({ connectionId, others }) => ({ connections: [connectionId, ...others] }),
  async (question, actor): Promise<OptionsAnswer | null> => {
    const estate = await readEstate(question, actor);
    if (estate === null) return null;
    return answerOptions(estate, question, await readAccountNames());
  },
);

/**
 * Returns the part of the estate that a dialog needs which creates something. null while a connection has no snapshot.
 */
export const readForCreating = query(
  'diversion.readForCreating',
  PlacedCreatingQuestion,
  ({ connectionId, others }) => ({ connections: [connectionId, ...others] }),
  async (question, actor): Promise<CreatingSlice | null> => {
    const estate = await readEstate(question, actor);
    return estate && sliceForCreating(estate, question);
  },
);

/** A function each. */
const warmMax = 40;
/** A query parameter of the editor's address. */
const askedText = z.string().max(2000).nullable();

const OpenInput = z.object({
  connectionId: z.string(),
  others: z.array(z.string()).max(connectionsMax).readonly(),
  /** The diversion to edit; null = a new one. */
  diversionId: DiversionId.nullable(),
  asked: z.object({
    connection: askedText,
    kind: askedText,
    domain: askedText,
    rule: askedText,
    function: askedText.default(null),
    field: askedText,
  }),
  /** Provisioned concurrency and the lead of prewarm that the address asks for. */
  advice: z
    .object({ warm: z.array(z.string().max(200)).max(warmMax).readonly(), prewarm: askedText })
    .default({ warm: [], prewarm: null }),
  /** The names of unmodified drafts. */
  names: z.object({ split: z.string(), access: z.string(), switch: z.string() }),
});

/**
 * Returns the checked draft that the editor starts with: that of the edited diversion, otherwise one from the address's
 * parameters. null while a connection has no snapshot, or if the diversion does not exist.
 */
export const openDraft = query(
  'diversion.openDraft',
  OpenInput,
  ({ connectionId, others, diversionId: diversion }) =>
    diversion === null ? { connections: [connectionId, ...others] } : { diversion },
  async ({ connectionId, others, diversionId, asked, advice, names }, actor): Promise<OpenedDraft | null> => {
    const basis = await readBasis({ connectionId, others }, actor);
    if (basis === null) return null;
    const { estate } = basis;
    if (diversionId === null) {
      const { draft, ...filled } = prefill(estate, asked, (kind) => names[kind]);
      return { ...filled, ...(await answer(basis, connectionId, { draft, changes: [] })) };
    }
    const intent = await readIntent((await serverContext()).database.db, diversionId);
    if (intent === null) return null;
    const edited = intent.kind === 'draft' ? intent.draft : toDraft(intent.diversion);
    const { draft, notes } = fillAdvice(dropLikeRoutes(estate, edited), advice);
    return {
      notes,
      isFilled: true,
      ...(await answer(basis, connectionId, { draft, changes: [] })),
    };
  },
);
