import { unstable_isUnrecognizedActionError } from 'next/navigation';
import { err } from '@/lib/result';
import type { Answer } from './actions';
import { noteOtherBuild } from './other-build';

/**
 * What a server action answers. A server of another build does not know the page's actions (their ids come from the
 * sources) and has done nothing: that is a refusal, not an answer that got lost.
 * @throws what the action throws: then it may have done its work or not
 */
export async function answerOf<T>(answer: Answer<T>): Answer<T> {
  try {
    return await answer;
  } catch (error) {
    if (!unstable_isUnrecognizedActionError(error)) throw error;
    noteOtherBuild();
    return err({ fields: {}, form: { message: 'page.outdated' } });
  }
}
