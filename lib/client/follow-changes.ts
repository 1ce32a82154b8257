import { routes } from '@/lib/routes';
import type { Change } from './views';

/** Browsers reconnect a broken stream on their own, but not a refused one. */
const refusedAgainMs = 15_000;

/**
 * Follows changes on the server while the page is visible. A hidden page closes the stream: browsers keep no more than
 * six connections to a server across all their tabs. Each stream begins with `anything`, so that no change is missed
 * between two streams.
 * @returns a function that stops it
 */
export function followChanges(tell: (change: Change) => void): () => void {
  let source: EventSource | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(again);
    source?.close();
    source = null;
  };
  const open = () => {
    const own = new EventSource(routes.api.changes());
    source = own;
    own.onmessage = ({ data }) => tell(JSON.parse(data) as Change);
    own.onerror = () => {
      if (source === own && own.readyState === EventSource.CLOSED) again = setTimeout(open, refusedAgainMs);
    };
  };
  const look = () => {
    close();
    if (document.visibilityState === 'visible') open();
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    close();
  };
}
