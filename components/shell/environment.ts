import type { ConnectionView } from '@/lib/contract/connection';

export type Environment = 'live' | 'sandbox';

/**
 * Returns the environment that the rail signals. A page about no single connection counts as live as soon as one real
 * account is connected: a false warning is better than a missing one.
 */
export function getEnvironment(
  connections: readonly ConnectionView[],
  connectionId: string | null,
): Environment {
  const concerned = connectionId === null ? connections : connections.filter((c) => c.id === connectionId);
  return concerned.length > 0 && concerned.every((c) => c.kind === 'sandbox') ? 'sandbox' : 'live';
}
