import { expect, type Locator, type Page } from 'playwright/test';

type Kind = 'split' | 'switch' | 'access';

/** Opens the editor for a kind, optionally prefilled by an address; retries until the first sync of the estate. */
export async function visitEditor(page: Page, kind: Kind, asked: Record<string, string> = {}): Promise<void> {
  await expect(async () => {
    await page.goto(`/diversions/new?${new URLSearchParams({ kind, ...asked })}`);
    await expect(page.getByRole('radio', { name: kind })).toBeChecked({ timeout: 2000 });
  }).toPass();
}

/** Finds the two sides of the Split editor. */
export function findLanes(page: Page): { a: Locator; b: Locator } {
  return {
    a: page.getByRole('region', { name: 'Stays on servers' }),
    b: page.getByRole('region', { name: 'Goes to function' }),
  };
}

/** Waits until the server has checked the last change: its answer may add and remove routes, and so close a list. */
async function waitChecked(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}

/** Chooses an option of a field by its visible text; a list that the loading page has closed again is opened again. */
export async function chooseOption(lane: Locator, field: string, option: RegExp): Promise<void> {
  await waitChecked(lane.page());
  // Further routes may have a function of their own; that of all names stands last.
  const boxes = lane.getByRole('combobox', { name: field });
  const box = field === 'Backend' ? boxes.last() : boxes.first();
  if (['Load balancer', 'Listener', 'Forwarding rule'].includes(field)) await openRoutes(lane);
  const found = lane.page().getByRole('option', { name: option }).first();
  await expect(async () => {
    if ((await box.getAttribute('aria-expanded')) !== 'true') await box.click();
    await found.click({ timeout: 2000 });
  }).toPass();
}

/** Unfolds the routes of the names of a side. */
export async function openRoutes(side: Locator): Promise<void> {
  for (const edit of await side.getByText('Edit route').all()) {
    const isOpen = await edit.evaluate((node) => node.closest('details')?.open);
    if (isOpen !== true) await clickHydrated(edit);
  }
}

/** Unfolds what a diversion can do without. */
export async function openOptions(page: Page): Promise<void> {
  const options = page.getByText('More options', { exact: true });
  if ((await options.evaluate((node) => node.closest('details')?.open)) !== true)
    await clickHydrated(options);
}

/** Removes the route for HTTPS, which is proposed as well where a name is served by both. */
export async function keepHttp(side: Locator): Promise<void> {
  await expect(side.getByText(/HTTP:80 \+ HTTPS:443/)).toBeVisible();
  await waitChecked(side.page());
  await openRoutes(side);
  await side.getByRole('button', { name: 'Remove route 2' }).click();
  await expect(side.getByRole('region', { name: 'Route 1' })).toHaveCount(0);
}

async function typeDomain(lane: Locator, domain: string): Promise<void> {
  const field = lane.getByRole('combobox', { name: 'Domain and DNS record' });
  await field.fill(domain);
  await field.press('Enter');
}

/** Opens a new Split and fills lane A with the current route of the shop, lane B with the domain of the sale. */
export async function startSplit(page: Page): Promise<{ a: Locator; b: Locator }> {
  await visitEditor(page, 'split');
  const lanes = findLanes(page);
  await typeDomain(lanes.a, 'shop.example.co.id');
  await typeDomain(lanes.b, 'flash.example.co.id');
  // The sale's routes are proposed once the server has answered.
  await expect(lanes.b.getByText(/HTTP:80 \+ HTTPS:443/)).toBeVisible();
  return lanes;
}

/**
 * Acknowledges the outage that a plan predicts: the seed serves the sale by HTTP and HTTPS, the plan by only one of
 * them.
 */
export async function acknowledgeOutage(side: Locator): Promise<void> {
  const domain = 'flash.example.co.id';
  await side.getByLabel(`Type ${domain} to acknowledge this outage`).fill(domain);
  await side.getByRole('button', { name: 'Acknowledge outage' }).click();
  await expect(side.getByText(`Outage acknowledged for ${domain}`)).toBeVisible();
}

