'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { followChanges } from '@/lib/client/follow-changes';
import { queryRefresher } from '@/lib/client/refresh-queries';
import { ChangeListeners } from './change-listeners';

/** The listeners of the page's single stream. */
export const Listeners = createContext(new ChangeListeners());

/** The page's single stream of changes: it keeps the live reads fresh, and notifies other listeners. */
export function LiveChanges({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [listeners] = useState(() => new ChangeListeners());
  useEffect(() => {
    const refresh = queryRefresher(client);
    return followChanges((change) => {
      refresh(change);
      listeners.tell(change);
    });
  }, [client, listeners]);
  return <Listeners value={listeners}>{children}</Listeners>;
}

/** Returns the listeners to the changes of this page's stream. */
export function useChangeListeners(): ChangeListeners {
  return useContext(Listeners);
}
