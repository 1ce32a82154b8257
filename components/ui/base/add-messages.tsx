'use client';

import { NextIntlClientProvider, useLocale, useMessages, useTimeZone } from 'next-intl';
import { type ReactNode, useMemo } from 'react';
import { intl } from '@/lib/messages/intl';
import type { messages } from '@/lib/messages/messages';

/** Text by namespace, some of it or all. */
export type Texts = { readonly [K in keyof typeof messages]?: Partial<(typeof messages)[K]> };

/** Adds the text of a part of the app. `testing/page-messages.test.ts` finds what a page needs. */
export function AddMessages({ texts, children }: { readonly texts: Texts; readonly children: ReactNode }) {
  const above = useMessages();
  const merged = useMemo(() => {
    const known: Texts = above;
    const added = Object.entries(texts).map(([name, text]) => [
      name,
      { ...known[name as keyof Texts], ...text },
    ]);
    return { ...above, ...Object.fromEntries(added) };
  }, [above, texts]);
  return (
    <NextIntlClientProvider locale={useLocale()} timeZone={useTimeZone() ?? intl.timeZone} messages={merged}>
      {children}
    </NextIntlClientProvider>
  );
}
