import type { Target } from './model';
import { targetName } from './target';

/**
 * Returns a name for a pool that has none: its only member, or the common prefix of its members' names.
 * @returns null where they have nothing in common.
 */
export function poolName(targets: readonly Target[]): string | null {
  // The name that comes with an address is that of a server, which other targets may share.
  const names = targets.map(
    (target) => (target.eniIp === undefined ? target.instanceName : null) ?? targetName(target),
  );
  const [first = '', ...others] = names;
  if (others.length === 0) return first;
  // A common prefix of addresses names a network, not a pool.
  if (targets.every(({ eniIp }) => eniIp !== undefined)) return null;
  let length = first.length;
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1;
  while (/[-_.\s]/.test(first.charAt(length - 1))) length -= 1;
  return length >= 3 ? first.slice(0, length) : null;
}
