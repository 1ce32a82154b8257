import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import { getLocale } from 'next-intl/server';
import type { ReactNode } from 'react';
import { Alerts } from '@/components/shell/alerts';
import { ConnectionScope } from '@/components/shell/connection-scope';
import { EmergencyStopProvider } from '@/components/shell/emergency-stop-provider';
import { IntlProvider } from '@/components/shell/intl-provider';
import { RailCounts } from '@/components/shell/rail-counts';
import { findNonce, ThemeScript } from '@/components/shell/theme/theme-script';
import { cookieNames, parseZoneCookie } from '@/lib/browser-cookies';
import { acknowledgeAlert, reopenAlert } from '@/lib/server/alerts/acknowledge-alert';
import { getSession } from '@/lib/server/auth/get-session';
import { getRecentRail } from '@/lib/server/operations/get-rail';
import { getEmergencyStop } from '@/lib/server/settings/get-emergency-stop';
import { dashboardBuild } from '@/lib/version';
import './globals.css';
import { clearEmergencyStop, setEmergencyStop } from '@/lib/server/settings/set-emergency-stop';
import { Providers } from './providers';

export const metadata: Metadata = { title: { default: 'Spillway', template: '%s · Spillway' } };

export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const nonce = findNonce((await headers()).get('content-security-policy'));
  // If the database is unreachable, the page shows an error inside this frame, which still renders.
  const [session, line, rail] = await Promise.all([
    getSession(),
    getEmergencyStop().catch(() => null),
    getRecentRail().catch(() => null),
  ]);
  const kept = await cookies();
  return (
    // The theme script sets data-theme before React takes over.
    <html lang={await getLocale()} data-build={dashboardBuild} suppressHydrationWarning>
      <head>
        <ThemeScript nonce={nonce} />
      </head>
      <body>
        <IntlProvider>
          <Providers
            nonce={nonce}
            zone={parseZoneCookie(kept.get(cookieNames.zone)?.value)}
            renderedAt={Date.now()}
            session={session}
          >
            {session.signIn === 'missing' || session.signIn === 'secondFactor' ? (
              children
            ) : (
              <EmergencyStopProvider
                initial={line}
                pauseChanges={setEmergencyStop}
                resumeChanges={clearEmergencyStop}
              >
                <RailCounts initial={rail}>
                  <ConnectionScope initial={kept.get(cookieNames.connection)?.value ?? null}>
                    <Alerts acknowledgeAlert={acknowledgeAlert} reopenAlert={reopenAlert}>
                      {children}
                    </Alerts>
                  </ConnectionScope>
                </RailCounts>
              </EmergencyStopProvider>
            )}
          </Providers>
        </IntlProvider>
      </body>
    </html>
  );
}
