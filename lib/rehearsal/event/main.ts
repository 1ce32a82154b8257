/**
 * The program of a rehearsal: takes its work as the first message of its channel, and ends with its result, or when the
 * channel closes. `startRehearsalProcess` starts it.
 */

import { rehearseHttp } from '@/lib/rehearsal/http/rehearse-http';
import type { RehearsalInput } from '@/lib/rehearsal/input';
import type { RehearsalOptions } from '@/lib/rehearsal/rehearsal-options';
import type { RehearsalResult } from '@/lib/rehearsal/report/drill-report';
import type { RehearsalMessage, RehearsalWork } from './child-messages';
import { fireDrill } from './fire-drill';

function send(message: RehearsalMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined)
      throw new Error('Start this program with a channel: see startRehearsalProcess.');
    process.send(message, () => resolve());
  });
}

async function rehearseByMode(input: RehearsalInput, options: RehearsalOptions): Promise<RehearsalResult> {
  const { http } = input;
  if (http === null) return fireDrill(input, options);
  return { report: await rehearseHttp({ ...input, http }, options), drill: null };
}

async function work({ input }: RehearsalWork): Promise<void> {
  const onProgress = (progress: Extract<RehearsalMessage, { kind: 'progress' }>['progress']) =>
    void send({ kind: 'progress', progress });
  try {
    await send({ kind: 'done', result: await rehearseByMode(input, { onProgress }) });
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    await send({ kind: 'failed', message: cause.message, stack: cause.stack ?? '' });
  }
  process.disconnect();
}

// The process that asked for it is gone.
process.once('disconnect', () => process.exit());
process.once('message', (message: RehearsalWork) => void work(message));
