import { Secret, TOTP } from 'otpauth';
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

test('a person adds a passkey, renames it, signs in and confirms with it, and removes it', async ({
  page,
  app,
}) => {
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
    // What is typed before the page is loaded is lost.
    await page.waitForLoadState();
    // There is no passkey yet.
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
    await expect(dialog.getByText('This device already has a passkey for Spillway.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('it confirms that it is they', async () => {
    await page.reload();
    await ageSessions(app.dataDir, 6);
    const people = page.getByRole('region', { name: 'People' });
    await people.getByRole('button', { name: 'Invite person' }).click();
    const invite = page.getByRole('dialog', { name: 'Invite a person' });
    await invite.getByRole('textbox', { name: 'E-mail address' }).fill('ani@example.com');
    await invite.getByRole('button', { name: 'Create set-up link' }).click();
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

  await test.step('they rename it', async () => {
    await page.goto(`${origin}/settings`);
    await security.getByRole('button', { name: 'Rename Laptop' }).click();
    const dialog = page.getByRole('dialog', { name: 'Rename the passkey Laptop' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Work laptop');
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Rename passkey' }).click();
    await expect(security.getByRole('list', { name: 'Passkeys' })).toContainText('Work laptop');
    await checkScreen(page);
  });

  await test.step('once removed, it no longer signs in', async () => {
    await expect(security.getByRole('list', { name: 'Passkeys' })).toContainText('last used');
    await security.getByRole('button', { name: 'Remove Work laptop' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove the passkey Work laptop?' });
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(security.getByText('You have no passkey.')).toBeVisible();
    await page.goto(`${origin}/sign-in`);
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0);
  });
});

test('an administrator resets the second factor of a person who has lost it', async ({
  page,
  browser,
  app,
}) => {
  const email = 'putri@example.com';
  const { password } = administrator;
  const people = page.getByRole('region', { name: 'People' });
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const other = await context.newPage();
  const enter = async () => {
    await other.goto(`${app.baseURL}/sign-in`);
    await other.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await other.getByRole('textbox', { name: 'Password' }).fill(password);
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
  };

  await test.step('a person sets up a second factor, and signs in with a code of their app', async () => {
    await page.goto('/settings');
    await ageSessions(app.dataDir, 6);
    await people.getByRole('button', { name: 'Invite person' }).click();
    const invite = page.getByRole('dialog', { name: 'Invite a person' });
    await invite.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await invite.getByRole('button', { name: 'Create set-up link' }).click();
    const confirmation = page.getByRole('dialog', { name: "Confirm that it's you" });
    await confirmation.getByRole('textbox', { name: 'Your password' }).fill(password);
    await confirmation.getByRole('button', { name: 'Confirm' }).click();
    const link = await people.getByText(/\/set-up#/).textContent();
    await other.goto(`${app.baseURL}${link?.slice(link.indexOf('/set-up'))}`);
    await other.getByRole('textbox', { name: 'Name' }).fill('Putri');
    await other.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await other.getByRole('textbox', { name: 'Password' }).fill(password);
    await other.getByRole('button', { name: 'Create account' }).click();
    await expect(other.getByRole('heading', { name: 'Overview' })).toBeVisible();
    await other.goto(`${app.baseURL}/settings`);
    await other.getByRole('button', { name: 'Set up second factor' }).click();
    const dialog = other.getByRole('dialog', { name: 'Set up a second factor' });
    const key = (await dialog.getByText(/^[A-Z2-7 ]{32,}$/).textContent()) ?? '';
    const secret = Secret.fromBase32(key.replaceAll(' ', ''));
    // The step before, so that the code of this step is left for the sign-in.
    const previous = TOTP.generate({ secret, timestamp: Date.now() - 30_000 });
    await dialog.getByRole('textbox', { name: 'Code' }).fill(previous);
    await dialog.getByRole('button', { name: 'Confirm code' }).click();
    await expect(other.getByText('10 recovery codes are left.')).toBeVisible();
    await other.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(other.getByRole('heading', { name: 'Sign in to Spillway' })).toBeVisible();
    await enter();
    await other.getByRole('textbox', { name: 'Code' }).fill(TOTP.generate({ secret, timestamp: Date.now() }));
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(other.getByRole('heading', { name: 'Overview' })).toBeVisible();
  });

  await test.step('after the reset they are signed out, and their password alone signs them in', async () => {
    await page.reload();
    await people.getByRole('button', { name: `Reset second factor and passkeys of ${email}` }).click();
    const dialog = page.getByRole('dialog', { name: `Reset the second factor and passkeys of ${email}?` });
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Reset', exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await expect(
      people.getByRole('button', { name: `Reset second factor and passkeys of ${email}` }),
    ).toHaveCount(0);
    await expect(other.getByText('Your session has ended.')).toBeVisible();
    await enter();
    await expect(other.getByRole('heading', { name: 'Overview' })).toBeVisible();
    await context.close();
  });
});
