import { atMostEvery } from '@/lib/at-most-every';
import type { Change } from '@/lib/client/views';

/**
 * A higher number of different changes at a time is reported as `anything`: reading all of them one by one would cost
 * more.
 */
const differentMax = 100;

/**
 * Collects changes for one subscriber: sent at most every `pauseMs`, each once however often it occurred meanwhile. The
 * last change of a burst is always sent.
 */
export function coalesce(tell: (changes: readonly Change[]) => void, pauseMs: number) {
  const waiting = new Map<string, Change>();
  const telling = atMostEvery(pauseMs, () => {
    const changes = [...waiting.values()];
    waiting.clear();
    tell(changes);
  });
  return {
    push(change: Change): void {
      const isTooMany = waiting.size >= differentMax;
      if (isTooMany) waiting.clear();
      const told: Change = isTooMany ? { kind: 'anything' } : change;
      waiting.set(JSON.stringify(told), told);
      telling.ask();
    },
    stop: telling.stop,
  };
}
