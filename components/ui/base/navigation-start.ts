/** @param type `traverse` = Back or Forward: the address has changed already */
type Listener = (url: string, type: 'push' | 'replace' | 'traverse') => void;

const listeners = new Set<Listener>();

/** Counts the navigations that leave a page, and every Back and Forward: the address that they leave is not known. */
let departures = 0;

/** Calls what waits for the start of a navigation. Next.js calls it before each navigation within the app. */
export const startNavigation: Listener = (url, type) => {
  const { href, pathname } = window.location;
  if (type === 'traverse' || new URL(url, href).pathname !== pathname) departures += 1;
  for (const listener of listeners) listener(url, type);
};

/**
 * Calls back before each navigation within the app starts. A later change of the address would end the navigation, so a
 * delayed one must happen here.
 * @returns ends the calls
 */
export function onNavigationStart(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Returns a function that tells whether the person has begun to leave the page since. */
export function watchDeparture(): () => boolean {
  const before = departures;
  return () => departures !== before;
}
