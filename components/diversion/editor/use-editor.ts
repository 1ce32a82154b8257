'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useCallback, useMemo, useState } from 'react';
import type { Asked } from '@/components/diversion/draft/prefill';
import { firstRegion } from '@/components/diversion/draft/regions';
import { useNewFunction } from '@/components/diversion/function/use-new-function';
import type { RouteForm } from '@/components/diversion/routes/route-form';
import { useTestInvocations } from '@/components/diversion/routes/use-test-invocations';
import { useAction } from '@/components/shell/use-action';
import type {
  CreatePlanAction,
  DeployFunctionAction,
  StartSyncAction,
  StartTestInvocationAction,
} from '@/lib/client/actions';
import type { SaveDraftAction } from '@/lib/client/diversion-actions';
import type { DiversionDraftView } from '@/lib/client/diversion-views';
import type { TestInvocationsView } from '@/lib/client/function-views';
import type { ConnectionView } from '@/lib/client/views';
import { toDraft } from '@/lib/diversion/to-draft';
import { anticipatedEstate } from '@/lib/draft/anticipated-estate';
import type { Draft, Kind } from '@/lib/draft/draft';
import { dropLikeRoutes } from '@/lib/draft/waves';
import { joinEstates } from '@/lib/estate/join-estates';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { PlanContext } from '@/lib/preflight/model/conditions';
import { routes } from '@/lib/routes';
import type { Creating } from './creating-dialog';
import { useDiversionForm } from './use-diversion-form';
import { useDraft } from './use-draft';
import { useLiveEstate } from './use-live-estate';

export type EditorInput = {
  /** The diversion to edit; null = a new one. */
  readonly editing: DiversionDraftView | null;
  readonly saveDraft: SaveDraftAction;
  readonly connection: ConnectionView;
  readonly estate: Estate;
  /** Accounts of the same cloud that the diversion may span. */
  readonly accounts: readonly ConnectionView[];
  /** Snapshots of the accounts that it spans now. */
  readonly others: readonly Estate[];
  /** The content that the address requests. */
  readonly asked: Asked;
  /** The time that clients keep a connection, in seconds; the rollback waits for it. */
  readonly keepAliveS: number;
  readonly createPlan: CreatePlanAction;
  readonly testInvocations: TestInvocationsView;
  /** The other plans and conditions to consider, as of when the page was opened. */
  readonly context: PlanContext;
  readonly deployFunction: DeployFunctionAction;
  readonly startTestInvocation: StartTestInvocationAction;
  readonly startSync: StartSyncAction;
};

/** Provides the editor's state and actions: estate, draft, checks and plan, and the resources to create. */
export function useEditor(input: EditorInput) {
  const { connection, editing, asked, keepAliveS, context, createPlan, deployFunction, startSync } = input;
  const t = useTranslations('diversion');
  const router = useRouter();
  const live = useLiveEstate(connection.id, input.estate, startSync);
  const { others } = input;
  const estate = useMemo(() => joinEstates(live.estate, others), [live.estate, others]);
  const spanned = useMemo(() => others.map(({ connectionId }) => String(connectionId)), [others]);
  const tried = useTestInvocations({
    connectionId: connection.id,
    testInvocations: input.testInvocations,
    startTestInvocation: input.startTestInvocation,
    onStart: live.follow,
  });
  const newName = useCallback((kind: Kind) => t(`kind.${kind}.defaultName`), [t]);
  const edited = useMemo(() => (editing === null ? {} : { diversion: editing.id }), [editing]);
  // The address holds the kind, and the requested content only until it is changed, so a reload shows what was typed.
  const onKind = useCallback(
    (kind: Kind) =>
      window.history.replaceState(null, '', routes.newDiversion(connection.id, { ...edited, kind, spanned })),
    [connection.id, edited, spanned],
  );
  const [initial] = useState(() => toInitialDraft(editing, estate));
  const drafting = useDraft({
    storedAs: editing?.id ?? connection.id,
    initial,
    estate,
    asked,
    nameOf: newName,
    onKind,
  });
  const { draft, setDraft } = drafting;
  const form = useDiversionForm({
    connection,
    estate,
    testInvocations: tried.judged,
    context,
    keepAliveS,
    createPlan: useCallback(
      (input: Parameters<CreatePlanAction>[0]) =>
        createPlan(editing === null ? input : { ...input, diversionId: editing.id }),
      [createPlan, editing],
    ),
    draft,
    setDraft,
    onStored: drafting.forget,
  });

  const saving = useAction(input.saveDraft, ({ diversionId }) => {
    drafting.forget();
    router.push(routes.diversion(diversionId));
  });
  const keyAt = (index: number) => draft.routes[index]?.key ?? '';
  const newFunction = useNewFunction({
    connectionId: connection.id,
    regionOf: (key) => {
      const route = draft.routes.find((each) => each.key === key);
      return findLoadBalancer(anticipatedEstate(estate, draft), route?.loadBalancerId ?? '')?.region;
    },
    usualRegion: firstRegion(live.estate),
    deployFunction,
    onReady: ({ fn, routeKey, choice, body }) => {
      live.addFunction(fn);
      form.takeFunction(
        draft.routes.findIndex(({ key }) => key === routeKey),
        choice,
        body,
      );
    },
  });
  const [creating, setCreating] = useState<Creating | null>(null);
  const create = (what: Creating['what'], index: number, changed: string | undefined) =>
    setCreating({ what, routeKey: keyAt(index), changed: changed ?? null });
  const routeForm: RouteForm = {
    ...form,
    trying: { ...tried.trying, account: connection.name },
    accountName: (id) => input.accounts.find((account) => account.id === id)?.name ?? id,
    create: {
      loadBalancer: (index, changed) => create('loadBalancer', index, changed),
      listener: (index, changed) => create('listener', index, changed),
      function: (index) => newFunction.open(keyAt(index)),
      remove: form.removeCreated,
    },
  };
  /** The page is rendered again with the resources of another account; the draft stays. */
  const span = (ids: readonly string[]) =>
    router.replace(routes.newDiversion(connection.id, { ...edited, kind: draft.kind, spanned: ids }), {
      scroll: false,
    });
  return {
    spanned,
    span,
    live,
    drafting,
    form,
    saving,
    save: () =>
      saving.send({
        connectionId: connection.id,
        diversionId: editing?.id ?? null,
        // JSON makes null of a number that is not valid, as the schema of a draft has it.
        draft: JSON.parse(JSON.stringify(draft)),
      }),
    routeForm,
    newFunction,
    creating,
    stopCreating: () => setCreating(null),
  };
}

function toInitialDraft(editing: DiversionDraftView | null, estate: Estate): Draft | null {
  if (editing === null) return null;
  const { intent } = editing;
  return dropLikeRoutes(estate, intent.kind === 'draft' ? intent.draft : toDraft(intent.diversion));
}
