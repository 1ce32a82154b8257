import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { chooseOption } from '../support/split-editor';

/** Returns the files below a folder that contain one of the texts, except those that are allowed to. */
function filesWith(folder: string, texts: readonly string[], allowed: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !allowed.includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const content = readFileSync(file);
      return texts.some((text) => content.includes(text));
    });
}

test('an administrator adds an account, tests its key, uses it, rotates and removes it, and no key leaks', async ({
  page,
  app: { sandbox, dataDir, output },
}) => {
  const [account] = sandbox.accounts;
  const key = (name: string) => {
    const found = account?.users.find((user) => user.name === name);
    if (found === undefined) throw new Error(`the sandbox has the user ${name}`);
    return found;
  };
  const [reviewer, operator] = [key('reviewer'), key('operator')];
  const secrets = [reviewer, operator].flatMap(({ secretId, secretKey }) => [secretId, secretKey]);
  const leaks: string[] = [];
  page.on('response', (response) => {
    response
      .text()
      .then((text) => {
        if (secrets.some((secret) => text.includes(secret))) leaks.push(response.url());
      })
      // A redirect has no body.
      .catch(() => {});
  });

  await page.goto('/settings');
  const panel = page.getByRole('region', { name: 'Connections' });
  const result = panel.getByRole('region', { name: 'Test of Review' });
  const rights = (feature: string) =>
    result.getByRole('row').filter({ has: page.getByRole('cell', { name: feature, exact: true }) });

  await test.step('adding it: a worker confirms the account and tests the key', async () => {
    await panel.getByRole('button', { name: 'Add connection' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a connection' });
    await chooseOption(dialog, 'Kind', /Sandbox/);
    await dialog.getByRole('textbox', { name: 'Account' }).fill('Review');
    await dialog.getByRole('textbox', { name: 'SecretId' }).fill('no id');
    await dialog.getByRole('button', { name: 'Add connection' }).click();
    await expect(dialog.getByText('Enter a SecretId:')).toBeVisible();
    await checkScreen(page);
    await dialog.getByRole('textbox', { name: 'SecretId' }).fill(reviewer.secretId);
    await dialog.getByLabel('SecretKey').fill(reviewer.secretKey);
    await dialog.getByRole('button', { name: 'Add connection' }).click();
    await expect(dialog).toBeHidden();
    await expect(rights('Load balancers')).toContainText('Granted');
    await expect(rights('Actors of changes')).toContainText('cloudaudit:DescribeEvents');
    await expect(rights('Move names in DNS')).toContainText('Read-only');
    await expect(panel.getByText('is also connected as')).toBeVisible();
    await result.getByText('Policy with the missing actions').click();
    await expect(result.getByText('"version": "2.0"')).toBeVisible();
    await checkScreen(page);
  });

  await test.step('using it: its estate is synced', async () => {
    await page.goto('/estate?connection=account-review');
    await expect(page.getByText('lb-sin-flash').first()).toBeVisible();
    await page.goto('/settings');
  });

  await test.step('rotating its key: a wrong one is refused, and the right one gives more rights', async () => {
    const rotate = async (secretId: string, secretKey: string) => {
      await panel.getByRole('button', { name: 'Rotate keys of Review' }).click();
      const dialog = page.getByRole('dialog', { name: 'Rotate the keys of Review' });
      await expect(dialog.getByLabel('SecretKey')).toHaveValue('');
      await dialog.getByRole('textbox', { name: 'SecretId' }).fill(secretId);
      await dialog.getByLabel('SecretKey').fill(secretKey);
      await chooseOption(dialog, 'Changes', /With the same key/);
      await checkScreen(page);
      await dialog.getByRole('button', { name: 'Rotate keys' }).click();
      await expect(dialog).toBeHidden();
    };
    await rotate(reviewer.secretId, 'a-wrong-secret-key');
    await expect(panel.getByText('AuthFailure.SignatureFailure').first()).toBeVisible();
    await checkScreen(page);
    await rotate(operator.secretId, operator.secretKey);
    await expect(rights('Bind functions')).toContainText('Granted');
    await expect(rights('Move names in DNS')).toContainText('dnspod:DeleteRecord');
    await expect(panel.getByText('AuthFailure.SignatureFailure')).toHaveCount(0);
  });

  await test.step('removing it', async () => {
    await panel.getByRole('button', { name: 'Remove Review' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove Review?' });
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Remove connection' }).click();
    await expect(panel.getByText('Review')).toHaveCount(0);
  });

  await test.step('its keys are in no response, export, log or file but those of the sandbox itself', async () => {
    const audit = await page.request.get('/api/audit/export');
    expect(audit.ok()).toBe(true);
    const exported = await audit.text();
    expect(exported).toContain('connection.rotateKeys');
    expect(secrets.filter((secret) => exported.includes(secret))).toEqual([]);
    expect(secrets.filter((secret) => output.join('\n').includes(secret))).toEqual([]);
    expect(leaks).toEqual([]);
    expect(filesWith(dataDir, secrets, ['connection.json', 'world.keys.json'])).toEqual([]);
  });
});
