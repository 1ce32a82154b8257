import type { SessionView } from '@/lib/contract/session';
import { covers, type Footprint, isUnlimited } from '@/lib/policy/covers';
import type { Permission } from '@/lib/policy/roles';

/** Some objects at least, everything, or what an object touches. */
export type Extent = 'somewhere' | 'everywhere' | Footprint;

/**
 * Returns whether a session has a right: without sign-in, every right.
 * @param extent `everywhere` for what concerns everything, which needs a role without limits
 */
export function hasRight(session: SessionView, right: Permission, extent: Extent = 'somewhere'): boolean {
  if (session.signIn !== 'done') return session.signIn === 'off';
  return session.rights.some(
    ({ rights, limits }) =>
      rights.includes(right) &&
      (extent === 'somewhere' ||
        limits.every((each) => (extent === 'everywhere' ? isUnlimited(each) : covers(each, extent)))),
  );
}
