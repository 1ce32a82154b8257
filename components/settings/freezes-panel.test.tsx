// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import { useState } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, it, vi } from 'vitest';
import { ZoneProvider } from '@/components/ui/time';
import { messages } from '@/lib/messages/messages';
import { err, ok } from '@/lib/result';
import { choose } from '@/testing/components/test-choose';
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

it('asks which of two times is meant when the clocks go back, before sending anything', async () => {
  const addFreeze = vi.fn(async () => ok(null));
  renderPage(
    <ZoneProvider initial={{ zone: 'Europe/Berlin', isChosen: true }} renderedAt={0}>
      <FreezesPanel
        freezes={[]}
        addFreeze={addFreeze}
        removeFreeze={async () => ok(null)}
        onChanged={() => {}}
      />
    </ZoneProvider>,
  );
  const form = within(screen.getByRole('form', { name: 'Add a change freeze' }));
  const type = (label: string, value: string) =>
    fireEvent.change(form.getByLabelText(label), { target: { value } });
  const add = () => fireEvent.click(form.getByRole('button', { name: 'Add change freeze' }));
  type('Name', 'Settlement');
  type('From: date', '2027-10-31');
  type('From: time', '02:30');
  type('To: date', '2027-10-31');
  type('To: time', '04:00');
  add();
  await form.findByText('This time occurs twice. Choose its UTC offset.');
  expect(addFreeze).not.toHaveBeenCalled();
  await choose(form, 'From: UTC offset', 'UTC+01:00');
  add();
  await waitFor(() => expect(addFreeze).toHaveBeenCalledOnce());
  expect(addFreeze).toHaveBeenCalledWith({
    name: 'Settlement',
    span: { kind: 'once', from: '2027-10-31T01:30:00.000Z', to: '2027-10-31T03:00:00.000Z' },
  });
});

it('shows the error of a field until that field is changed', async () => {
  const fields = { name: ['name.missing'], 'span.to': ['instant.invalid'] };
  renderPage(
    <FreezesPanel
      freezes={[]}
      addFreeze={async () => err({ fields, form: null })}
      removeFreeze={async () => ok(null)}
      onChanged={() => {}}
    />,
  );
  const form = within(screen.getByRole('form', { name: 'Add a change freeze' }));
  const name = form.getByLabelText('Name');
  const type = (value: string) => fireEvent.change(name, { target: { value } });
  fireEvent.click(form.getByRole('button', { name: 'Add change freeze' }));
  await form.findByText('Enter a name.');
  type('Settlement');
  expect(form.queryByText('Enter a name.')).toBeNull();
  expect(name.getAttribute('aria-invalid')).toBeNull();
  expect(form.getByLabelText('To: date').getAttribute('aria-invalid')).toBe('true');
  type('');
  expect(form.getByText('Enter a name.')).toBeTruthy();
});

it('keeps the name that was typed after a freeze was sent', async () => {
  const addFreeze = vi.fn(async () => ok(null));
  const onChanged = vi.fn();
  renderPage(
    <FreezesPanel
      freezes={[]}
      addFreeze={addFreeze}
      removeFreeze={async () => ok(null)}
      onChanged={onChanged}
    />,
  );
  const form = within(screen.getByRole('form', { name: 'Add a change freeze' }));
  const name = form.getByLabelText('Name');
  const type = (value: string) => fireEvent.change(name, { target: { value } });
  const add = () => fireEvent.click(form.getByRole('button', { name: 'Add change freeze' }));
  type('Settlement');
  add();
  type('Audit');
  await waitFor(() => expect(onChanged).toHaveBeenCalledTimes(1));
  expect(addFreeze).toHaveBeenLastCalledWith(expect.objectContaining({ name: 'Settlement' }));
  expect(name).toHaveProperty('value', 'Audit');
  add();
  await waitFor(() => expect(name).toHaveProperty('value', ''));
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
