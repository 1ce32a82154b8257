import { routes } from '@/lib/routes';
import type { Change } from './views';

/** Browsers open a stream that broke again by themselves, but not one that was refused. */
const refusedAgainMs = 15_000;

/**
 * Hears what changes on the server while the page can be seen. A hidden page lets the stream go: browsers keep no more
 * than six connections to a server for all their tabs. Each stream begins with `anything`, so that nothing is missed
 * between two.
 * @returns stops it
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
