import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';

test.use({ appSettings: { SPILLWAY_SIGN_IN: 'on' } });

const email = 'sari@example.com';
const password = 'three words and a number 7';

test('the first administrator opens the set-up link, signs out, and signs in to the page that was asked for', async ({
  page,
  request,
  app,
}) => {
  await test.step('nothing is served to someone who is not signed in', async () => {
    expect((await request.get('/api/rail')).status()).toBe(401);
    await page.goto('/settings');
    await expect(page).toHaveURL(/\/sign-in\?next=%2Fsettings$/);
    await checkScreen(page);
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('The e-mail address or the password is wrong.')).toBeVisible();
    await checkScreen(page);
  });

  await test.step('the link that the start printed creates the first account', async () => {
    const link = () => app.output.join('\n').match(/http:\S+\/set-up#\S+/)?.[0] ?? '';
    await expect.poll(link).not.toBe('');
    await page.goto(link());
    await checkScreen(page);
    await page.getByRole('textbox', { name: 'Name' }).fill('Sari');
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await page.getByRole('textbox', { name: 'Password' }).fill('short');
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByText('Enter at least 12 characters.')).toBeVisible();
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  });

  await test.step('what they do bears their name', async () => {
    await page.getByRole('button', { name: 'Pause all changes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Pause all changes?' });
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Rehearsal');
    await dialog.getByRole('button', { name: 'Pause all changes' }).click();
    await expect(page.getByRole('region', { name: 'Paused' })).toContainText(email);
  });

  await test.step('a signed-out browser is led back to the page that it asked for', async () => {
    await page.goto('/settings');
    const panel = page.getByRole('region', { name: 'Signed in' });
    await expect(panel).toContainText(email);
    await expect(panel).toContainText('Administrator');
    await checkScreen(page);
    await panel.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in to Spillway' })).toBeVisible();
    await page.goto('/schedule');
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'Schedule', exact: true })).toBeVisible();
    await expect(page).toHaveURL(/\/schedule$/);
  });
});
