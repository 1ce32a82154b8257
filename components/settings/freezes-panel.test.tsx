// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { NextIntlClientProvider } from 'next-intl';
import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { ZoneProvider } from '@/components/ui/time';
import { messages } from '@/lib/messages/messages';
import { ok } from '@/lib/result';
import { FreezesPanel } from './freezes-panel';

it('has its form on the server already, from the next hour in the zone of the browser: nothing below it moves later', () => {
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
  expect(html).toContain('value="22:00"');
  expect(html).toContain('value="23:00"');
});
