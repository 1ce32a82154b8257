'use client';

import { NextIntlClientProvider, useMessages } from 'next-intl';
import { type ReactNode, useMemo } from 'react';
import { intl } from '@/lib/messages/intl';
import type { messages } from '@/lib/messages/messages';

/** Text by namespace, some of it or all. */
export type Texts = Partial<typeof messages>;

/** Adds the text of an area. `testing/page-messages.test.ts` finds what a page needs. */
export function AddMessages({ texts, children }: { readonly texts: Texts; readonly children: ReactNode }) {
  const above = useMessages();
  const merged = useMemo(() => ({ ...above, ...texts }), [above, texts]);
  return (
    <NextIntlClientProvider {...intl} messages={merged}>
      {children}
    </NextIntlClientProvider>
  );
}
