import { useMutation } from '@tanstack/react-query';
import { useMessage } from '@/components/ui/use-message';
import type { Answer } from '@/lib/client/actions';
import { answerOf } from '@/lib/client/answer-of';
import type { ActionError } from '@/lib/client/views';

/** What became of an action, in words. */
export type ActionState = {
  readonly isBusy: boolean;
  readonly isDone: boolean;
  /** Why it was refused as a whole; null = it was not. */
  readonly refusal: string | null;
  readonly fieldError: (field: string) => string | undefined;
  /** What is wrong with all of its fields, for places that don't show them; null = nothing is. */
  readonly fieldErrors: string | null;
  /** No answer came: it may have been taken or not. */
  readonly isUnknown: boolean;
};

type ActionOptions = {
  /** Where words for the server's keys are, first one first. */
  readonly below?: readonly string[];
  /** Once there is an answer, or none comes. */
  readonly onSettled?: () => unknown;
};

/** Gives an action to the server and says in words what became of it. `onDone` runs once it was taken. */
export function useAction<I, T>(
  action: (input: I) => Answer<T>,
  onDone: (value: T) => unknown,
  { below = ['ui.refusal'], onSettled }: ActionOptions = {},
) {
  const message = useMessage(...below);
  const sent = useMutation({
    mutationFn: (input: I) => answerOf(action(input)),
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
  return { ...state, give: sent.mutate, forget: sent.reset };
}
