// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { noLimits } from '@/lib/policy/access';
import type { Role } from '@/lib/policy/roles';
import { err, ok } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { TokensPanel, type TokensPanelProps } from './tokens-panel';

afterEach(cleanup);

const token = {
  id: 7,
  name: 'CI',
  owner: 'sari@example.com',
  role: 'operator',
  limits: null,
  prefix: 'spw_AbCdEfGh',
  createdAt: '2026-12-11T10:00:00.000Z',
  expiresAt: '2027-03-11T10:00:00.000Z',
  isExpired: false,
  lastUsedAt: null,
} as const;

function show(role: Role, actions: Partial<Pick<TokensPanelProps, 'createToken' | 'revokeToken'>> = {}) {
  renderPage(
    <TokensPanel
      tokens={[token]}
      role={role}
      connections={[{ id: 'niaga', name: 'Niaga' }]}
      createToken={async () => err({ fields: { name: ['name.missing'] }, form: null })}
      revokeToken={async () => ok(null)}
      onChanged={() => {}}
      {...actions}
    />,
  );
}

async function openForm() {
  fireEvent.click(screen.getByRole('button', { name: 'Create API token' }));
  return screen.findByRole('dialog', { name: 'Create an API token' });
}

it('shows the value of a new token once: a form that is opened again is empty', async () => {
  const made = { id: 8, token: 'spw_secret', expiresAt: token.expiresAt };
  const createToken = vi.fn(async () => ok(made));
  show('administrator', { createToken });
  await openForm();
  fireEvent.change(screen.getByRole('textbox', { name: 'Name' }), { target: { value: 'Nightly' } });
  fireEvent.click(screen.getByRole('button', { name: 'Create token' }));
  expect(await screen.findByText('spw_secret')).toBeTruthy();
  expect(createToken).toHaveBeenCalledWith({ name: 'Nightly', limits: noLimits, role: 'viewer', days: 90 });
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  await openForm();
  await waitFor(() => expect(screen.queryByText('spw_secret')).toBeNull());
});

it('shows what is wrong at its field', async () => {
  show('viewer');
  await openForm();
  fireEvent.click(screen.getByRole('button', { name: 'Create token' }));
  expect(await screen.findByText('Enter a name.')).toBeTruthy();
});

it('revokes a token after a confirmation', async () => {
  const revokeToken = vi.fn(async () => ok(null));
  show('viewer', { revokeToken });
  fireEvent.click(screen.getByRole('button', { name: 'Revoke CI' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Revoke API token' }));
  await waitFor(() => expect(revokeToken).toHaveBeenCalledWith({ id: 7 }));
});
