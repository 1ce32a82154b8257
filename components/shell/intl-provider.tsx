'use client';

import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import type { Texts } from '@/components/ui/base/add-messages';
import palette from '@/lib/messages/en/palette.json';
import plan from '@/lib/messages/en/plan-phase.json';
import shell from '@/lib/messages/en/shell.json';
import ui from '@/lib/messages/en/ui.json';
import { intl } from '@/lib/messages/intl';

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
