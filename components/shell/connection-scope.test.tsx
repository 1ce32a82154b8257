// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { ConnectionView } from '@/lib/contract/connection';
import { renderPage } from '@/testing/components/test-page';
import { AppShell } from './app-shell';
import { ConnectionScope } from './connection-scope';

const forget = () => {
  // biome-ignore lint/suspicious/noDocumentCookie: as the component sets it
  document.cookie = 'spillway-connection=; Path=/; Max-Age=0';
};
afterEach(() => {
  cleanup();
  forget();
});

const account = (id: string): ConnectionView => ({
  id,
  name: id,
  kind: 'sandbox',
  uin: null,
  portOffset: 0,
  isolation: null,
});
function open(section: 'estate' | 'diversions', connectionId: string | null, chosen: string | null) {
  renderPage(
    <ConnectionScope initial={chosen}>
      <AppShell
        connections={[account('first'), account('second')]}
        connectionId={connectionId}
        section={section}
        head={{ title: 'Page' }}
      >
        content
      </AppShell>
    </ConnectionScope>,
  );
  return screen.getByRole('link', { name: /^Estate/ }).getAttribute('href');
}

it('keeps the account of an estate page for the pages after it', () => {
  expect(open('estate', 'second', 'first')).toBe('/estate?connection=second');
  expect(document.cookie).toContain('spillway-connection=second');
});

it('opens the chosen account from pages about all of them, or about a run of another', () => {
  expect(open('diversions', null, 'second')).toBe('/estate?connection=second');
  cleanup();
  expect(open('diversions', 'first', 'second')).toBe('/estate?connection=second');
  expect(document.cookie).not.toContain('spillway-connection');
});

it('opens the account of the page, or the first one, if none was chosen or it no longer exists', () => {
  expect(open('diversions', 'second', null)).toBe('/estate?connection=second');
  cleanup();
  expect(open('diversions', null, 'gone')).toBe('/estate?connection=first');
});
