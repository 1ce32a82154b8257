'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { applyFirstFixes } from '@/components/diversion/draft/apply-first-fixes';
import type { RouteFieldState } from '@/components/diversion/routes/route-field';
import { useMessage } from '@/components/ui/use-message';
import type { CreatePlanAction } from '@/lib/client/actions';
import { checkAnswer } from '@/lib/client/check-answer';
import type { ConnectionView } from '@/lib/client/views';
import type { Diversion } from '@/lib/diversion/diversion';
import type { FunctionChoice } from '@/lib/diversion/route';
import { anticipatedEstate } from '@/lib/draft/anticipated-estate';
import { applyFix, type Patch } from '@/lib/draft/apply-fix';
import {
  addCreatedListener,
  addCreatedLoadBalancer,
  type ListenerDraft,
  type LoadBalancerDraft,
  removeCreated,
  replaceListener,
  replaceLoadBalancer,
} from '@/lib/draft/change-creates';
import { addRoute, changeRoute, removeRoute } from '@/lib/draft/change-routes';
import type { Draft, DraftSide, EditorField, RouteDraft } from '@/lib/draft/draft';
import { findingsForField } from '@/lib/draft/field-findings';
import { buildPreview, fieldOfPath, getReadiness } from '@/lib/draft/preview';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import type { Estate } from '@/lib/estate/model';
import type { PlanContext } from '@/lib/preflight/model/conditions';
import { routes } from '@/lib/routes';

type DiversionFormInput = {
  readonly connection: Pick<ConnectionView, 'id'>;
  readonly estate: Estate;
  readonly testInvocations: readonly TestInvocation[];
  readonly context: PlanContext;
  readonly keepAliveS: number;
  readonly createPlan: CreatePlanAction;
  readonly draft: Draft;
  readonly setDraft: (change: (draft: Draft) => Draft) => void;
  readonly onStored: () => void;
};

/** The reason why a diversion was not stored; `unknown`: no response arrived, so it may have been stored. */
export type StoreFailure = { readonly kind: 'refused'; readonly text: string } | { readonly kind: 'unknown' };

/** The values and handlers that fields and panels use from a form. */
export type DiversionForm = ReturnType<typeof useDiversionForm>;

/** Provides the checks and the plan of a draft, all handlers that change it, and the action that stores it. */
export function useDiversionForm(input: DiversionFormInput) {
  const { connection, estate, testInvocations, context, keepAliveS, createPlan, draft, setDraft, onStored } =
    input;
  const message = useMessage('ui.refusal', 'diversion.error', 'switch.error', 'plan.problem');
  const router = useRouter();
  const preview = useMemo(
    () => buildPreview({ estate, draft, keepAliveS, testInvocations, context }),
    [estate, draft, keepAliveS, testInvocations, context],
  );
  const whole = useMemo(() => anticipatedEstate(estate, draft), [estate, draft]);
  const store = useMutation({
    mutationFn: (diversion: Diversion) => checkAnswer(createPlan({ connectionId: connection.id, diversion })),
    onSuccess: (answer) => {
      if (!answer.ok) return;
      onStored();
      router.push(routes.plan(answer.value.planId));
    },
  });
  const refusal = store.data?.ok === false ? store.data.error : null;
  // The page changes once the plan is stored; until then it must not be stored again.
  const isSending = store.isPending || store.data?.ok === true;

  function take(change: (draft: Draft) => Draft) {
    store.reset();
    setDraft(change);
  }

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
    /** Includes the resources that the draft creates; its fields choose from this. */
    estate: whole,
    preview,
    stateOf: getFieldState,
    isSending,
    failure: failure(),
    change: (change: Partial<Draft>) => take((now) => ({ ...now, ...change })),
    /** Changes the draft in a way that depends on the estate without what the draft creates. */
    edit: (change: (estate: Estate, draft: Draft) => Draft) => take((now) => change(estate, now)),
    changeRoute: (index: number, change: (route: RouteDraft) => RouteDraft) =>
      take((now) => changeRoute(estate, now, index, change)),
    addRoute: (side: DraftSide) => take((now) => addRoute(now, side)),
    removeRoute: (index: number) => take((now) => removeRoute(now, index)),
    createLoadBalancer: (index: number, made: LoadBalancerDraft) =>
      take((now) => addCreatedLoadBalancer(estate, now, index, made)),
    createListener: (index: number, made: ListenerDraft) =>
      take((now) => addCreatedListener(estate, now, index, made)),
    replaceLoadBalancer: (made: LoadBalancerDraft) => take((now) => replaceLoadBalancer(now, made)),
    replaceListener: (made: ListenerDraft) => take((now) => replaceListener(now, made)),
    removeCreated: (id: string) => take((now) => removeCreated(now, id)),
    fix: (patch: Patch) => take((now) => applyFix(estate, now, patch)),
    fixAll: () => take((now) => applyFirstFixes({ estate, draft: now, keepAliveS })),
    /** A newly created function is meant for a route; its response is a good guess for the probe. */
    takeFunction: (index: number, choice: FunctionChoice, body: string) =>
      take((now) =>
        changeRoute(estate, now, index, (route) =>
          route.to === 'function'
            ? {
                ...route,
                function: choice,
                expectedBody: route.expectedBody === '' ? body : route.expectedBody,
              }
            : route,
        ),
      ),
    review: () => {
      const { diversion } = preview;
      if (diversion !== null && getReadiness(preview).can && !isSending) store.mutate(diversion);
    },
  };
}
