'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useCheckedDraft } from '@/components/diversion/draft/use-checked-draft';
import { useNewFunction } from '@/components/diversion/function/use-new-function';
import type { RouteForm } from '@/components/diversion/routes/route-form';
import { useTestInvocations } from '@/components/diversion/routes/use-test-invocations';
import { useAction } from '@/components/shell/use-action';
import type { ConnectionView, StartSyncAction } from '@/lib/contract/connection';
import type { DiversionDraftView, SaveDraftAction } from '@/lib/contract/diversion';
import type {
  DeployFunctionAction,
  StartTestInvocationAction,
  TestInvocationsView,
} from '@/lib/contract/function';
import type { CreatePlanAction } from '@/lib/contract/plan';
import type { OpenedDraft } from '@/lib/draft/answers/answer-draft';
import type { Kind } from '@/lib/draft/draft';
import type { Asked } from '@/lib/draft/prefill';
import { findLoadBalancer } from '@/lib/estate/look-up';
import { routes } from '@/lib/routes';
import type { Creating } from './creating-dialog';
import { useDiversionForm } from './use-diversion-form';
import { useDraft } from './use-draft';
import { useLiveEstate } from './use-live-estate';

export type EditorInput = {
  /** The diversion to edit; null = a new one. */
  readonly editing: Pick<DiversionDraftView, 'id' | 'nextRevision' | 'contentVersion'> | null;
  /** The draft to begin with: that of the diversion, or the content that the address requests. */
  readonly opened: OpenedDraft;
  /** The notices of the server about that draft. */
  readonly notices: ReactNode;
  readonly saveDraft: SaveDraftAction;
  readonly connection: ConnectionView;
  /** Accounts of the same cloud that the diversion may span. */
  readonly accounts: readonly ConnectionView[];
  /** Ids of those that it spans now. */
  readonly spanned: readonly string[];
  /** The content that the address requests. */
  readonly asked: Asked;
  readonly createPlan: CreatePlanAction;
  readonly testInvocations: TestInvocationsView;
  readonly deployFunction: DeployFunctionAction;
  readonly startTestInvocation: StartTestInvocationAction;
  readonly startSync: StartSyncAction;
};

/** Provides the editor's state and actions: estate, draft, checks and plan, and the resources to create. */
export function useEditor(input: EditorInput) {
  const { connection, editing, createPlan, deployFunction, startSync } = input;
  const t = useTranslations('diversion');
  const router = useRouter();
  const { spanned } = input;
  const live = useLiveEstate(connection.id, input.opened.estate, startSync);
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
    (kind: Kind) => {
      const address = routes.newDiversion(connection.id, { ...edited, kind, spanned });
      const { pathname, search } = window.location;
      // After Back, the address is that of another page, which may still load while a check of the draft is answered.
      if (pathname !== address.split('?')[0]) return;
      // Replacing the address ends a navigation that is in progress, e.g. to the stored plan.
      if (`${pathname}${search}` !== address) window.history.replaceState(null, '', address);
    },
    [connection.id, edited, spanned],
  );
  const { deployed } = live;
  const place = useMemo(
    () => ({ connectionId: connection.id, others: spanned, deployed }),
    [connection.id, spanned, deployed],
  );
  const checked = useCheckedDraft({
    ...place,
    opened: input.opened,
    snapshot: `${live.version} ${tried.judged.length}`,
  });
  const drafting = useDraft({
    storedAs: editing?.id ?? connection.id,
    isEditing: editing !== null,
    opened: input.opened,
    checked,
    nameOf: newName,
    onKind,
  });
  const { draft } = checked;
  // The page may be rendered again with newer content: the draft began with this.
  const [contentVersion] = useState(editing?.contentVersion ?? null);
  const form = useDiversionForm({
    connection,
    place,
    checked,
    createPlan: useCallback(
      (input: Parameters<CreatePlanAction>[0]) =>
        createPlan(editing === null ? input : { ...input, diversionId: editing.id, contentVersion }),
      [createPlan, editing, contentVersion],
    ),
    onStored: drafting.forget,
  });

  const saving = useAction(input.saveDraft, ({ diversionId }, isHere) => {
    drafting.forget();
    if (isHere) router.push(routes.diversion(diversionId));
  });
  const keyAt = (index: number) => draft.routes[index]?.key ?? '';
  const newFunction = useNewFunction({
    connectionId: connection.id,
    regionOf: (key) => {
      const route = draft.routes.find((each) => each.key === key);
      return findLoadBalancer(checked.estate, route?.loadBalancerId ?? '')?.region;
    },
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
    create: {
      loadBalancer: (index, changed) => create('loadBalancer', index, changed),
      listener: (index, changed) => create('listener', index, changed),
      function: (index) => newFunction.open(keyAt(index)),
      edit: form.edit,
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
        contentVersion,
        // JSON converts an invalid number to null, which the schema of a draft expects.
        draft: JSON.parse(JSON.stringify(draft)),
      }),
    routeForm,
    newFunction,
    creating,
    stopCreating: () => setCreating(null),
  };
}
