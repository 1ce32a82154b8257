import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import {
  AppRouterContext,
  type AppRouterInstance,
} from 'next/dist/shared/lib/app-router-context.shared-runtime';
import { SearchParamsContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime';
import { NextIntlClientProvider } from 'next-intl';
import { type ReactNode, useMemo, useSyncExternalStore } from 'react';
import { PeopleContext } from '@/components/ui/base/person';
import { ZoneProvider } from '@/components/ui/time';
import { Toasts } from '@/components/ui/toast/toasts';
import { RightsProvider } from '@/lib/client/session/rights';
import type { SessionView } from '@/lib/contract/session';
import { messages } from '@/lib/messages/messages';

/** The query of the address, as Next passes it to pages; it changes on navigation. */
function Address({ children }: { readonly children: ReactNode }) {
  const search = useSyncExternalStore(
    (changed) => {
      window.addEventListener('popstate', changed);
      return () => window.removeEventListener('popstate', changed);
    },
    () => window.location.search,
  );
  const params = useMemo(() => new URLSearchParams(search), [search]);
  return <SearchParamsContext value={params}>{children}</SearchParamsContext>;
}

/**
 * Renders a part of a page inside the providers of every page: messages, a cache of live reads, a time zone, a router.
 * @param session the person who sees it; without sign-in, they may do everything
 * @returns the rendering, its cache of live reads, the addresses that the part navigated to, a function that navigates
 * as by Back or a link, and the number of refreshes that the part requested.
 */
export function renderPage(children: ReactNode, session: SessionView = { signIn: 'off' }) {
  const visited: string[] = [];
  let refreshes = 0;
  const router: AppRouterInstance = {
    back: () => {},
    forward: () => {},
    refresh: () => {
      refreshes += 1;
    },
    prefetch: () => {},
    replace: (href) => visited.push(href),
    push: (href) => visited.push(href),
    experimental_gesturePush: () => {},
    bfcacheId: '',
  };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const page = render(
    <NextIntlClientProvider
      locale="en"
      timeZone="UTC"
      messages={messages}
      onError={(error) => {
        throw error;
      }}
    >
      <AppRouterContext value={router}>
        <Address>
          <QueryClientProvider client={client}>
            <ZoneProvider initial={null}>
              <Toasts>
                <RightsProvider session={session}>
                  <PeopleContext value={session.signIn === 'done' ? session.people : []}>
                    {children}
                  </PeopleContext>
                </RightsProvider>
              </Toasts>
            </ZoneProvider>
          </QueryClientProvider>
        </Address>
      </AppRouterContext>
    </NextIntlClientProvider>,
  );
  const goTo = (address: string) => {
    window.history.replaceState(null, '', address);
    window.dispatchEvent(new PopStateEvent('popstate'));
  };
  return { ...page, client, visited, goTo, refreshes: () => refreshes };
}
