import { expect, type Locator, type Page } from 'playwright/test';
import { acknowledgeOutage, chooseOption, keepHttp, runState } from './split-editor';

/** Opens the page of a Switch and finds its row. */
export async function openRow(page: Page, domain: string): Promise<Locator> {
  await page.goto('/failover');
  return page.getByRole('article', { name: domain });
}

/** Adds the sale's domain to the board: its servers in Jakarta, the seed's function in Singapore. */
export async function addSale(page: Page): Promise<void> {
  const cvm = page.getByRole('region', { name: 'On servers' });
  // Before the first sync, the page of a new Switch links to the estate.
  await expect(async () => {
    await page.goto('/estate');
    await page.getByRole('link', { name: 'Failover' }).click();
    await page.getByRole('link', { name: 'New Switch' }).click();
    await expect(cvm).toBeVisible({ timeout: 2000 });
  }).toPass();
  const fn = page.getByRole('region', { name: 'To function' });
  const domain = cvm.getByRole('combobox', { name: 'Domain and DNS record' });
  await domain.fill('flash.example.co.id');
  await domain.press('Enter');
  await keepHttp(cvm);
  await keepHttp(fn);
  await chooseOption(fn, 'Backend', /storefront/);
  await fn.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
  await acknowledgeOutage(fn);
  await page.getByRole('button', { name: 'Add Switch' }).click();
  await page.waitForURL(/\/failover$/);
}

/** Arms and confirms the switch control by two presses of Enter; ends on the page of the run when it is done. */
export async function pressControl(row: Locator, side: 'CVM' | 'SCF'): Promise<void> {
  const page = row.page();
  const arm = row.getByRole('button', { name: 'Arm switch' });
  await expect(arm).toBeEnabled({ timeout: 30_000 });
  await arm.press('Enter');
  const control = row.getByRole('button', { name: `Switch to ${side}` });
  await expect(control).toBeFocused();
  await page.keyboard.press('Enter');
  const refusal = row.getByRole('alert');
  const refused = refusal.waitFor({ timeout: 0 }).then(async () => {
    throw new Error(`The move was refused: ${await refusal.textContent()}`);
  });
  await Promise.race([page.waitForURL(/[?]run=R-\d+/), refused]);
  // The function has no HTTPS listener, the servers have one.
  const state = side === 'SCF' ? 'Applied with acknowledged outage' : 'In effect';
  await expect(runState(page)).toContainText(state, { timeout: 60_000 });
}

/** Enables failover with limits that let it decide within seconds. */
export async function enableFailover(row: Locator): Promise<void> {
  await row.getByRole('button', { name: 'Enable failover' }).click();
  const dialog = row.page().getByRole('dialog');
  const fields = {
    'Probes that must fail': '2',
    'of the last': '3',
    'Probe every': '1',
    'Time between moves': '0',
  };
  for (const [name, value] of Object.entries(fields)) await dialog.getByRole('textbox', { name }).fill(value);
  await dialog.getByRole('button', { name: 'Enable failover' }).click();
  await expect(dialog).toBeHidden();
}
