import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { watchDeparture } from '@/components/ui/base/navigation-start';
import { useToast } from '@/components/ui/toast/toasts';
import { useMessage } from '@/components/ui/use-message';
import { sendVerb } from '@/lib/client/send-verb';
import type { ActionError, Answer } from '@/lib/contract/answer';
import type { Result } from '@/lib/result';

/** Returns the error of a field of the input, by its path and the value that is shown. */
export type FieldErrorOf = (field: string, value: unknown) => string | undefined;

/** The values of fields as they are shown, by their paths in the input. */
type ShownFields = Map<string, unknown>;

/**
 * Reads the errors of fields while they are rendered. An error is of the value that was sent: it ends once its field has
 * another one.
 * @param sent the fields as they were shown when they were sent
 * @returns the message keys of a field's errors, and the fields that are shown, to pass as `sent` then
 */
export function readFieldErrors(error: ActionError | null, sent: ShownFields | undefined) {
  const shown: ShownFields = new Map();
  const errorKeys = (field: string, value: unknown): readonly string[] | undefined => {
    shown.set(field, value);
    const isChanged = sent?.has(field) && !Object.is(sent.get(field), value);
    return isChanged ? undefined : error?.fields[field];
  };
  return { shown, errorKeys };
}

/** The outcome of an action, as text. */
export type ActionState = {
  readonly isBusy: boolean;
  readonly isDone: boolean;
  /** The reason why it was rejected as a whole; null = it was not. */
  readonly refusal: string | null;
  /** Returns the error of a field with a value; none while that is not the value that was sent. */
  readonly fieldError: FieldErrorOf;
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

/**
 * Returns a function to call when something is sent. It returns one that tells whether the person is still there: the
 * part of the page that sent it is shown, and no other page was opened. What arrives later must not open, close or focus
 * anything.
 */
function useWhereSent(): () => () => boolean {
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  return () => {
    const hasLeft = watchDeparture();
    return () => isShown.current && !hasLeft();
  };
}

/** Returns the reasons of a refusal: of the whole, else of its fields. */
export const listReasons = ({ form, fields }: ActionError): readonly NonNullable<ActionError['form']>[] =>
  form === null ? [...new Set(Object.values(fields).flat())].map((message) => ({ message })) : [form];

/** Returns the update that clears a field once its value was accepted. What was typed after sending is kept. */
export const clearSent = (sent: string) => (now: string) => (now === sent ? '' : now);

/** The place from which something was sent. */
type SentFrom = { readonly isHere: () => boolean; readonly page: string };

/**
 * Returns two handlers of a mutation. `onMutate` returns where it was sent from; `reportIfLeft` shows its failure as a
 * notice if that was left meanwhile.
 * @param below the places of the texts for the server's keys, in order of priority
 */
export function useLateFailure(...below: readonly string[]) {
  const whereSent = useWhereSent();
  const notify = useToast();
  return {
    onMutate: (): SentFrom => ({ isHere: whereSent(), page: document.title }),
    reportIfLeft(answer: Result<unknown, ActionError> | undefined, sentFrom: SentFrom | undefined) {
      if (answer?.ok || sentFrom === undefined || sentFrom.isHere()) return;
      const reasons = answer === undefined ? null : listReasons(answer.error);
      notify({ kind: 'late', page: sentFrom.page, reasons, below });
    },
  };
}

/**
 * Sends an action to the server and provides its outcome as text. A failure that arrives after the page or dialog was
 * left is shown as a notice.
 * @param onDone called once it was accepted. `isHere` is false if the page or dialog was left meanwhile; `input` is what was sent.
 */
export function useAction<I, T>(
  action: (input: I) => Answer<T>,
  onDone: (value: T, isHere: boolean, input: I) => unknown,
  { below = ['ui.refusal'], onSettled }: ActionOptions = {},
) {
  const message = useMessage(...below);
  const { onMutate, reportIfLeft } = useLateFailure(...below);
  const sent = useMutation({
    mutationFn: ({ input }: { readonly input: I; readonly shown: ShownFields }) =>
      sendVerb(() => action(input), watchDeparture()),
    onMutate,
    onSettled: (answer, _error, _input, sentFrom) => {
      onSettled?.();
      reportIfLeft(answer, sentFrom);
    },
    onSuccess: (answer, { input }, { isHere }) =>
      answer.ok ? onDone(answer.value, isHere(), input) : undefined,
  });
  const error: ActionError | null = sent.data?.ok === false ? sent.data.error : null;
  const keys = [...new Set(Object.values(error?.fields ?? {}).flat())];
  const { shown, errorKeys } = readFieldErrors(error, sent.variables?.shown);
  const state: ActionState = {
    isBusy: sent.isPending,
    isDone: sent.data?.ok === true,
    refusal: error?.form ? message(error.form.message, error.form.values) : null,
    fieldError: (field, value) => {
      const key = errorKeys(field, value)?.[0];
      return key === undefined ? undefined : message(key);
    },
    fieldErrors: keys.length === 0 ? null : keys.map((key) => message(key)).join(' '),
    isUnknown: sent.isError,
  };
  return { ...state, send: (input: I) => sent.mutate({ input, shown }), forget: sent.reset };
}
