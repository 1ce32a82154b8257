'use client';

import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import type { Texts } from '@/components/ui/base/add-messages';
import diversion from '@/lib/messages/en/diversion.json';
import diversions from '@/lib/messages/en/diversions.json';
import palette from '@/lib/messages/en/palette.json';
import plan from '@/lib/messages/en/plan.json';
import run from '@/lib/messages/en/run.json';
import session from '@/lib/messages/en/session.json';
import settings from '@/lib/messages/en/settings.json';
import shell from '@/lib/messages/en/shell.json';
import switches from '@/lib/messages/en/switch.json';
import ui from '@/lib/messages/en/ui.json';
import { intl } from '@/lib/messages/intl';

/** The text of every page, including the error page, and of the refusals that any page may report. */
const everywhere: Texts = {
  diversion,
  diversions,
  palette,
  plan,
  run,
  session,
  settings,
  shell,
  switch: switches,
  ui,
};

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
