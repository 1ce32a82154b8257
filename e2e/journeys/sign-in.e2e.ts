import { Secret, TOTP } from 'otpauth';
import { expect, type Page } from 'playwright/test';
import { ageSessions } from '@/testing/db/test-session-age';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';

test.use({ isSetUp: false });

const email = 'sari@example.com';
const password = 'three words and a number 7';

/** Answers the dialog that asks for a recent sign-in. */
async function confirmIdentity(page: Page, given: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: "Confirm that it's you" });
  await dialog.getByRole('textbox', { name: 'Your password' }).fill(given);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
}

test('the first administrator opens the set-up link, signs out, and signs in to the page that was asked for', async ({
  page,
  browser,
  request,
  app,
}) => {
  await test.step('nothing is served to someone who is not signed in', async () => {
    expect((await request.get('/api/read/navigation.count')).status()).toBe(401);
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
    await page.getByRole('textbox', { name: 'Password' }).fill('password1234');
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByText('This password is easy to guess')).toBeVisible();
    await checkScreen(page);
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

  await test.step('an administrator invites an operator, who can’t configure, and is signed out when removed', async () => {
    await page.goto('/settings');
    const people = page.getByRole('region', { name: 'People' });
    await ageSessions(app.dataDir, 6);
    await people.getByRole('button', { name: 'Invite person' }).click();
    const invite = page.getByRole('dialog', { name: 'Invite a person' });
    await invite.getByRole('textbox', { name: 'E-mail address' }).fill('budi@example.com');
    await invite.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'Operator' }).click();
    await checkScreen(page);
    await invite.getByRole('button', { name: 'Create set-up link' }).click();
    await confirmIdentity(page, 'not the right password');
    await expect(page.getByText('This password is wrong.')).toBeVisible();
    await checkScreen(page);
    await confirmIdentity(page, password);
    const link = await people.getByText(/\/set-up#/).textContent();
    await checkScreen(page);
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto(`${app.baseURL}${link?.slice(link.indexOf('/set-up'))}`);
    await other.getByRole('textbox', { name: 'Name' }).fill('Budi');
    await other.getByRole('textbox', { name: 'E-mail address' }).fill('budi@example.com');
    await other.getByRole('textbox', { name: 'Password' }).fill(password);
    await other.getByRole('button', { name: 'Create account' }).click();
    await expect(other.getByRole('heading', { name: 'Overview' })).toBeVisible();
    await other.goto(`${app.baseURL}/settings`);
    await expect(other.getByRole('region', { name: 'Signed in' })).toContainText('Operator');
    await expect(other.getByRole('region', { name: 'People' })).toHaveCount(0);
    await expect(other.getByText('Only administrators whose role has no limits can change')).toBeVisible();
    await expect(other.getByRole('button', { name: 'Save policies' })).toHaveCount(0);

    await page.reload();
    await people.getByRole('button', { name: 'Remove budi@example.com' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove budi@example.com?' });
    await checkScreen(page);
    await ageSessions(app.dataDir, 6);
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    // Esc closes only the dialog above: the command stays refused, in its own.
    await expect(page.getByRole('dialog', { name: "Confirm that it's you" })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog.getByText('This needs a sign-in within the last 5 minutes')).toBeVisible();
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await checkScreen(page);
    await confirmIdentity(page, password);
    await expect(people.getByText('budi@example.com')).toHaveCount(0);
    await expect(other.getByText('Your session has ended.')).toBeVisible();
    await checkScreen(other);
    await context.close();
    await people.getByRole('button', { name: `Remove ${email}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(page.getByText('This is the only administrator.')).toBeVisible();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('a program reads the metrics with a token until that is revoked', async () => {
    await page.goto('/settings');
    const panel = page.getByRole('region', { name: 'API tokens' });
    await panel.getByRole('button', { name: 'Create API token' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create an API token' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Prometheus');
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Create token' }).click();
    const token = await dialog.getByText(/^spw_/).textContent();
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(panel.getByRole('row', { name: 'Prometheus' })).toContainText('Viewer');
    await checkScreen(page);
    const headers = { authorization: `Bearer ${token}` };
    const metrics = await request.get('/api/metrics', { headers });
    expect(await metrics.text()).toContain('spillway_');
    expect((await request.get('/api/health', { headers })).status()).toBe(200);
    expect((await request.post('/api/plans/import', { headers, data: {} })).status()).toBe(422);
    const overview = await request.get('/api/v1/overview', { headers });
    expect(overview.status()).toBe(200);
    const refused = await request.post('/api/v1/emergency-stop', { headers, data: { reason: 'test' } });
    expect(await refused.json()).toMatchObject({ status: 403, code: 'role.notPermitted' });
    const other = await request.delete('/api/v1/tokens/9999', { headers });
    expect(await other.json()).toMatchObject({ status: 404, code: 'token.gone' });
    await page.goto('/api/v1/docs');
    await expect(page.getByRole('heading', { name: 'Spillway API' })).toBeVisible();
    await expect(page.getByText('POST /plans/{planId}/apply', { exact: true })).toBeVisible();
    await expect(page.locator('body')).toHaveCSS('max-width', '1024px');
    await page.goBack();
    await panel.getByRole('button', { name: 'Revoke Prometheus' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke API token' }).click();
    await expect(panel.getByText('No API tokens.')).toBeVisible();
    expect((await request.get('/api/metrics', { headers })).status()).toBe(401);
    expect((await request.get('/api/health/live')).status()).toBe(200);
  });

  await test.step('the audit log says who did what, and is exported', async () => {
    await page.goto('/settings');
    await page.getByRole('link', { name: 'Audit log' }).click();
    const entries = page.getByRole('list', { name: 'Entries' });
    await expect(entries.getByText('token.revoke').first()).toBeVisible();
    await checkScreen(page);
    await page.getByLabel('Operation').fill('user.remove');
    await page.getByLabel('Outcome').selectOption('Refused');
    await page.getByRole('button', { name: 'Filter entries' }).click();
    await expect(page).toHaveURL(/operation=user\.remove&outcome=refused/);
    // The newest: two others were refused before, because the sign-in was not recent.
    await expect(entries.getByRole('listitem')).toHaveCount(3);
    await entries.getByText('user.remove').first().click();
    await expect(entries).toContainText('user.lastAdministrator');
    await expect(entries).toContainText('127.0.0.1');
    await checkScreen(page);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export JSON lines' }).click();
    expect((await download).suggestedFilename()).toMatch(/^audit-\d+\.jsonl$/);
    await page.getByRole('link', { name: 'Clear' }).click();
    await expect(entries.getByText('audit.export')).toBeVisible();
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

  let recoveryCode = '';
  let secondRecoveryCode = '';
  await test.step('they set up a second factor, which the next sign-in asks for', async () => {
    await page.goto('/settings');
    const security = page.getByRole('region', { name: 'Sign-in and security' });
    await security.getByRole('button', { name: 'Set up second factor' }).click();
    const dialog = page.getByRole('dialog', { name: 'Set up a second factor' });
    await expect(
      dialog.getByRole('img', { name: 'QR code with the key of your second factor' }),
    ).toBeVisible();
    await checkScreen(page);
    const key = (await dialog.getByText(/^[A-Z2-7 ]{32,}$/).textContent()) ?? '';
    const secret = Secret.fromBase32(key.replaceAll(' ', ''));
    await dialog.getByRole('textbox', { name: 'Code' }).fill('000000');
    await dialog.getByRole('button', { name: 'Confirm code' }).click();
    await expect(dialog.getByText('This code is wrong or has expired.')).toBeVisible();
    // The code of the next 30 s is accepted for at least a minute, so that it is still known when it is sent again.
    const code = TOTP.generate({ secret, timestamp: Date.now() + 30_000 });
    await dialog.getByRole('textbox', { name: 'Code' }).fill(code);
    await dialog.getByRole('button', { name: 'Confirm code' }).click();
    const codes = security.getByRole('list', { name: 'Save these recovery codes now' });
    await expect(codes.getByRole('listitem')).toHaveCount(10);
    [recoveryCode = '', secondRecoveryCode = ''] = await codes.getByRole('listitem').allTextContents();
    await expect(security.getByText('10 recovery codes are left.')).toBeVisible();
    await checkScreen(page);

    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('textbox', { name: 'Code' }).fill(code);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('This code was already used.')).toBeVisible();
    await checkScreen(page);
    await page.getByRole('textbox', { name: 'Code' }).fill(recoveryCode);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
    await page.goto('/settings');
    await expect(security.getByText('9 recovery codes are left.')).toBeVisible();
  });

  await test.step('they change their password', async () => {
    const security = page.getByRole('region', { name: 'Sign-in and security' });
    await security.getByRole('button', { name: 'Change password' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change password' });
    await dialog.getByRole('textbox', { name: 'Current password' }).fill(password);
    await dialog.getByRole('textbox', { name: 'New password' }).fill('umbrella tax violin');
    await dialog.getByRole('textbox', { name: 'Code' }).fill(secondRecoveryCode);
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Change password' }).click();
    await expect(security.getByText('Your password is changed.')).toBeVisible();
  });

  await test.step('they require a second factor of everyone, and someone new sets one up before anything else', async () => {
    const people = page.getByRole('region', { name: 'People' });
    await people.getByRole('button', { name: 'Invite person' }).click();
    const invite = page.getByRole('dialog', { name: 'Invite a person' });
    await invite.getByRole('textbox', { name: 'E-mail address' }).fill('intan@example.com');
    await invite.getByRole('button', { name: 'Create set-up link' }).click();
    const link = (await people.getByText(/\/set-up#/).textContent()) ?? '';
    const setting = people.getByRole('checkbox', { name: 'Everyone needs a second factor' });
    await setting.click();
    await expect(setting).toBeChecked();
    await checkScreen(page);

    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto(`${app.baseURL}${link.slice(link.indexOf('/set-up'))}`);
    await other.getByRole('textbox', { name: 'Name' }).fill('Intan');
    await other.getByRole('textbox', { name: 'E-mail address' }).fill('intan@example.com');
    await other.getByRole('textbox', { name: 'Password' }).fill(password);
    await other.getByRole('button', { name: 'Create account' }).click();
    await expect(other.getByRole('heading', { name: 'Set up a second factor' })).toBeVisible();
    await checkScreen(other);
    expect((await other.request.get(`${app.baseURL}/api/read/navigation.count`)).status()).toBe(403);
    await other.goto(`${app.baseURL}/schedule`);
    await other.getByRole('button', { name: 'Set up second factor' }).click();
    const dialog = other.getByRole('dialog', { name: 'Set up a second factor' });
    const key = (await dialog.getByText(/^[A-Z2-7 ]{32,}$/).textContent()) ?? '';
    const secret = Secret.fromBase32(key.replaceAll(' ', ''));
    await dialog.getByRole('textbox', { name: 'Code' }).fill(TOTP.generate({ secret }));
    await dialog.getByRole('button', { name: 'Confirm code' }).click();
    const codes = other.getByRole('list', { name: 'Save these recovery codes now' });
    await expect(codes.getByRole('listitem')).toHaveCount(10);
    await checkScreen(other);
    await other.getByRole('button', { name: 'Continue' }).click();
    await expect(other.getByRole('heading', { name: 'Schedule', exact: true })).toBeVisible();
    await context.close();
  });
});
