/**
 * The program of a rehearsal: takes its work as the first message of its channel, rests and continues as later ones say, and
 * ends with its result, or when the channel closes. `startRehearsalProcess` starts it.
 */

import type { RehearsalProgress } from '@/lib/rehearsal/rehearsal-options';
import { Rest } from '@/lib/rehearsal/rest';
import type { RehearsalMessage, RehearsalOrder, RehearsalWork } from './child-messages';
import { finishRehearsal } from './finish-rehearsal';
import { fireDrill } from './fire-drill';

/** The shortest time between two messages of progress, in ms: each takes time of the process that reads it. */
const progressMs = 250;

function send(message: RehearsalMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined)
      throw new Error('Start this program with a channel: see startRehearsalProcess.');
    process.send(message, () => resolve());
  });
}

async function work(given: RehearsalWork, rest: Rest): Promise<void> {
  let toldAt = Number.NEGATIVE_INFINITY;
  const onProgress = (progress: RehearsalProgress) => {
    const now = performance.now();
    if (now - toldAt < progressMs) return;
    toldAt = now;
    void send({ kind: 'progress', progress });
  };
  const { finished = [] } = given;
  try {
    const result = await fireDrill(given.input, {
      onProgress,
      rest,
      finished,
      onEvent: (event) => void send({ kind: 'event', event }),
    });
    await send({ kind: 'done', result: finishRehearsal(result) });
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    await send({ kind: 'failed', message: cause.message, stack: cause.stack ?? '' });
  }
  process.disconnect();
}

// The process that asked for it is gone.
process.once('disconnect', () => process.exit());
process.once('message', (given: RehearsalWork) => {
  const rest = new Rest();
  process.on('message', ({ kind }: RehearsalOrder) => {
    if (kind === 'rest') rest.begin();
    else rest.end();
  });
  void work(given, rest);
});
