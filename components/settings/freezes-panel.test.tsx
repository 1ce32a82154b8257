// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { useState } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, it, vi } from 'vitest';
import { ZoneProvider } from '@/components/ui/time';
import { messages } from '@/lib/messages/messages';
import { ok } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { FreezesPanel, type FreezesPanelProps } from './freezes-panel';

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

const span = { kind: 'daily', fromMinute: 0, toMinute: 1440, zone: 'UTC' } as const;

/** A page with one freeze window, which is gone when it is read again. */
function Settings({ removeFreeze }: Pick<FreezesPanelProps, 'removeFreeze'>) {
  const [freezes, setFreezes] = useState([{ id: 1, name: 'Settlement', span }]);
  return (
    <>
      <FreezesPanel
        freezes={freezes}
        addFreeze={async () => ok(null)}
        removeFreeze={removeFreeze}
        onChanged={() => {}}
      />
      <button type="button" onClick={() => setFreezes([])}>
        Read again
      </button>
    </>
  );
}

it('keeps asking for confirmation when the page is read again and the row is gone', async () => {
  const removeFreeze = vi.fn(async () => ok(null));
  renderPage(<Settings removeFreeze={removeFreeze} />);
  fireEvent.click(screen.getByRole('button', { name: 'Remove Settlement' }));
  fireEvent.click(screen.getByText('Read again'));
  fireEvent.click(screen.getByRole('button', { name: 'Remove change freeze' }));
  await waitFor(() => expect(removeFreeze).toHaveBeenCalledWith(1));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Remove change freeze' })).toBeNull());
});
