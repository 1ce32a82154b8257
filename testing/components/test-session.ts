import type { SessionView } from '@/lib/contract/session';
import { grantEverywhere, type Limits, listRights, noLimits, toAccess } from '@/lib/policy/access';
import type { Role } from '@/lib/policy/roles';

/** Returns the session of a person with a role, on everything or within limits. */
export function testSession(role: Role, limits: Partial<Limits> = {}) {
  const grants = grantEverywhere(role).map((grant) => ({ ...grant, ...noLimits, ...limits }));
  return {
    signIn: 'done' as const,
    name: 'sari@example.com',
    role,
    rights: listRights(toAccess(grants)),
    people: [],
  } satisfies SessionView;
}
