'use client';

import { NextIntlClientProvider, useLocale, useMessages, useTimeZone } from 'next-intl';
import { type ReactNode, useMemo } from 'react';
import palette from '@/lib/messages/en/palette.json';
import plan from '@/lib/messages/en/plan-phase.json';
import shell from '@/lib/messages/en/shell.json';
import ui from '@/lib/messages/en/ui.json';
import { intl } from '@/lib/messages/intl';
import type { messages } from '@/lib/messages/messages';

/** Text by namespace, some of it or all. */
type Texts = { readonly [K in keyof typeof messages]?: Partial<(typeof messages)[K]> };

/** The text of the parts of every page, including the error page. */
const everywhere: Texts = { palette, plan, shell, ui };

type IntlProviderProps = { readonly children: ReactNode };

/**
 * Provides the texts that every page needs. They are loaded as a script, once per build. If the server passed them,
 * they would be part of every page. The layout of a page adds its other texts.
 */
export function IntlProvider({ children }: IntlProviderProps) {
  return (
    <NextIntlClientProvider {...intl} messages={everywhere}>
      {children}
    </NextIntlClientProvider>
  );
}

/** Adds the text of a part of the app. `testing/page-messages.test.ts` finds what a page needs. */
export function AddMessages({ texts, children }: IntlProviderProps & { readonly texts: Texts }) {
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
