'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { followChanges } from '@/lib/client/follow-changes';
import { queryRefresher } from '@/lib/client/refresh-queries';
import type { Change } from '@/lib/client/views';

type Listener = (change: Change) => void;

const Listeners = createContext<Set<Listener>>(new Set());

/** The one stream of changes of a page: keeps its live reads fresh, and tells whoever else listens. */
export function LiveChanges({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [listeners] = useState(() => new Set<Listener>());
  useEffect(() => {
    const refresh = queryRefresher(client);
    return followChanges((change) => {
      refresh(change);
      for (const listener of listeners) listener(change);
    });
  }, [client, listeners]);
  return <Listeners value={listeners}>{children}</Listeners>;
}

/** Who is told of each change of this page's stream: whoever adds itself takes itself off again. */
export function useChangeListeners(): Set<Listener> {
  return useContext(Listeners);
}
