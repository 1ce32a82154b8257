// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { renderPage } from '@/testing/components/test-page';
import { PasswordPart } from './password-part';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function openDialog(factor: 'code' | 'passkey' | null) {
  renderPage(<PasswordPart passwordMin={12} factor={factor} />);
  fireEvent.click(screen.getByRole('button', { name: 'Change password' }));
  return screen.findByRole('dialog', { name: 'Change password' });
}

it('asks someone with a second factor for a code, and sends it', async () => {
  const request = vi.fn(async (_path: string, _sent: { body?: string }) => Response.json(null));
  vi.stubGlobal('fetch', request);
  const dialog = await openDialog('code');
  const fill = (name: string, value: string) =>
    fireEvent.change(screen.getByLabelText(name), { target: { value } });
  fill('Current password', 'the old one');
  fill('New password', 'umbrella tax violin');
  fill('Code', '123456');
  fireEvent.submit(dialog.querySelector('form') ?? dialog);
  await screen.findByText(/Your password is changed/);
  const [path, { body = '' } = {}] = request.mock.calls[0] ?? [];
  expect(path).toBe('/api/session/password');
  expect(JSON.parse(body)).toMatchObject({
    current: 'the old one',
    password: 'umbrella tax violin',
    code: '123456',
  });
});

it('asks someone without a second factor for no code, and says that a passkey confirms', async () => {
  const dialog = await openDialog('passkey');
  expect(screen.queryByLabelText('Code')).toBeNull();
  expect(dialog.textContent).toContain('Your passkey confirms the change.');
});
