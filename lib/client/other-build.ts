/*
 * Whether this page is older or newer than a server that has responded to it, kept on the page itself. It stays once
 * set: behind a balancer, in the middle of an upgrade, responses of both builds alternate, and only a reload makes the
 * page consistent with them.
 */
const listeners = new Set<() => void>();

/** Records that another build has responded. */
export function reportOtherBuild(): void {
  document.documentElement.dataset.otherBuild = 'seen';
  for (const listener of listeners) listener();
}

/**
 * Compares the build that a response names (`X-Spillway-Build`) with the page's own, which its layout recorded. A
 * response without a name is not from Spillway; it may be from a proxy, for example.
 */
export function noteBuild(response: Response): void {
  const build = response.headers.get('x-spillway-build');
  const own = document.documentElement.dataset.build;
  if (build !== null && own !== undefined && build !== own) reportOtherBuild();
}

/** For `useSyncExternalStore`. */
export const otherBuild = {
  isSeen: () => document.documentElement.dataset.otherBuild === 'seen',
  watch(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
