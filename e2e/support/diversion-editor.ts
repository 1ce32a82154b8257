import { expect, type Locator, type Page } from 'playwright/test';
import { chooseOption } from './split-editor';

/** Finds the one column of an Access. */
export function accessSheet(page: Page): Locator {
  return page.getByRole('region', { name: 'Published name' });
}

/** Finds both sides of a Switch. */
export function switchSides(page: Page): { cvm: Locator; fn: Locator } {
  return {
    cvm: page.getByRole('region', { name: 'On servers' }),
    fn: page.getByRole('region', { name: 'To function' }),
  };
}

/** Makes the plan create a public load balancer in Singapore, in the VPC that the account has there. */
export async function fillLoadBalancer(sheet: Locator, name: string): Promise<void> {
  await chooseOption(sheet, 'Load balancer', /Create load balancer/);
  const dialog = sheet.page().getByRole('dialog', { name: 'Create load balancer' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await chooseOption(dialog, 'Region', /ap-singapore/);
  // The only VPC of the region is already chosen.
  await expect(dialog.getByRole('combobox', { name: 'VPC' })).toContainText('vpc-');
  await dialog.getByRole('button', { name: 'Add to plan' }).click();
  await expect(sheet.getByRole('combobox', { name: 'Load balancer' })).toContainText(name);
}

/** Makes the plan create an HTTPS listener with the first certificate that is offered. */
export async function createHttpsListener(sheet: Locator): Promise<void> {
  await chooseOption(sheet, 'Listener', /Create listener/);
  const dialog = sheet.page().getByRole('dialog', { name: 'Create listener' });
  await dialog.getByRole('radio', { name: 'HTTPS' }).click();
  await dialog.getByRole('button', { name: 'Show certificates of this account' }).click();
  await sheet.page().getByRole('option').first().click();
  await dialog.getByRole('button', { name: 'Add to plan' }).click();
  await expect(sheet.getByRole('combobox', { name: 'Listener' })).toContainText('HTTPS:443');
}

/** Deploys the Node.js example under a name and an alias, and waits until the route uses it. */
export async function createNodeFunction(sheet: Locator, name: string, alias: string): Promise<void> {
  await sheet.getByRole('button', { name: 'Create function' }).click();
  const dialog = sheet.page().getByRole('dialog', { name: 'Create function' });
  await dialog.getByRole('textbox', { name: 'Function name' }).fill(name);
  await dialog.getByRole('textbox', { name: 'Alias' }).fill(alias);
  await chooseOption(dialog, 'Runtime', /Nodejs18\.15/);
  await expect(dialog.getByRole('textbox', { name: 'Code of index.js' })).toContainText(
    'exports.main_handler',
  );
  await dialog.getByRole('button', { name: 'Deploy function' }).click();
  await expect(sheet.getByRole('combobox', { name: 'Backend' })).toContainText(`default/${name}:${alias}`, {
    timeout: 30_000,
  });
}
