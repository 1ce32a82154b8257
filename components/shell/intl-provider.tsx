'use client';

import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import { intl, messages } from '@/lib/messages/messages';

/**
 * The visible text for what is drawn in the browser. It comes as a script, which browsers load once per build: handed over by
 * the server it would be a part of every page, 150 kB each, and most of the work of serving one.
 */
export function IntlProvider({ children }: { readonly children: ReactNode }) {
  return (
    <NextIntlClientProvider {...intl} messages={messages}>
      {children}
    </NextIntlClientProvider>
  );
}
