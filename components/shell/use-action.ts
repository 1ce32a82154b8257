import { useMutation } from '@tanstack/react-query';
import { loadRefusals, useMessage } from '@/components/ui/use-message';
import type { Answer } from '@/lib/client/actions';
import { sendVerb } from '@/lib/client/send-verb';
import type { ActionError } from '@/lib/client/views';

/** The outcome of an action, as text. */
export type ActionState = {
  readonly isBusy: boolean;
  readonly isDone: boolean;
  /** The reason why it was rejected as a whole; null = it was not. */
  readonly refusal: string | null;
  readonly fieldError: (field: string) => string | undefined;
  /** The errors of all its fields, for places that don't show them; null = none. */
  readonly fieldErrors: string | null;
  /** True if no response arrived: it may or may not have been accepted. */
  readonly isUnknown: boolean;
};

type ActionOptions = {
  /** The places of the texts for the server's keys, in order of priority. */
  readonly below?: readonly string[];
  /** Called once there is a response, or none arrives. */
  readonly onSettled?: () => unknown;
};

/** Sends an action to the server and provides its outcome as text. `onDone` runs once it was accepted. */
export function useAction<I, T>(
  action: (input: I) => Answer<T>,
  onDone: (value: T) => unknown,
  { below = ['ui.refusal'], onSettled }: ActionOptions = {},
) {
  const message = useMessage(...below);
  const sent = useMutation({
    mutationFn: async (input: I) => {
      const answer = await sendVerb(() => action(input));
      if (!answer.ok) await loadRefusals();
      return answer;
    },
    onSettled: () => onSettled?.(),
    onSuccess: (answer) => (answer.ok ? onDone(answer.value) : undefined),
  });
  const error: ActionError | null = sent.data?.ok === false ? sent.data.error : null;
  const keys = [...new Set(Object.values(error?.fields ?? {}).flat())];
  const state: ActionState = {
    isBusy: sent.isPending,
    isDone: sent.data?.ok === true,
    refusal: error?.form ? message(error.form.message, error.form.values) : null,
    fieldError: (field) => {
      const key = error?.fields[field]?.[0];
      return key === undefined ? undefined : message(key);
    },
    fieldErrors: keys.length === 0 ? null : keys.map((key) => message(key)).join(' '),
    isUnknown: sent.isError,
  };
  return { ...state, send: sent.mutate, forget: sent.reset };
}
