// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, screen } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, it } from 'vitest';
import { ZoneProvider } from '@/components/ui/time';
import { messages } from '@/lib/messages/messages';
import { ok } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { FreezesPanel } from './freezes-panel';

afterEach(cleanup);

it('reserves the space of its form on the server, and shows fields only after hydration', () => {
  const html = renderToString(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={messages}>
      <QueryClientProvider client={new QueryClient()}>
        <ZoneProvider
          initial={{ zone: 'Asia/Jakarta', isChosen: false }}
          renderedAt={Date.parse('2026-12-12T14:20:00.000Z')}
        >
          <FreezesPanel
            freezes={[]}
            addFreeze={async () => ok(null)}
            removeFreeze={async () => ok(null)}
            onChanged={() => {}}
          />
        </ZoneProvider>
      </QueryClientProvider>
    </NextIntlClientProvider>,
  );
  expect(html).toContain('<div inert="" class="invisible"><form');
  expect(html).toContain('value="22:00"');
  expect(html).toContain('value="23:00"');
});

it('opens its form in the browser', () => {
  renderPage(
    <ZoneProvider initial={null} renderedAt={0}>
      <FreezesPanel
        freezes={[]}
        addFreeze={async () => ok(null)}
        removeFreeze={async () => ok(null)}
        onChanged={() => {}}
      />
    </ZoneProvider>,
  );
  const form = screen.getByRole('form', { name: 'Add a change freeze' });
  expect(form.closest('[inert], .invisible')).toBeNull();
});
