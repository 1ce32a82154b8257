'use client';

import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import { intl, messages } from '@/lib/messages/messages';

/**
 * Provides the visible text for components rendered in the browser. It is loaded as a script, which browsers load once
 * per build. If the server passed it, it would be part of every page, 150 kB each, and most of the work of serving one.
 */
export function IntlProvider({ children }: { readonly children: ReactNode }) {
  return (
    <NextIntlClientProvider {...intl} messages={messages}>
      {children}
    </NextIntlClientProvider>
  );
}
