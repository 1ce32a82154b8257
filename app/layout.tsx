import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { NextIntlClientProvider } from 'next-intl';
import { getLocale } from 'next-intl/server';
import type { ReactNode } from 'react';
import { LineProvider } from '@/components/line/line-provider';
import { nonceOf, ThemeScript } from '@/components/shell/theme-script';
import { getLine } from '@/lib/server/get-line';
import { dashboardBuild } from '@/lib/version';
import './globals.css';
import { Providers } from './providers';
import { releaseLine, stopLine } from './schedule/actions';

export const metadata: Metadata = { title: { default: 'Spillway', template: '%s · Spillway' } };

export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const nonce = nonceOf((await headers()).get('content-security-policy'));
  // A database that is away breaks the page, which says so inside of this frame; the frame itself stands.
  const line = await getLine().catch(() => null);
  return (
    // The theme script sets data-theme before React takes over.
    <html lang={await getLocale()} data-build={dashboardBuild} suppressHydrationWarning>
      <head>
        <ThemeScript nonce={nonce} />
      </head>
      <body>
        <NextIntlClientProvider>
          <Providers>
            <LineProvider initial={line} stopLine={stopLine} releaseLine={releaseLine}>
              {children}
            </LineProvider>
          </Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
