import type { SessionView } from '@/lib/client/views';
import type { Permission } from '@/lib/policy/roles';

/**
 * Returns whether a session has a right: without sign-in, every right.
 * @param extent `everywhere` for what concerns everything, which needs a role without limits
 */
export function hasRight(
  session: SessionView,
  right: Permission,
  extent: 'somewhere' | 'everywhere' = 'somewhere',
): boolean {
  return session.signIn === 'off' || (session.signIn === 'done' && session.rights[extent].includes(right));
}
