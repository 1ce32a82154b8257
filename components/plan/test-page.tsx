import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import {
  AppRouterContext,
  type AppRouterInstance,
} from 'next/dist/shared/lib/app-router-context.shared-runtime';
import { SearchParamsContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime';
import { NextIntlClientProvider } from 'next-intl';
import { type ReactNode, useMemo, useSyncExternalStore } from 'react';
import diversion from '@/lib/messages/en/diversion.json';
import plan from '@/lib/messages/en/plan.json';
import preflight from '@/lib/messages/en/preflight.json';
import run from '@/lib/messages/en/run.json';
import sandbox from '@/lib/messages/en/sandbox.json';
import schedule from '@/lib/messages/en/schedule.json';
import settings from '@/lib/messages/en/settings.json';
import shell from '@/lib/messages/en/shell.json';
import switches from '@/lib/messages/en/switch.json';
import ui from '@/lib/messages/en/ui.json';

const messages = {
  diversion,
  plan,
  preflight,
  run,
  sandbox,
  schedule,
  settings,
  shell,
  switch: switches,
  ui,
};

/** The query of the address, as Next hands it to pages: it changes when somebody goes elsewhere. */
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
 * Renders a part of a page inside what every page gives: messages, a cache of live reads, a router.
 * @returns the rendering, the addresses that the part went to, the way to another address as by Back or by a link, and how
 *   often the part had the server make the page anew.
 */
export function renderPage(children: ReactNode) {
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
          <QueryClientProvider client={client}>{children}</QueryClientProvider>
        </Address>
      </AppRouterContext>
    </NextIntlClientProvider>,
  );
  const goTo = (address: string) => {
    window.history.replaceState(null, '', address);
    window.dispatchEvent(new PopStateEvent('popstate'));
  };
  return { ...page, visited, goTo, refreshes: () => refreshes };
}
