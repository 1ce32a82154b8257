import { expect } from 'playwright/test';
import { ageSessions } from '@/testing/db/test-session-age';
import { administrator } from '@/testing/launch/administrator';
import { providerClient, startTestProvider } from '@/testing/server/test-provider';
import { test as base } from '../support/app';
import { checkScreen } from '../support/check-screen';

/** An app whose people sign in at a provider that the test runs. */
const test = base.extend<object, { provider: Awaited<ReturnType<typeof startTestProvider>> }>({
  provider: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright requires a pattern.
    async ({}, use) => {
      const provider = await startTestProvider(new Map());
      await use(provider);
      await provider.stop();
    },
    { scope: 'worker' },
  ],
  appSettings: [
    async ({ provider }, use) =>
      use({
        SPILLWAY_OIDC_ISSUER: provider.issuer,
        SPILLWAY_OIDC_CLIENT_ID: providerClient.id,
        SPILLWAY_OIDC_CLIENT_SECRET: providerClient.secret,
        SPILLWAY_OIDC_NAME: 'Example ID',
        SPILLWAY_OIDC_ROLES: 'admins=administrator,ops=operator',
      }),
    { scope: 'worker' },
  ],
});

test('a person signs in at the provider, confirms a command there, and loses access with their groups', async ({
  page,
  app,
  provider,
}) => {
  const budi = { email: 'budi@example.com', email_verified: true, name: 'Budi', groups: ['admins'] };
  provider.people.set('budi', budi);

  await test.step('the first sign-in creates their account, and opens the page that they asked for', async () => {
    await page.context().clearCookies();
    await page.goto('/settings');
    await expect(page.getByRole('button', { name: 'Sign in with Example ID' })).toBeVisible();
    await checkScreen(page);
    // What is cancelled there can be tried again, for the same page.
    await page.getByRole('button', { name: 'Sign in with Example ID' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByText('The provider refused the sign-in.')).toBeVisible();
    await expect(page).toHaveURL(`${app.baseURL}/sign-in?problem=sso.denied&next=%2Fsettings`);
    await checkScreen(page);
    await page.getByRole('button', { name: 'Sign in with Example ID' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('budi');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page).toHaveURL(`${app.baseURL}/settings`);
    await expect(page.getByRole('region', { name: 'Signed in' })).toContainText('budi@example.com');
    await expect(page.getByText('You sign in with Example ID.')).toBeVisible();
    await checkScreen(page);
  });

  await test.step('a command needs a new sign-in there, in a tab of its own', async () => {
    await ageSessions(app.dataDir, 6);
    const people = page.getByRole('region', { name: 'People' });
    await people.getByRole('button', { name: 'Invite person' }).click();
    const invite = page.getByRole('dialog', { name: 'Invite a person' });
    await invite.getByRole('textbox', { name: 'E-mail address' }).fill('dewi@example.com');
    await invite.getByRole('button', { name: 'Create set-up link' }).click();
    const dialog = page.getByRole('dialog', { name: "Confirm that it's you" });
    await expect(dialog.getByText('Example ID opens in a new tab')).toBeVisible();
    await checkScreen(page);
    const opened = page.context().waitForEvent('page');
    await dialog.getByRole('button', { name: 'Open Example ID' }).click();
    const other = await opened;
    await other.getByRole('textbox', { name: 'Name' }).fill('budi');
    await other.getByRole('button', { name: 'Log in' }).click();
    await expect(other.getByText('You have confirmed that it is you.')).toBeVisible();
    await checkScreen(other);
    await other.close();
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await expect(people.getByText(/\/set-up#/)).toBeVisible();
  });

  await test.step('a logout at the provider ends their session here', async () => {
    const cookies = await page.context().cookies(provider.issuer);
    const byName = new Map(cookies.map(({ name, value }) => [name, value]));
    expect(await provider.logOut(byName, app.baseURL)).toBe('accepted');
    await page.goto('/settings');
    await expect(page.getByRole('heading', { name: 'Sign in to Spillway' })).toBeVisible();
    await page.getByRole('button', { name: 'Sign in with Example ID' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('budi');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('region', { name: 'Signed in' })).toContainText('budi@example.com');
  });

  await test.step('without a group, the next sign-in is refused and their session ends', async () => {
    provider.people.set('budi', { ...budi, groups: [] });
    const other = await page.context().newPage();
    await other.goto('/sign-in');
    await other.getByRole('button', { name: 'Sign in with Example ID' }).click();
    await expect(other.getByText('Your groups at the provider give you no role in Spillway.')).toBeVisible();
    await checkScreen(other);
    await page.goto('/settings');
    await expect(page.getByRole('heading', { name: 'Sign in to Spillway' })).toBeVisible();
  });

  await test.step('an administrator of Spillway still signs in with a password', async () => {
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(administrator.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(administrator.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('region', { name: 'People' })).toContainText('budi@example.com');
  });
});
