import { unstable_isUnrecognizedActionError } from 'next/navigation';
import type { Answer } from '@/lib/contract/answer';
import { err } from '@/lib/result';
import { reportOtherBuild } from './other-build';

/**
 * Returns a server action's response. A server of another build does not know the page's actions (their ids derive from
 * the sources) and has done nothing: that is a refusal, not a lost response.
 * @throws what the action throws: the action may or may not have taken effect
 */
export async function checkAnswer<T>(answer: Answer<T>): Answer<T> {
  try {
    return await answer;
  } catch (error) {
    if (!unstable_isUnrecognizedActionError(error)) throw error;
    reportOtherBuild();
    return err({ fields: {}, form: { message: 'page.outdated' } });
  }
}
