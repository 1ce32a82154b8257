// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { SetUserGrantsAction } from '@/lib/contract/user';
import { type Grants, grantEverywhere, noLimits } from '@/lib/policy/access';
import { err, ok } from '@/lib/result';
import { renderPage } from '@/testing/components/test-page';
import { AccountsPanel } from './accounts-panel';

afterEach(cleanup);

const never = () => Promise.reject(new Error('nothing is sent here'));

async function openRoles(grants: Grants, setUserGrants: SetUserGrantsAction) {
  const person = { id: 'u2', name: 'Budi', email: 'budi@example.com', grants, isSelf: false, usedAt: null };
  renderPage(
    <AccountsPanel
      people={{
        users: [{ ...person, hasSecondFactor: false, hasPasskey: false }],
        links: [],
        isSecondFactorRequired: false,
      }}
      connections={[
        { id: 'niaga', name: 'Niaga' },
        { id: 'sandbox', name: 'Sandbox' },
      ]}
      inviteUser={never}
      setUserGrants={setUserGrants}
      removeUser={never}
      endSessions={never}
      resetSecondFactor={never}
      setSignInPolicy={never}
      onChanged={() => {}}
    />,
  );
  fireEvent.click(screen.getByRole('button', { name: 'Change roles of budi@example.com' }));
  return within(await screen.findByRole('dialog', { name: 'Change roles of budi@example.com' }));
}

const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

it('adds a role with limits', async () => {
  const send = vi.fn<SetUserGrantsAction>(async () => ok(null));
  const dialog = await openRoles(grantEverywhere('operator'), send);
  fireEvent.click(dialog.getByRole('button', { name: 'Add role' }));
  const second = within(dialog.getByRole('group', { name: 'Role 2' }));
  type(second.getByRole('textbox', { name: 'Domains' }), 'shop.example.co.id, *.pay.example.co.id ');
  type(second.getByRole('textbox', { name: 'Regions' }), 'ap-jakarta');
  fireEvent.click(dialog.getByRole('button', { name: 'Change roles' }));
  const limits = { domains: ['shop.example.co.id', '*.pay.example.co.id'], regions: ['ap-jakarta'] };
  const grants = [...grantEverywhere('operator'), { role: 'viewer', ...noLimits, ...limits }];
  await vi.waitFor(() => expect(send).toHaveBeenCalledWith({ id: 'u2', grants }));
});

it('limits a role to accounts that are chosen, and keeps one that is not connected any more', async () => {
  const send = vi.fn<SetUserGrantsAction>(async () => ok(null));
  const dialog = await openRoles([{ role: 'operator', ...noLimits, connections: ['acme'] }], send);
  const accounts = within(dialog.getByRole('group', { name: 'Accounts' }));
  expect(accounts.getAllByRole('checkbox').map((each) => each.parentElement?.textContent)).toEqual([
    'Niaga',
    'Sandbox',
    'acme (not connected)',
  ]);
  fireEvent.click(accounts.getByRole('checkbox', { name: 'Niaga' }));
  const change = () => fireEvent.click(dialog.getByRole('button', { name: 'Change roles' }));
  change();
  const grant = (connections: readonly string[]) => [{ role: 'operator', ...noLimits, connections }];
  await vi.waitFor(() => expect(send).toHaveBeenCalledWith({ id: 'u2', grants: grant(['niaga', 'acme']) }));
  expect(accounts.getByRole<HTMLInputElement>('checkbox', { name: 'acme (not connected)' }).checked).toBe(
    true,
  );
});

it('shows an invalid domain at its field', async () => {
  const refusal = { fields: { 'grants.1.domains.1': ['domainPattern.invalid'] }, form: null };
  const [viewer] = grantEverywhere('viewer');
  const limited = { role: 'operator', ...noLimits, domains: ['shop.example.co.id', 'https://shop'] } as const;
  const dialog = await openRoles([...(viewer ? [viewer] : []), limited], async () => err(refusal));
  fireEvent.click(dialog.getByRole('button', { name: 'Change roles' }));
  const second = within(dialog.getByRole('group', { name: 'Role 2' }));
  const field = second.getByRole('textbox', { name: 'Domains' });
  await second.findByText('Enter a host name, or a pattern such as *.example.com.');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  const first = within(dialog.getByRole('group', { name: 'Role 1' }));
  expect(first.getByRole('textbox', { name: 'Domains' }).getAttribute('aria-invalid')).not.toBe('true');
});

it('removes a role, but not the last one', async () => {
  const send = vi.fn<SetUserGrantsAction>(async () => ok(null));
  const dialog = await openRoles([...grantEverywhere('viewer'), ...grantEverywhere('operator')], send);
  type(dialog.getAllByRole('textbox', { name: 'Domains' })[0] as HTMLElement, 'shop.example.co.id');
  fireEvent.click(dialog.getByRole('button', { name: 'Remove role 1' }));
  // What was typed for the removed role is gone with it.
  expect(dialog.queryByDisplayValue('shop.example.co.id')).toBeNull();
  expect(dialog.queryByRole('button', { name: /Remove role/ })).toBeNull();
  fireEvent.click(dialog.getByRole('button', { name: 'Change roles' }));
  await vi.waitFor(() =>
    expect(send).toHaveBeenCalledWith({ id: 'u2', grants: grantEverywhere('operator') }),
  );
});
