import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { asDomain } from '@/components/confirm/domain-confirm';
import { useCheckName } from '@/components/steps/use-check-name';
import { useMessage } from '@/components/ui/use-message';
import type { Answer } from '@/lib/client/actions';
import { sendVerb } from '@/lib/client/send-verb';
import type { Cutover } from '@/lib/diversion/cutover';
import { confirmationText } from '@/lib/diversion/routes';
import { routes } from '@/lib/routes';
import type { RunId } from '@/lib/run/model/run-id';
import type { ApplyView } from './apply-plan';

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
  const [typed, setTyped] = useState('');
  const isReal = view.connection.kind === 'tencent';
  const sent = useMutation({
    mutationFn: (cutover: Clock) =>
      sendVerb(() => send({ cutover, typedDomain: isReal ? asDomain(typed) : null })),
    onSuccess: (answer) => {
      if (answer.ok) router.push(routes.run(answer.value.runId));
    },
  });
  const error = sent.data?.ok === false ? sent.data.error : null;
  const typedError = error?.fields.typedDomain?.[0];
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
    error,
    /** The reason why it was rejected as a whole. */
    why: error?.form ? message(error.form.message, nameCheck(error.form.values)) : null,
    isUnknown: sent.isError,
    submit: sent.mutate,
  };
}

export type Apply = Omit<ReturnType<typeof useApply>, 'submit'>;
