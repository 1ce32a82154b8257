// @vitest-environment happy-dom
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import { Dialog } from '@/components/ui/dialog';
import { Panel } from '@/components/ui/panel';
import { renderPage } from '@/testing/components/test-page';
import { AppShell } from './app-shell';

afterEach(cleanup);

type Shown = { panel?: boolean; button?: boolean; isOff?: boolean; dialog?: boolean };
const page = ({ panel = true, button = true, isOff = false, dialog = false }: Shown) => (
  <AppShell connections={[]} connectionId={null} section={null} head={{ title: 'Estate' }}>
    {panel ? (
      <Panel title="Rules">
        {button ? (
          <button type="button" disabled={isOff}>
            Remove
          </button>
        ) : null}
        <button type="button">Add</button>
      </Panel>
    ) : null}
    <Dialog open={dialog} onOpenChange={() => {}} title="Sure?" action={null} />
  </AppShell>
);
let change: (shown: Shown) => void = () => {};
function Changing() {
  const [shown, setShown] = useState<Shown>({});
  change = setShown;
  return page(shown);
}
/** Shows a page, and returns a function that changes it as a command does. */
function open() {
  renderPage(<Changing />);
  return (shown: Shown) => act(() => change(shown));
}
const focusButton = () => act(() => screen.getByRole('button', { name: 'Remove' }).focus());
const panel = () => screen.getByRole('region', { name: 'Rules' });

it.each([
  ['is gone', { button: false }],
  ['is disabled', { isOff: true }],
])('moves the focus to the part around a button that %s', async (_, shown) => {
  const show = open();
  focusButton();
  show(shown);
  await waitFor(() => expect(document.activeElement).toBe(panel()));
});

it('moves it to the content if the whole part was removed', async () => {
  const show = open();
  focusButton();
  show({ panel: false });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
});

it('waits for the dialog of the command to close', async () => {
  const show = open();
  focusButton();
  show({ dialog: true });
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Cancel'));
  show({ dialog: true, button: false });
  show({ button: false });
  await waitFor(() => expect(document.activeElement).toBe(panel()));
});

it('keeps the focus if the user has moved it', async () => {
  const show = open();
  focusButton();
  act(() => screen.getByRole('button', { name: 'Add' }).focus());
  show({ button: false });
  expect(document.activeElement?.textContent).toBe('Add');
});

it('focuses the content of a page that is opened from another one', async () => {
  open();
  cleanup();
  open();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
});
