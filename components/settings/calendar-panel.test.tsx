// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { ok } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { CalendarPanel, type CalendarPanelProps } from './calendar-panel';

afterEach(cleanup);

/** A page with one feed, which is gone when it is read again. */
function Settings({ revokeFeed }: Pick<CalendarPanelProps, 'revokeFeed'>) {
  const [feeds, setFeeds] = useState([
    { id: 1, name: 'Ana', createdAt: '2026-12-11T10:00:00.000Z', createdBy: 'local', lastReadAt: null },
  ]);
  return (
    <>
      <CalendarPanel
        feeds={feeds}
        createFeed={async () =>
          ok({ token: 'secret', url: 'https://s.example.com/api/calendar/secret/schedule.ics' })
        }
        revokeFeed={revokeFeed}
        onChanged={() => {}}
      />
      <button type="button" onClick={() => setFeeds([])}>
        Read again
      </button>
    </>
  );
}

it('keeps the name that was typed after a feed was created', async () => {
  renderPage(<Settings revokeFeed={async () => ok(null)} />);
  const name = screen.getByLabelText('Name');
  const type = (value: string) => fireEvent.change(name, { target: { value } });
  type('Budi');
  fireEvent.click(screen.getByRole('button', { name: 'Create calendar feed' }));
  type('Citra');
  expect((await screen.findByRole('status')).textContent).toContain(
    'https://s.example.com/api/calendar/secret',
  );
  expect(name).toHaveProperty('value', 'Citra');
});

it('keeps asking for confirmation when the page is read again and the row is gone', async () => {
  const revokeFeed = vi.fn(async () => ok(null));
  renderPage(<Settings revokeFeed={revokeFeed} />);
  fireEvent.click(screen.getByRole('button', { name: 'Revoke Ana' }));
  expect(await screen.findByRole('dialog', { name: 'Revoke the calendar feed “Ana”?' })).toBeTruthy();
  fireEvent.click(screen.getByText('Read again'));
  fireEvent.click(screen.getByRole('button', { name: 'Revoke calendar feed' }));
  await waitFor(() => expect(revokeFeed).toHaveBeenCalledWith(1));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Revoke calendar feed' })).toBeNull());
});
