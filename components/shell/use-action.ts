import { useMutation } from '@tanstack/react-query';
import { useMessage } from '@/components/ui/use-message';
import type { Answer } from '@/lib/client/actions';
import { answerOf } from '@/lib/client/answer-of';
import type { ActionError } from '@/lib/client/views';

/** What became of an action, in words. */
export type ActionState = {
  readonly isBusy: boolean;
  /** Why it was refused as a whole; null = it was not. */
  readonly refusal: string | null;
  readonly fieldError: (field: string) => string | undefined;
  /** No answer came: it may have been taken or not. */
  readonly isUnknown: boolean;
};

/** Gives an action to the server and says in words what became of it. `onDone` runs once it was taken. */
export function useAction<I, T>(action: (input: I) => Answer<T>, onDone: (value: T) => unknown) {
  const message = useMessage('ui.refusal');
  const sent = useMutation({
    mutationFn: (input: I) => answerOf(action(input)),
    onSuccess: (answer) => (answer.ok ? onDone(answer.value) : undefined),
  });
  const error: ActionError | null = sent.data?.ok === false ? sent.data.error : null;
  const state: ActionState = {
    isBusy: sent.isPending,
    refusal: error?.form ? message(error.form.message, error.form.values) : null,
    fieldError: (field) => {
      const key = error?.fields[field]?.[0];
      return key === undefined ? undefined : message(key);
    },
    isUnknown: sent.isError,
  };
  return { ...state, give: sent.mutate, forget: sent.reset };
}
