import type { ActionError, Answer } from '@/lib/contract/answer';
import type { Result } from '@/lib/result';
import { checkAnswer } from './check-answer';

/**
 * Sends a verb again that was refused because it needs a recent sign-in, once the person has confirmed that it is they.
 * The frame of the page provides it once it is loaded. Null: the answer stays as it is.
 */
export const reauthentication: {
  repeat?: <T>(
    answer: Result<T, ActionError>,
    send: () => Answer<T>,
  ) => Promise<Result<T, ActionError> | null>;
} = {};

/**
 * Sends a verb and returns its answer (`checkAnswer`), the second one if it was repeated.
 * @param hasLeft whether the person has left the page since: another page must not ask who they are, because it can't
 * show for which command
 * @throws what the verb throws: it may or may not have taken effect
 */
export async function sendVerb<T>(send: () => Answer<T>, hasLeft: () => boolean): Answer<T> {
  const answer = await checkAnswer(send());
  if (hasLeft()) return answer;
  return (await reauthentication.repeat?.(answer, send)) ?? answer;
}
