import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMessage } from '@/components/ui/use-message';
import type { Answer } from '@/lib/client/actions';
import { answerOf } from '@/lib/client/answer-of';
import { queryKeys } from '@/lib/client/queries';

/** What became of an action; `unknown`: no answer came, so that it may have been done. */
export type ActionFailure =
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'unknown' };

export type SwitchAction<I> = {
  readonly give: (input: I) => void;
  readonly isBusy: boolean;
  readonly isDone: boolean;
  readonly failure: ActionFailure | null;
  readonly forget: () => void;
};

/** Gives an order of the switchboard, has the board read again, and says in words what the server said no to. */
export function useSwitchAction<I, T>(
  action: (input: I) => Answer<T>,
  onDone: (value: T) => void = () => {},
): SwitchAction<I> {
  const message = useMessage('ui.refusal', 'switch.error', 'diversion.error');
  const client = useQueryClient();
  const sent = useMutation({
    mutationFn: (input: I) => answerOf(action(input)),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.switches() }),
    onSuccess: (answer) => {
      if (answer.ok) onDone(answer.value);
    },
  });

  function failure(): ActionFailure | null {
    if (sent.isError) return { kind: 'unknown' };
    if (sent.data === undefined || sent.data.ok) return null;
    const { form, fields } = sent.data.error;
    const keys = [...new Set(Object.values(fields).flat())];
    const text = form ? message(form.message, form.values) : keys.map((key) => message(key)).join(' ');
    return { kind: 'refused', text };
  }

  return {
    give: (input) => sent.mutate(input),
    isBusy: sent.isPending,
    isDone: sent.data?.ok === true,
    failure: failure(),
    forget: sent.reset,
  };
}
