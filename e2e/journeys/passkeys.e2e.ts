import { expect, type Page } from 'playwright/test';
import { ageSessions } from '@/testing/db/test-session-age';
import { administrator } from '@/testing/launch/administrator';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';

async function enterPassword(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(administrator.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(administrator.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Connects an authenticator of Chromium to a page: https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/ */
async function connectAuthenticator(page: Page) {
  const client = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable');
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return (isUserVerified: boolean) =>
    client.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
}

test('a person adds a passkey, signs in and confirms with it, and removes it', async ({ page, app }) => {
  const { port } = new URL(app.baseURL);
  const origin = `http://localhost:${port}`;
  const security = page.getByRole('region', { name: 'Sign-in and security' });
  const setVerified = await connectAuthenticator(page);

  await test.step('at an IP address, Settings says where passkeys work', async () => {
    await page.goto('/settings');
    await expect(security.getByText("A browser can't keep a passkey for an IP address.")).toBeVisible();
    await checkScreen(page);
    await security.getByRole('link', { name: origin }).click();
    await expect(page).toHaveURL(`${origin}/sign-in?next=%2Fsettings`);
    // Nobody has a passkey yet.
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0);
    await enterPassword(page);
  });

  await test.step('they add one', async () => {
    await security.getByRole('button', { name: 'Add passkey' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Laptop');
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Add passkey' }).click();
    const list = security.getByRole('list', { name: 'Passkeys' });
    await expect(list.getByRole('listitem')).toContainText('Laptop');
    await expect(list.getByRole('listitem')).toContainText('not used yet');
    await checkScreen(page);
  });

  await test.step('the browser makes no second one on the same device', async () => {
    await security.getByRole('button', { name: 'Add passkey' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Laptop again');
    await dialog.getByRole('button', { name: 'Add passkey' }).click();
    await expect(dialog.getByText('This device has a passkey for Spillway already.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('it confirms that it is they', async () => {
    await page.reload();
    await ageSessions(app.dataDir, 6);
    const people = page.getByRole('region', { name: 'People' });
    await people.getByRole('button', { name: 'Create set-up link' }).click();
    const dialog = page.getByRole('dialog', { name: "Confirm that it's you" });
    await expect(dialog.getByRole('button', { name: 'Use a passkey' })).toBeVisible();
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
    await expect(people.getByText(/\/set-up#/)).toBeVisible();
  });

  await test.step('it signs in alone, to the page that was asked for', async () => {
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Sign in to Spillway' })).toBeVisible();
    await page.goto(`${origin}/schedule`);
    await setVerified(false);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await expect(
      page.getByText('No passkey was used: the request was cancelled, or took too long.'),
    ).toBeVisible();
    await checkScreen(page);
    await setVerified(true);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await expect(page).toHaveURL(`${origin}/schedule`);
    await page.goto(`${app.baseURL}/sign-in`);
    await expect(page.getByText('To sign in with a passkey, open')).toBeVisible();
    await checkScreen(page);
  });

  await test.step('once removed, it no longer signs in', async () => {
    await page.goto(`${origin}/settings`);
    await expect(security.getByRole('list', { name: 'Passkeys' })).toContainText('last used');
    await security.getByRole('button', { name: 'Remove Laptop' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove the passkey Laptop?' });
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(security.getByText('You have no passkey.')).toBeVisible();
    await page.goto(`${origin}/sign-in`);
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0);
  });
});
