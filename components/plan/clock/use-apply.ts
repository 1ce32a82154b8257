import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { asDomain } from '@/components/confirm/domain-confirm';
import { readFieldErrors, useLateFailure } from '@/components/shell/use-action';
import { useCheckName } from '@/components/steps/use-check-name';
import { watchDeparture } from '@/components/ui/base/navigation-start';
import { useMessage } from '@/components/ui/use-message';
import { sendVerb } from '@/lib/client/send-verb';
import type { Answer } from '@/lib/contract/answer';
import type { PlanView } from '@/lib/contract/plan';
import type { Cutover } from '@/lib/diversion/cutover';
import { confirmationText } from '@/lib/diversion/routes';
import type { Plan } from '@/lib/plan/model/model';
import { err } from '@/lib/result';
import { routes } from '@/lib/routes';
import type { RunId } from '@/lib/run/model/run-id';

/** Sends a plan with its schedule. `typedDomain` null = the account requires none. */
type SendPlan<Clock> = (input: {
  readonly cutover: Clock;
  readonly typedDomain: string | null;
}) => Answer<{ runId: RunId }>;

/** Submits a plan, at once or on a schedule, and opens its run. A real account requires the moved names to be
 * typed. */
export function useApply<Clock extends Cutover | null>(view: ApplyView, send: SendPlan<Clock>) {
  const message = useMessage('ui.refusal');
  const nameCheck = useCheckName();
  const router = useRouter();
  const { onMutate, reportIfLeft } = useLateFailure('ui.refusal');
  const [typed, setTyped] = useState('');
  const isReal = view.connection.kind === 'tencent';
  const sent = useMutation({
    mutationFn: async ({ cutover }: { readonly cutover: Clock; readonly shown: Map<string, unknown> }) => {
      const typedDomain = isReal ? asDomain(typed) : null;
      const answer = await sendVerb(() => send({ cutover, typedDomain }), watchDeparture());
      if (answer.ok || answer.error.form === null) return answer;
      const { form } = answer.error;
      return err({ ...answer.error, form: { ...form, values: nameCheck(form.values) } });
    },
    onMutate,
    onSuccess: (answer, _cutover, { isHere }) => {
      if (answer.ok && isHere()) router.push(routes.run(answer.value.runId));
    },
    onSettled: (answer, _error, _cutover, sentFrom) => reportIfLeft(answer, sentFrom),
  });
  const error = sent.data?.ok === false ? sent.data.error : null;
  const { shown, errorKeys } = readFieldErrors(error, sent.variables?.shown);
  const typedError = errorKeys('typedDomain', typed)?.[0];
  return {
    typed: {
      isWanted: isReal,
      text: typed,
      set: setTyped,
      error: typedError === undefined ? undefined : message(typedError),
    },
    isConfirmed: !isReal || asDomain(typed) === confirmationText(view.plan.diversion),
    // On success the page changes: the button stays busy until then, so that it is pressed only once.
    isBusy: sent.isPending || sent.data?.ok === true,
    isRefused: error !== null,
    errorKeys,
    /** The reason why it was rejected as a whole. */
    why: error?.form ? message(error.form.message, error.form.values) : null,
    isUnknown: sent.isError,
    submit: (cutover: Clock) => sent.mutate({ cutover, shown }),
  };
}

export type Apply = Omit<ReturnType<typeof useApply>, 'submit'>;

/** The facts of a plan that its dialogs need. */
export type ApplyView = Pick<
  PlanView,
  'id' | 'hash' | 'runId' | 'findings' | 'disconnected' | 'reschedulable' | 'policy' | 'figureIntervals'
> & {
  readonly plan: Pick<Plan, 'diversion' | 'steps' | 'rollback'>;
  readonly connection: Pick<PlanView['connection'], 'kind' | 'name'>;
  readonly approvals: Pick<PlanView['approvals'], 'count'>;
  readonly traffic: Pick<NonNullable<PlanView['traffic']>, 'readings' | 'functionLagMs'> | null;
};
