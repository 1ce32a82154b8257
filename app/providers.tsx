'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { LiveChanges } from '@/components/shell/live-changes';
import { NonceProvider } from '@/components/ui/nonce';

type ProvidersProps = { readonly nonce: string | undefined; readonly children: ReactNode };

/** What every page needs in the browser: the nonce for styles, the cache of live reads, and the changes pushed to it. Failed reads keep the last answer on screen. */
export function Providers({ nonce, children }: ProvidersProps) {
  const [client] = useState(
    // Spillway's server is often this machine: it answers also when the browser takes itself for offline.
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { staleTime: 1000, retry: 1, networkMode: 'always' },
          mutations: { networkMode: 'always' },
        },
      }),
  );
  return (
    <QueryClientProvider client={client}>
      <NonceProvider nonce={nonce}>
        <LiveChanges>{children}</LiveChanges>
      </NonceProvider>
    </QueryClientProvider>
  );
}
