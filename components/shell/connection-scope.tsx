'use client';

import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { formatCookie } from '@/lib/browser-cookies';
import type { ConnectionView } from '@/lib/contract/connection';

type Scope = {
  /** The id of the account chosen last; null = none has been. */
  readonly chosen: string | null;
  readonly choose: (connectionId: string) => void;
};
const ScopeContext = createContext<Scope>({ chosen: null, choose: () => {} });

type ConnectionScopeProps = {
  /** The account in the request's cookie. */
  readonly initial: string | null;
  readonly children: ReactNode;
};

/** Provides the account chosen last, which pages without their own account open. Kept in a cookie of the browser. */
export function ConnectionScope({ initial, children }: ConnectionScopeProps) {
  const [chosen, setChosen] = useState(initial);
  const choose = useCallback((connectionId: string) => {
    setChosen(connectionId);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing from Firefox before 140
    document.cookie = formatCookie('connection', connectionId);
  }, []);
  const scope = useMemo(() => ({ chosen, choose }), [chosen, choose]);
  return <ScopeContext value={scope}>{children}</ScopeContext>;
}

/** Returns the function that chooses an account. */
export function useChooseConnection(): Scope['choose'] {
  return use(ScopeContext).choose;
}

/**
 * Returns the account that the links of the frame open; null = none.
 * @param connectionId the account of the page
 * @param isChosen true if the user has chosen this account: then it stays chosen
 */
export function useOpenedConnection(
  connections: readonly ConnectionView[],
  connectionId: string | null,
  isChosen: boolean,
): string | null {
  const { chosen, choose } = use(ScopeContext);
  const scoped = isChosen ? connectionId : null;
  useEffect(() => {
    if (scoped !== null) choose(scoped);
  }, [scoped, choose]);
  const known = connections.find(({ id }) => id === chosen)?.id;
  return scoped ?? known ?? connectionId ?? connections[0]?.id ?? null;
}
