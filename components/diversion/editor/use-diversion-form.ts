'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import type { DraftPlace } from '@/components/diversion/draft/ask-draft';
import type { CheckedDraftForm } from '@/components/diversion/draft/use-checked-draft';
import { useWhenChecked } from '@/components/diversion/draft/use-when-checked';
import type { RouteFieldState } from '@/components/diversion/routes/route-field';
import { useLateFailure } from '@/components/shell/use-action';
import { useMessage } from '@/components/ui/use-message';
import { checkAnswer } from '@/lib/client/check-answer';
import type { ConnectionView } from '@/lib/contract/connection';
import type { CreatePlanAction } from '@/lib/contract/plan';
import type { Creates } from '@/lib/diversion/creates';
import type { Diversion } from '@/lib/diversion/diversion';
import type { FunctionChoice } from '@/lib/diversion/route';
import type { Draft, EditorField } from '@/lib/draft/draft';
import type { DraftChange } from '@/lib/draft/draft-change';
import { setExpectedBody } from '@/lib/draft/edit-routes';
import { findingsForField } from '@/lib/draft/field-findings';
import { fieldOfPath, type Preview, type PreviewReadiness } from '@/lib/draft/preview-model';
import { withFunction } from '@/lib/draft/show-change';
import { routes } from '@/lib/routes';

type DiversionFormInput = {
  readonly connection: Pick<ConnectionView, 'id'>;
  readonly place: DraftPlace;
  readonly checked: CheckedDraftForm;
  readonly createPlan: CreatePlanAction;
  readonly onStored: () => void;
};

/** The reason why a diversion was not stored; `unknown`: no response arrived, so it may have been stored. */
export type StoreFailure = { readonly kind: 'refused'; readonly text: string } | { readonly kind: 'unknown' };

/** The values and handlers that fields and panels use from a form. */
export type DiversionForm = ReturnType<typeof useDiversionForm>;

const noFindings: Preview['findings'] = [];

/** Returns a preview without what was found at controls that are not shown any more. */
function withoutFindings(preview: Preview): Preview {
  const { readiness } = preview;
  const unblocked: PreviewReadiness =
    !readiness.can && readiness.why === 'blocked' ? { can: true } : readiness;
  return { ...preview, findings: noFindings, errors: {}, readiness: unblocked };
}

const below = ['ui.refusal', 'diversion.error', 'switch.error', 'diversion.problem'];

/** Provides the checks and the plan of a draft, all handlers that change it, and the action that stores it. */
export function useDiversionForm({ connection, place, checked, createPlan, onStored }: DiversionFormInput) {
  const message = useMessage(...below);
  const router = useRouter();
  const { onMutate, reportIfLeft } = useLateFailure(...below);
  const { draft, isCurrent, isAligned } = checked;
  // Findings about other controls don't apply to these.
  const preview = useMemo(
    () => (isAligned ? checked.preview : withoutFindings(checked.preview)),
    [isAligned, checked.preview],
  );
  const store = useMutation({
    mutationFn: (diversion: Diversion) => checkAnswer(createPlan({ connectionId: connection.id, diversion })),
    onMutate,
    onSuccess: (answer, _diversion, { isHere }) => {
      if (!answer.ok) return;
      onStored();
      if (isHere()) router.push(routes.plan(answer.value.planId));
    },
    onSettled: (answer, _error, _diversion, sentFrom) => reportIfLeft(answer, sentFrom),
  });
  const refusal = store.data?.ok === false ? store.data.error : null;
  // The page changes once the plan is stored; until then it must not be stored again.
  const isSending = store.isPending || store.data?.ok === true;
  // A review that was asked for before the last change was checked waits for that.
  const review = useWhenChecked(isCurrent, () => {
    const { diversion } = preview;
    if (diversion !== null && preview.readiness.can && !isSending) store.mutate(diversion);
  });

  function forget() {
    store.reset();
    review.forget();
  }
  const edit = (change: (draft: Draft) => Draft) => {
    forget();
    checked.edit(change);
  };
  const choose = (change: DraftChange, options?: { readonly isTyped: boolean }) => {
    forget();
    checked.choose(change, options);
  };

  function getFieldState(field: EditorField): RouteFieldState {
    const refused = Object.entries(refusal?.fields ?? {})
      .filter(([path]) => fieldOfPath(draft, path.split('.')) === field)
      .flatMap(([, keys]) => keys.map((key) => message(key)));
    const own = (preview.errors[field] ?? []).map((error) => message(error.message, error.values));
    return {
      findings: findingsForField(preview.findings, field),
      errors: [...new Set([...own, ...refused])],
    };
  }

  function failure(): StoreFailure | null {
    if (store.isError) return { kind: 'unknown' };
    if (!refusal?.form) return null;
    return { kind: 'refused', text: message(refusal.form.message, refusal.form.values) };
  }

  return {
    draft,
    estate: checked.estate,
    chosen: checked.chosen,
    place,
    preview,
    /** The draft that the plan and the findings are of. */
    checkedDraft: checked.checkedDraft,
    /** False while the last change is being checked: the shown result is of an earlier draft. */
    isCurrent,
    checkFailed: checked.failed,
    retryCheck: checked.retry,
    stateOf: getFieldState,
    isSending,
    failure: failure(),
    /** Changes the draft in a way that needs no estate. */
    edit,
    change: (change: Partial<Draft>) => edit((now) => ({ ...now, ...change })),
    /** Makes a choice whose consequences depend on the estate. */
    choose,
    createLoadBalancer: (index: number, made: Creates['loadBalancers'][number]) =>
      choose({ kind: 'createLoadBalancer', index, made }),
    createListener: (index: number, made: Creates['listeners'][number]) =>
      choose({ kind: 'createListener', index, made }),
    fix: (patch: Extract<DraftChange, { kind: 'fix' }>['patch']) => choose({ kind: 'fix', patch }),
    /** A newly created function is meant for a route; its response is a good guess for the probe. */
    takeFunction: (index: number, choice: FunctionChoice, body: string) =>
      edit((now) => {
        const taken = withFunction(now, index, choice);
        const route = now.routes[index];
        return route?.to === 'function' && route.expectedBody === ''
          ? setExpectedBody(taken, index, body)
          : taken;
      }),
    review: review.ask,
    isReviewAsked: review.isAsked,
  };
}
