import { expect, type Locator, type Page } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { accessSheet } from '../support/diversion-editor';
import { chooseOption, visitEditor } from '../support/split-editor';

const bare = "exports.main_handler = async () => 'Hello';\n";
const whole = "exports.main_handler = async () => ({ statusCode: 200, body: 'Hello CLB' });\n";

/** Deploys code under a name, and waits until the route uses that version. */
async function deploy(page: Page, sheet: Locator, code: string, version: number): Promise<void> {
  await sheet.getByRole('button', { name: 'Create function' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create function' });
  await dialog.getByRole('textbox', { name: 'Function name' }).fill('greeter');
  await chooseOption(dialog, 'Runtime', /Nodejs18\.15/);
  await dialog.getByRole('textbox', { name: 'Code of index.js' }).fill(code);
  await dialog.getByRole('button', { name: 'Deploy function' }).click();
  if (version > 1) {
    const asking = page.getByRole('dialog', { name: 'Replace the code of default/greeter?' });
    await asking.getByRole('button', { name: 'Replace code' }).click();
  }
  await expect(sheet.getByRole('combobox', { name: 'Backend' })).toContainText(`default/greeter:${version}`, {
    timeout: 30_000,
  });
}

/** Makes a test invocation of the chosen function, and waits for the result. */
async function testFunction(page: Page, sheet: Locator): Promise<Locator> {
  await sheet.getByRole('button', { name: 'Test function' }).click();
  const dialog = page.getByRole('dialog', { name: /^Test default\/greeter/ });
  await expect(dialog).toContainText('It gets the event of a GET for greet.example.co.id');
  await dialog.getByRole('button', { name: 'Invoke function' }).click();
  const outcome = sheet.getByRole('region', { name: 'Test result' });
  await expect(outcome).toBeVisible({ timeout: 30_000 });
  return outcome;
}

test('an operator makes a test invocation of a function before a plan routes traffic to it', async ({
  page,
}) => {
  const sheet = accessSheet(page);
  const backend = sheet.getByRole('combobox', { name: 'Backend' });

  await test.step('a new function has no test invocation', async () => {
    await visitEditor(page, 'access');
    const domain = sheet.getByRole('combobox', { name: 'Domain and DNS record' });
    await domain.fill('greet.example.co.id');
    await domain.press('Enter');
    await expect(sheet.getByText(/^lb-[\w-]+, HTTP:80/)).toBeVisible();
    await deploy(page, sheet, bare, 1);
    await expect(sheet.getByText('default/greeter:1 has not been tested.')).toBeVisible();
  });

  await test.step('a function that returns plain text is blocked with the reason', async () => {
    const outcome = await testFunction(page, sheet);
    await expect(outcome).toContainText('"Hello"');
    await expect(
      sheet.getByText(/default\/greeter:1 answered at .* with something that is not an object\./),
    ).toBeVisible();
    await expect(backend).toHaveAttribute('aria-invalid', 'true');
    await checkScreen(page);
    await sheet.getByRole('textbox', { name: 'Expected answer text' }).fill('Hello CLB');
    await expect(page.getByRole('button', { name: 'Review plan' })).toBeDisabled();
  });

  await test.step('a function with the integrated response format is not blocked', async () => {
    await deploy(page, sheet, whole, 2);
    await expect(sheet.getByText('default/greeter:2 has not been tested.')).toBeVisible();
    const outcome = await testFunction(page, sheet);
    await expect(outcome).toContainText('200');
    await expect(outcome).toContainText('Hello CLB');
    await expect(backend).not.toHaveAttribute('aria-invalid', 'true');
    await expect(sheet.getByText(/has not been tested/)).toHaveCount(0);
  });

  await test.step('the stored plan uses the test invocation', async () => {
    await page.getByRole('button', { name: 'Review plan' }).click();
    await page.waitForURL(/[?]plan=P-\d+/);
    await page.getByText(/checks? passed/).click();
    await expect(page.getByText(/default\/greeter:2 was tested at .*: status 200 in \d+ ms/)).toBeVisible();
  });
});
