// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type {
  AddConnectionAction,
  AddedConnectionView,
  ChangeConnectionAction,
  ConnectionSettingsView,
  ConnectionTestView,
  RemoveConnectionAction,
  RotateConnectionKeysAction,
  TestConnectionAction,
} from '@/lib/contract/connection';
import { judgeFeatures } from '@/lib/estate/access/connection-access';
import { unknownPermissions } from '@/lib/estate/account-model';
import { err, ok } from '@/lib/result';
import { choose } from '@/testing/components/test-choose';
import { renderPage } from '@/testing/components/test-page';
import { ConnectionsPanel, type ConnectionsPanelProps } from './connections-panel';

const added: AddedConnectionView = {
  site: 'mainland',
  regions: ['ap-jakarta'],
  writes: 'none',
  readKeyEnd: 'r001',
  writeKeyEnd: null,
  role: null,
  isVerified: true,
  changedBy: 'sari@example.com',
  changedAt: '2026-12-11T17:00:00.000Z',
};
const live: ConnectionSettingsView = {
  id: 'account-live',
  name: 'Live',
  kind: 'tencent',
  uin: '100000000001',
  isConnected: true,
  problem: null,
  added,
  test: null,
};

/** The answer of the server to reads. */
let stored: readonly ConnectionSettingsView[] = [];
beforeEach(() => {
  vi.stubGlobal('fetch', async () => Response.json({ connections: stored, hasSandbox: true }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const never = () => Promise.reject(new Error('nothing is sent here'));

function open(connections: readonly ConnectionSettingsView[], given: Partial<ConnectionsPanelProps> = {}) {
  stored = connections;
  renderPage(
    <ConnectionsPanel
      initial={{ connections, hasSandbox: true }}
      addConnection={never}
      changeConnection={never}
      rotateKeys={never}
      testConnection={never}
      removeConnection={never}
      onChanged={() => {}}
      {...given}
    />,
  );
}

const press = (name: string, within_: Pick<typeof screen, 'getByRole'> = screen) =>
  fireEvent.click(within_.getByRole('button', { name }));
const dialogNamed = async (name: string) => within(await screen.findByRole('dialog', { name }));
type Dialog = Awaited<ReturnType<typeof dialogNamed>>;
const fill = (dialog: Dialog, label: string, value: string, nth = 0) =>
  fireEvent.change(dialog.getAllByLabelText(label)[nth] as HTMLElement, { target: { value } });

it('adds an account with a key for reading and one for changes, and a role', async () => {
  const send = vi.fn<AddConnectionAction>(async () => ok({ id: 'account-new' }));
  open([], { addConnection: send });
  expect(screen.getByText('No accounts are connected.')).toBeTruthy();
  press('Add connection');
  const dialog = await dialogNamed('Add a connection');
  fill(dialog, 'Account', 'New');
  fill(dialog, 'Regions', 'ap-singapore,  ap-jakarta ');
  fill(dialog, 'SecretId', 'AKIDread0001');
  fill(dialog, 'SecretKey', 'read-secret');
  await choose(dialog, 'Changes', 'With a key of their own');
  fill(dialog, 'SecretId', 'AKIDwrite001', 1);
  fill(dialog, 'SecretKey', 'write-secret', 1);
  fill(dialog, 'Role', 'qcs::cam::uin/100000000001:roleName/spillway');
  for (const secret of dialog.getAllByLabelText('SecretKey'))
    expect([secret.getAttribute('type'), secret.getAttribute('autocomplete')]).toEqual(['password', 'off']);
  press('Add connection', dialog);
  await waitFor(() => expect(send).toHaveBeenCalledOnce());
  expect(send.mock.calls[0]?.[0]).toEqual({
    name: 'New',
    regions: ['ap-singapore', 'ap-jakarta'],
    kind: 'tencent',
    site: 'mainland',
    read: { secretId: 'AKIDread0001', secretKey: 'read-secret' },
    writes: 'own',
    write: { secretId: 'AKIDwrite001', secretKey: 'write-secret' },
    role: {
      arn: 'qcs::cam::uin/100000000001:roleName/spillway',
      writeArn: null,
      session: 'spillway',
      externalId: null,
      durationS: 7200,
    },
  });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  // A form that opens again has no key.
  press('Add connection');
  const again = await dialogNamed('Add a connection');
  expect(again.queryByDisplayValue('AKIDread0001')).toBeNull();
  expect(again.queryByDisplayValue('read-secret')).toBeNull();
});

it('shows each error at its field, and keeps what was typed', async () => {
  const fields = { 'read.secretId': ['connection.secretId'], name: ['connection.sameName'] };
  open([live], { addConnection: async () => err({ fields, form: null }) });
  press('Add connection');
  const dialog = await dialogNamed('Add a connection');
  fill(dialog, 'Account', 'Live');
  fill(dialog, 'SecretId', 'a b');
  press('Add connection', dialog);
  await dialog.findByText('There is a connection with this name. Enter another name.');
  await dialog.findByText('Enter a SecretId: 8 to 128 letters, digits, - and _.');
  const invalid = (label: string) => dialog.getByLabelText(label).getAttribute('aria-invalid');
  expect([invalid('Account'), invalid('SecretId'), invalid('SecretKey')]).toEqual(['true', 'true', null]);
  expect(dialog.getByDisplayValue('a b')).toBeTruthy();
});

it('changes name and regions, and sends no key', async () => {
  const send = vi.fn<ChangeConnectionAction>(async () => ok(null));
  open([live], { changeConnection: send });
  press('Change Live');
  const dialog = await dialogNamed('Change Live');
  expect(dialog.queryByLabelText('SecretId')).toBeNull();
  fill(dialog, 'Account', 'Production');
  press('Save changes', dialog);
  await waitFor(() => expect(send).toHaveBeenCalledOnce());
  expect(send.mock.calls[0]?.[0]).toEqual({
    id: 'account-live',
    name: 'Production',
    regions: ['ap-jakarta'],
    role: null,
  });
});

it('rotates one key, keeps the other that is left empty, and names it by its end', async () => {
  const send = vi.fn<RotateConnectionKeysAction>(async () => ok(null));
  open([{ ...live, added: { ...added, writes: 'own', writeKeyEnd: 'w002' } }], { rotateKeys: send });
  expect(screen.getByText(/Keys end with r001 and w002/)).toBeTruthy();
  press('Rotate keys of Live');
  const dialog = await dialogNamed('Rotate the keys of Live');
  expect(dialog.getByText(/The key that ends with r001 stays/)).toBeTruthy();
  expect(dialog.getByText(/The key that ends with w002 stays/)).toBeTruthy();
  fill(dialog, 'SecretId', 'AKIDnew00001');
  fill(dialog, 'SecretKey', 'new-secret');
  press('Rotate keys', dialog);
  await waitFor(() => expect(send).toHaveBeenCalledOnce());
  expect(send.mock.calls[0]?.[0]).toEqual({
    id: 'account-live',
    read: { secretId: 'AKIDnew00001', secretKey: 'new-secret' },
    writes: 'own',
    write: null,
  });
});

it('removes an account after a confirmation, and says why it may not', async () => {
  const refusal = { fields: {}, form: { message: 'connection.hasRuns', values: { runs: 'R-0007' } } };
  const send = vi.fn<RemoveConnectionAction>(async () => err(refusal));
  open([live], { removeConnection: send });
  press('Remove Live');
  const dialog = await dialogNamed('Remove Live?');
  press('Keep connection', dialog);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(send).not.toHaveBeenCalled();
  press('Remove Live');
  press('Remove connection', await dialogNamed('Remove Live?'));
  await screen.findByText(/These runs of the connection are open or scheduled: R-0007/);
  expect(send).toHaveBeenCalledExactlyOnceWith({ id: 'account-live' });
});

it('tests an account: it waits for a worker, and then shows the rights and the policy to paste', async () => {
  const waiting: ConnectionTestView = {
    requestedAt: '2026-12-11T17:00:00.000Z',
    finishedAt: null,
    result: null,
  };
  const features = judgeFeatures(
    { read: { ...unknownPermissions, denied: ['cloudaudit:DescribeEvents'] }, write: null },
    [
      {
        action: 'clb:DescribeLoadBalancers',
        failure: { code: 'InternalError', message: 'Busy', requestId: 'r' },
      },
    ],
  );
  const finished: ConnectionTestView = {
    ...waiting,
    finishedAt: '2026-12-11T17:00:05.000Z',
    result: {
      kind: 'answered',
      accountUin: '100000000001',
      userUin: null,
      sameAccount: ['Review'],
      features,
    },
  };
  const send = vi.fn<TestConnectionAction>(async () => {
    stored = [{ ...live, test: waiting }];
    return ok(null);
  });
  open([live], { testConnection: send });
  press('Test Live');
  await screen.findByText('A worker is testing the keys. This takes a few seconds.');
  expect(send).toHaveBeenCalledExactlyOnceWith({ id: 'account-live' });
  stored = [{ ...live, test: finished }];
  const result = within(await screen.findByRole('region', { name: 'Test of Live' }));
  const row = async (feature: string) =>
    (await result.findByText(feature, {}, { timeout: 10_000 })).closest('tr')?.textContent;
  expect(await row('Actors of changes')).toContain('Missingcloudaudit:DescribeEvents');
  expect(await row('Load balancers')).toContain('FailedInternalError: Busy');
  expect(await row('Move names in DNS')).toContain('Read-only');
  expect(result.getByText('The same account is also connected as Review')).toBeTruthy();
  expect(result.getByText(/user of a role/)).toBeTruthy();
  const policy = result.getByText(/"version": "2\.0"/);
  expect(JSON.parse(policy.textContent ?? '').statement[0].action).toEqual(['cloudaudit:DescribeEvents']);
});

it('says why a test failed, why it may not be requested, and which keys are in use', async () => {
  const problem = 'The cloud refuses the key for reading: AuthFailure.SecretIdNotFound.';
  const failed: ConnectionTestView = {
    requestedAt: '2026-12-11T17:00:00.000Z',
    finishedAt: '2026-12-11T17:00:05.000Z',
    result: {
      kind: 'failed',
      failure: { code: 'AuthFailure.SecretIdNotFound', message: 'No', requestId: 'q-1' },
    },
  };
  const refusal = { fields: {}, form: { message: 'connection.gone', values: { id: 'account-live' } } };
  open([{ ...live, problem, test: failed }], { testConnection: async () => err(refusal) });
  expect(screen.getByText('New keys not usable, the old ones are in use')).toBeTruthy();
  expect(screen.getByText(problem)).toBeTruthy();
  press('Test Live');
  expect(await screen.findByText(/AuthFailure\.SecretIdNotFound: No \(q-1\)/)).toBeTruthy();
  await screen.findByText(/account-live/);
});

it('offers only a test for an account from the settings', () => {
  open([{ ...live, name: 'Env', added: null }]);
  expect(screen.getByText('Keys from the settings of the worker')).toBeTruthy();
  expect(
    screen.getAllByRole('button').map((button) => button.getAttribute('aria-label') ?? button.textContent),
  ).toEqual(['Test Env', 'Add connection']);
});
