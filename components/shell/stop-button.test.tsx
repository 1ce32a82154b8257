// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { EmergencyStopStatusView } from '@/lib/contract/schedule';
import { ok } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { AppShell } from './app-shell';
import { EmergencyStopProvider } from './emergency-stop-provider';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const notPaused: EmergencyStopStatusView = { stop: null, log: [] };
const paused: EmergencyStopStatusView = {
  stop: { actor: 'sari', reason: 'Answers look odd', at: '2026-12-12T00:00:00.000Z' },
  log: [],
};

/** Opens a page on a server that stores what is sent to it. */
function open(initial: EmergencyStopStatusView) {
  let stored = initial;
  const sent: string[] = [];
  vi.stubGlobal('fetch', async () => Response.json(stored));
  renderPage(
    <EmergencyStopProvider
      initial={initial}
      pauseChanges={async ({ reason }) => {
        sent.push(`pause ${reason}`);
        stored = paused;
        return ok({ paused: 2 });
      }}
      resumeChanges={async ({ reason }) => {
        sent.push(`resume ${reason}`);
        stored = notPaused;
        return ok({ resumed: 2 });
      }}
    >
      <AppShell connections={[]} connectionId={null} section={null} head={{ title: 'Estate' }}>
        content
      </AppShell>
    </EmergencyStopProvider>,
  );
  return sent;
}

const type = (dialog: HTMLElement, reason: string) =>
  fireEvent.change(within(dialog).getByRole('textbox', { name: 'Reason' }), { target: { value: reason } });

it('pauses all changes from the bar of a page with two presses and a reason', async () => {
  const sent = open(notPaused);
  fireEvent.click(screen.getByRole('button', { name: 'Pause all changes' }));
  const dialog = await screen.findByRole('dialog', { name: 'Pause all changes?' });
  expect(sent).toEqual([]);
  type(dialog, 'Answers look odd');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Pause all changes' }));
  const banner = await screen.findByRole('region', { name: 'Paused' });
  expect(banner.textContent).toContain('“Answers look odd”');
  expect(banner.textContent).toContain('2 runs pause at their next safe points.');
  expect(sent).toEqual(['pause Answers look odd']);
});

it('keeps the focus on the button, which then resumes changes', async () => {
  const sent = open(notPaused);
  const button = screen.getByRole('button', { name: 'Pause all changes' });
  button.focus();
  fireEvent.click(button);
  const dialog = await screen.findByRole('dialog', { name: 'Pause all changes?' });
  type(dialog, 'Answers look odd');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Pause all changes' }));
  const resume = await screen.findByRole('button', { name: 'Changes paused' });
  await waitFor(() => expect(document.activeElement).toBe(resume));
  fireEvent.click(resume);
  const resuming = await screen.findByRole('dialog', { name: 'Resume changes?' });
  type(resuming, 'All clear');
  fireEvent.click(within(resuming).getByRole('button', { name: 'Resume changes' }));
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Paused' })).toBeNull());
  expect(sent).toEqual(['pause Answers look odd', 'resume All clear']);
  expect(await screen.findByRole('button', { name: 'Pause all changes' })).toBeTruthy();
});
