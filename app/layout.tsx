import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { NextIntlClientProvider } from 'next-intl';
import { getLocale } from 'next-intl/server';
import type { ReactNode } from 'react';
import { nonceOf, ThemeScript } from '@/components/shell/theme-script';
import { dashboardBuild } from '@/lib/version';
import './globals.css';
import { Providers } from './providers';

export const metadata: Metadata = { title: { default: 'Spillway', template: '%s · Spillway' } };

export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const nonce = nonceOf((await headers()).get('content-security-policy'));
  return (
    // The theme script sets data-theme before React takes over.
    <html lang={await getLocale()} data-build={dashboardBuild} suppressHydrationWarning>
      <head>
        <ThemeScript nonce={nonce} />
      </head>
      <body>
        <NextIntlClientProvider>
          <Providers>{children}</Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