/** Fills the rest of lane B: the seed's function behind only the HTTP listener of lb-sin-flash. */
export async function fillSale(page: Page): Promise<void> {
  const { b } = findLanes(page);
  await keepHttp(b);
  await chooseOption(b, 'Backend', /storefront/);
  await b.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
  await acknowledgeOutage(b);
}

/** Creates the guide's function in the editor and waits until the lane has its first version. */
export async function fillFunction(page: Page, name: string): Promise<void> {
  const { b } = findLanes(page);
  await waitChecked(page);
  await b.getByRole('button', { name: 'Create function' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create function' });
  await dialog.getByRole('textbox', { name: 'Function name' }).fill(name);
  await dialog.getByRole('button', { name: 'Deploy function' }).click();
  await expect(b.getByRole('combobox', { name: 'Backend' }).last()).toContainText(`default/${name}:1`, {
    timeout: 30_000,
  });
}

/** Reviews the plan of the editor and submits it to the worker; ends on the page of the run. */
export async function reviewAndApply(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review plan' }).click();
  await page.getByRole('button', { name: 'Apply plan' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Apply plan' }).click();
  await page.waitForURL(/[?]run=R-\d+/);
}

/** Waits until React handles the events of an element. */
export async function waitHydrated(element: Locator): Promise<void> {
  const isHydrated = (node: Element) => Object.keys(node).some((key) => key.startsWith('__reactProps'));
  await expect.poll(() => element.evaluate(isHydrated)).toBe(true);
}

/** Clicks a button of a page that was just opened: before React has hydrated it, the click would be lost. */
export async function clickHydrated(button: Locator): Promise<void> {
  await waitHydrated(button);
  await button.click();
}

/** Presses a command on the run's page or in its menu, types a reason if there is a field for one, and confirms it. */
export async function sendCommand(page: Page, command: string, confirm: string, reason = ''): Promise<void> {
  const isInMenu = ['Skip wait', 'Re-plan', 'Leave as is'].includes(command);
  if (isInMenu) await chooseCommand(page, command);
  else await clickHydrated(page.getByRole('button', { name: command, exact: true }));
  // A notice of an earlier command may be a dialog as well.
  const field = page.getByRole('textbox', { name: 'Reason (optional)' });
  const dialog = page.getByRole('dialog').filter({ has: field });
  await field.fill(reason);
  const answered = awaitAction(page);
  await dialog.getByRole('button', { name: confirm }).click();
  await answered;
  // The command and its confirmation may have the same name.
  await expect(dialog).toBeHidden();
}

/** Resolves once the server has answered the next action: a dialog may close before. Called before the click. */
export async function awaitAction(page: Page): Promise<void> {
  await page.waitForResponse((response) => response.request().headers()['next-action'] !== undefined);
}

/** Opens a tab of a diversion's page. */
export async function openDiversionTab(page: Page, name: 'Now' | 'Changes' | 'Activity'): Promise<void> {
  const tab = page.getByRole('navigation', { name: 'Diversion' }).getByRole('link', { name });
  await tab.click();
  await expect(tab).toHaveAttribute('aria-current', 'page');
}

/** Returns the plan or run that the address of a diversion's page names. */
export function readShown(page: Page, kind: 'plan' | 'run'): string {
  return new URL(page.url()).searchParams.get(kind) ?? '';
}

/** Chooses a command of the page's menu. */
export async function chooseCommand(page: Page, command: string): Promise<void> {
  await clickHydrated(page.getByRole('button', { name: 'More commands' }));
  await page.getByRole('menuitem', { name: command }).click();
}

/** Rolls the run back and waits until it is rolled back. */
export async function rollback(page: Page): Promise<void> {
  await sendCommand(page, 'Roll back', 'Roll back run');
  await expect(runState(page)).toContainText('Rolled back', { timeout: 60_000 });
}

/** Finds the text of the run's state. */
export function runState(page: Page): Locator {
  return page.getByRole('status').first();
}
