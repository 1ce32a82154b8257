'use client';

import { createContext, type ReactNode, use } from 'react';
import type { SessionView } from '@/lib/client/views';
import type { Permission } from '@/lib/policy/roles';
import { hasRight } from './has-right';

const SessionContext = createContext<SessionView | null>(null);

type RightsProviderProps = { readonly session: SessionView; readonly children: ReactNode };

/** Tells all parts of the page what the signed-in person may do. */
export function RightsProvider({ session, children }: RightsProviderProps) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/**
 * Returns whether the signed-in person has a right, so that a page offers only what they may do. The server decides again;
 * an object may be outside of the limits of their roles. True without a provider.
 * @param extent `everywhere` for what concerns everything, which needs a role without limits
 */
export function useMay(right: Permission, extent: 'somewhere' | 'everywhere' = 'somewhere'): boolean {
  const session = use(SessionContext);
  return session === null || hasRight(session, right, extent);
}

type IfMayProps = {
  readonly right: Permission;
  /** Shown to those without the right; by default nothing. */
  readonly otherwise?: ReactNode;
  readonly children: ReactNode;
};

/** Shows something only to those who have a right, for parts that the server renders. */
export function IfMay({ right, otherwise = null, children }: IfMayProps) {
  return useMay(right) ? children : otherwise;
}
