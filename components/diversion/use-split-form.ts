'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useForm } from 'react-hook-form';
import { useMessage } from '@/components/ui/use-message';
import type { CreatePlanAction } from '@/lib/client/actions';
import { answerOf } from '@/lib/client/answer-of';
import type { ConnectionView } from '@/lib/client/views';
import { SplitDiversion, type SplitField } from '@/lib/diversion/split';
import type { Estate } from '@/lib/estate/model';
import type { Fix } from '@/lib/preflight/model';
import { routes } from '@/lib/routes';
import { applyFix } from './apply-fix';
import { findingsOf } from './field-findings';
import type { LaneFieldState } from './lane-field';
import { fieldOfPath, previewSplit, readinessOf } from './preview';
import { emptyDraft, type SplitDraft } from './split-draft';

type SplitFormInput = {
  readonly connection: Pick<ConnectionView, 'id'>;
  readonly estate: Estate;
  readonly keepAliveS: number;
  readonly createPlan: CreatePlanAction;
};

/** Why a Split was not stored; `unknown`: no answer came, so that it may be. */
export type SplitFailure = { readonly kind: 'refused'; readonly text: string } | { readonly kind: 'unknown' };

export type SplitForm = ReturnType<typeof useSplitForm>;

/** The draft, what the checks and the planner make of it, and every way in which it changes. */
export function useSplitForm({ connection, estate, keepAliveS, createPlan }: SplitFormInput) {
  const t = useTranslations('diversion');
  const message = useMessage('ui.refusal', 'diversion.error', 'plan.problem');
  const router = useRouter();
  const form = useForm<SplitDraft, unknown, SplitDiversion>({
    resolver: zodResolver(SplitDiversion),
    defaultValues: emptyDraft(t('defaultName')),
  });
  const { name, laneA, laneB } = form.watch();
  const draft = useMemo((): SplitDraft => ({ kind: 'split', name, laneA, laneB }), [name, laneA, laneB]);
  const preview = useMemo(() => previewSplit({ estate, draft, keepAliveS }), [estate, draft, keepAliveS]);
  const store = useMutation({
    mutationFn: (diversion: SplitDiversion) => answerOf(createPlan(connection.id, diversion)),
    onSuccess: (answer) => {
      if (answer.ok) router.push(routes.plan(answer.value.planId));
    },
  });
  const refusal = store.data?.ok === false ? store.data.error : null;
  // The page changes once the plan is stored: until then it is not stored again.
  const isSending = store.isPending || store.data?.ok === true;

  function take(next: SplitDraft) {
    store.reset();
    form.setValue('name', next.name, { shouldDirty: true });
    form.setValue('laneA', next.laneA, { shouldDirty: true });
    form.setValue('laneB', next.laneB, { shouldDirty: true });
  }

  function stateOf(field: SplitField): LaneFieldState {
    const refused = Object.entries(refusal?.fields ?? {})
      .filter(([path]) => fieldOfPath(path.split('.')) === field)
      .flatMap(([, keys]) => keys);
    const texts = [...(preview.errors[field] ?? []), ...refused].map((key) => message(key));
    return { findings: findingsOf(preview.findings, field), errors: [...new Set(texts)] };
  }

  function failure(): SplitFailure | null {
    if (store.isError) return { kind: 'unknown' };
    if (!refusal?.form) return null;
    return { kind: 'refused', text: message(refusal.form.message, refusal.form.values) };
  }

  const submit = form.handleSubmit((diversion) => store.mutate(diversion));
  return {
    draft,
    preview,
    stateOf,
    isSending,
    failure: failure(),
    setName: (name: string) => take({ ...draft, name }),
    setLaneA: (lane: Partial<SplitDraft['laneA']>) => take({ ...draft, laneA: { ...draft.laneA, ...lane } }),
    setLaneB: (lane: Partial<SplitDraft['laneB']>) => take({ ...draft, laneB: { ...draft.laneB, ...lane } }),
    fix: (patch: NonNullable<Fix['patch']>) => take(applyFix(estate, draft, patch)),
    /** A function that was just created is meant for lane B; what it answers is a good guess for the probe. */
    takeFunction: (choice: SplitDraft['laneB']['function'], body: string) => {
      const { laneB } = form.getValues();
      const expectedBody = laneB.expectedBody === '' ? body : laneB.expectedBody;
      form.setValue('laneB', { ...laneB, function: choice, expectedBody }, { shouldDirty: true });
    },
    discard: () => {
      store.reset();
      form.reset(emptyDraft(t('defaultName')));
    },
    review: () => {
      if (readinessOf(preview).can && !isSending) void submit();
    },
  };
}
