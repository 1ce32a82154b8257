'use client';

import { createContext, type ReactNode, use } from 'react';
import type { SessionView } from '@/lib/contract/session';
import type { Footprint } from '@/lib/policy/covers';
import type { Permission } from '@/lib/policy/roles';
import { type Extent, hasRight } from './has-right';

const SessionContext = createContext<SessionView | null>(null);
const ObjectContext = createContext<Footprint | null>(null);

type RightsProviderProps = { readonly session: SessionView; readonly children: ReactNode };

/** Tells all parts of the page what the signed-in person may do. */
export function RightsProvider({ session, children }: RightsProviderProps) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

type RightsOnProps = { readonly footprint: Footprint; readonly children: ReactNode };

/** Limits `useMay` to rights on one object in a part of the page. The innermost one counts. */
export function RightsOn({ footprint, children }: RightsOnProps) {
  return <ObjectContext value={footprint}>{children}</ObjectContext>;
}

/**
 * Returns whether the signed-in person has a right, so that a page offers only what they may do; the server decides again.
 * True without a provider.
 * @param extent by default the object of the nearest `RightsOn`, or `somewhere` outside of one; `everywhere` for what concerns
 * everything, which needs a role without limits
 */
export function useMay(right: Permission, extent?: Extent): boolean {
  const session = use(SessionContext);
  const around = use(ObjectContext);
  return session === null || hasRight(session, right, extent ?? around ?? 'somewhere');
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
