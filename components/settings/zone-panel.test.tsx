// @vitest-environment happy-dom
import { cleanup, screen, within } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Time, ZoneProvider } from '@/components/ui/time';
import type { BrowserZone } from '@/lib/browser-cookies';
import { messages } from '@/lib/messages/messages';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { ZonePanel } from './zone-panel';

const at = '2026-12-12T14:00:00.000Z';
const page = (initial: BrowserZone | null) => (
  <ZoneProvider initial={initial}>
    <p data-testid="plain">
      <Time at={at} />
    </p>
    <p data-testid="agreed">
      <Time at={at} zone="Asia/Jakarta" />
    </p>
    <p data-testid="page">
      <Time at={at} zone="Asia/Jakarta" pageZone="Asia/Tokyo" />
    </p>
  </ZoneProvider>
);
const read = (name: string) => screen.getByTestId(name).textContent;
const removeCookie = () => {
  // biome-ignore lint/suspicious/noDocumentCookie: as the component sets it
  document.cookie = 'spillway-zone=; Path=/; Max-Age=0';
};
beforeEach(removeCookie);
afterEach(() => {
  cleanup();
  removeCookie();
});

it('renders the same on the server and in the browser, by the cookie', () => {
  const html = renderToString(page({ zone: 'Europe/Berlin', isChosen: true }));
  expect(html).toContain('12 Dec 2026 15:00:00 CET');
});

it('shows the zone of a cutover until one is chosen for all times, then shows it as a hint', () => {
  renderPage(page({ zone: 'UTC', isChosen: false }));
  expect(read('agreed')).toContain('21:00:00 WIB');
  cleanup();
  renderPage(page({ zone: 'Europe/Berlin', isChosen: true }));
  expect(read('plain')).toContain('15:00:00 CET');
  expect(read('agreed')).toContain('15:00:00 CET');
  expect(screen.getByTestId('agreed').querySelector('time')?.title).toBe(`${at} · 12 Dec 2026 21:00:00 WIB`);
  expect(read('page')).toContain('23:00:00');
});

it('chooses a zone for all times and keeps it for the next page', async () => {
  renderPage(
    <ZoneProvider initial={null}>
      <ZonePanel />
      <p data-testid="plain">
        <Time at={at} />
      </p>
    </ZoneProvider>,
  );
  await choose(within(document.body), 'Show all times in', 'Asia/Jakarta');
  expect(read('plain')).toContain('21:00:00 WIB');
  expect(document.cookie).toContain('spillway-zone=Asia%2FJakarta');
});

it('shows the time from the start, without the day if it is today: the page does not move on hydration', () => {
  const html = renderToString(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={messages}>
      <ZoneProvider initial={{ zone: 'UTC', isChosen: false }} renderedAt={Date.parse(at)}>
        <ZonePanel />
      </ZoneProvider>
    </NextIntlClientProvider>,
  );
  expect(html).toContain('>14:00:00 UTC<');
});
