// @vitest-environment happy-dom

import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { PasskeyView, RenamePasskeyAction } from '@/lib/contract/session';
import { ok } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { PasskeySignIn } from './passkey-sign-in';
import { PasskeysPart } from './security/passkeys-part';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const origin = 'http://localhost:3000';

function openAt(address: string) {
  const { origin: here, pathname, search } = new URL(address);
  vi.stubGlobal('location', { origin: here, pathname, search });
}

const laptop = {
  id: 'AAAA',
  name: 'Laptop',
  isSynced: false,
  otherHost: null,
  since: '2026-11-28T20:00:00Z',
  usedAt: null,
};

function openSettings(
  address: string,
  passkeys: readonly PasskeyView[] = [],
  renamePasskey: RenamePasskeyAction = async () => ok(null),
) {
  openAt(address);
  renderPage(
    <PasskeysPart
      passkeys={passkeys}
      passkeyOrigin={origin}
      beginPasskey={async () => ok({ options: expect.anything() })}
      addPasskey={async () => ok(null)}
      removePasskey={async () => ok(null)}
      renamePasskey={renamePasskey}
      onChanged={() => {}}
    />,
  );
}

it('offers to add a passkey at the address of passkeys alone', () => {
  openSettings(`${origin}/settings`);
  expect(screen.getByRole('button', { name: 'Add passkey' })).toBeTruthy();
});

it('renames a passkey', async () => {
  const rename = vi.fn<RenamePasskeyAction>(async () => ok(null));
  openSettings(`${origin}/settings`, [laptop], rename);
  fireEvent.click(screen.getByRole('button', { name: 'Rename Laptop' }));
  const name = await screen.findByRole('textbox', { name: 'Name' });
  fireEvent.change(name, { target: { value: 'Work laptop' } });
  fireEvent.click(screen.getByRole('button', { name: 'Rename passkey' }));
  await vi.waitFor(() => expect(rename).toHaveBeenCalledWith({ id: 'AAAA', name: 'Work laptop' }));
  await vi.waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

it.each([
  ['http://127.0.0.1:3000', /can't keep a passkey for an IP address. Open Spillway at/, `${origin}/settings`],
  ['https://10.0.0.5', /Start Spillway with SPILLWAY_URL set to an https address with a host name/, null],
  [
    'https://[2001:db8::1]',
    /Start Spillway with SPILLWAY_URL set to an https address with a host name/,
    null,
  ],
  ['http://other.example.com', /Passkeys work at/, `${origin}/settings`],
])('says what to do at %s', (here, text, link) => {
  openSettings(`${here}/settings`);
  expect(screen.getByText(text)).toBeTruthy();
  expect(screen.queryByRole('link')?.getAttribute('href') ?? null).toBe(link);
  expect(screen.queryByRole('button', { name: 'Add passkey' })).toBeNull();
});

it('leads from the sign-in at another address to the same page there', () => {
  openAt('http://127.0.0.1:3000/sign-in?next=%2Fschedule');
  renderPage(<PasskeySignIn origin={origin} onSignedIn={() => {}} />);
  expect(screen.getByRole('link', { name: origin }).getAttribute('href')).toBe(
    `${origin}/sign-in?next=%2Fschedule`,
  );
  expect(screen.queryByRole('button')).toBeNull();
});
