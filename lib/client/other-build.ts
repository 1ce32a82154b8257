/*
 * Whether this page is older or newer than a server that has answered it. Once seen it stays so: behind a balancer, in the
 * middle of an upgrade, answers of both builds come in turn, and only a reload makes the page of one piece with them.
 */
let seen = false;
const listeners = new Set<() => void>();

/** Another build has answered. */
export function noteOtherBuild(): void {
  seen = true;
  for (const listener of listeners) listener();
}

/**
 * Compares the build that an answer names (`X-Spillway-Build`) with the page's own, which its layout wrote down. An answer
 * without a name is none of Spillway's: a proxy's, for one.
 */
export function noteBuildOf(response: Response): void {
  const build = response.headers.get('x-spillway-build');
  const own = document.documentElement.dataset.build;
  if (build !== null && own !== undefined && build !== own) noteOtherBuild();
}

/** For `useSyncExternalStore`. */
export const otherBuild = {
  isSeen: () => seen,
  watch(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
