'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useLayoutEffect, useState } from 'react';
import { applyTheme } from '@/components/shell/theme/theme-script';
import { PeopleContext } from '@/components/ui/base/person';
import { NonceProvider } from '@/components/ui/nonce';
import { ZoneProvider } from '@/components/ui/time';
import { Toasts } from '@/components/ui/toast/toasts';
import type { BrowserZone } from '@/lib/browser-cookies';
import { LiveChanges } from '@/lib/client/live-changes';
import { RightsProvider } from '@/lib/client/session/rights';
import type { SessionView } from '@/lib/contract/session';

type ProvidersProps = {
  readonly nonce: string | undefined;
  /** The time zone of the browser; null = unknown. */
  readonly zone: BrowserZone | null;
  /** When the server rendered the page, in epoch ms. */
  readonly renderedAt: number;
  /** `missing`, `secondFactor`: there are no changes to follow. */
  readonly session: SessionView;
  readonly children: ReactNode;
};

/**
 * Provides what every page needs in the browser: the nonce for styles, the time zone, the rights of the person, the
 * cache of live reads, and pushed changes. Failed reads keep the last response on screen.
 */
export function Providers({ nonce, zone, renderedAt, session, children }: ProvidersProps) {
  const [client] = useState(
    // Spillway's server often runs on this machine, so it responds even when the browser believes it is offline.
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { staleTime: 1000, retry: 1, networkMode: 'always' },
          mutations: { networkMode: 'always' },
        },
      }),
  );
  useLayoutEffect(applyTheme, []);
  return (
    <QueryClientProvider client={client}>
      <NonceProvider nonce={nonce}>
        <ZoneProvider initial={zone} renderedAt={renderedAt}>
          <Toasts>
            <RightsProvider session={session}>
              <PeopleContext value={session.signIn === 'done' ? session.people : []}>
                {session.signIn === 'missing' || session.signIn === 'secondFactor' ? (
                  children
                ) : (
                  <LiveChanges>{children}</LiveChanges>
                )}
              </PeopleContext>
            </RightsProvider>
          </Toasts>
        </ZoneProvider>
      </NonceProvider>
    </QueryClientProvider>
  );
}
