import { expect, type Locator, type Page } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { addAddress, colleague } from '../support/colleague';

/** Finds the row of a name on a load balancer. */
const row = (page: Page, name: string) =>
  page.getByRole('table', { name: 'Routes of the estate' }).getByRole('row', { name }).first();

/** The cell before health and focus. */
const weightCell = (found: Locator) => found.getByRole('cell').nth(-3);

test('a change by another actor appears without a refresh and with that actor, and the estate before it is unchanged', async ({
  page,
  app,
}) => {
  await page.goto('/estate?view=list');
  await expect(page.getByRole('table', { name: 'Routes of the estate' })).toBeVisible();
  const search = page.getByRole('searchbox', { name: 'Find in estate' });
  await search.fill('elsewhere');
  await addAddress(app.sandbox, 'elsewhere', '203.0.113.77');
  // The next partial sync finds it: SPILLWAY_SYNC_PARTS_S.
  await expect(page.getByRole('row', { name: /elsewhere\.example\.co\.id/ }).first()).toBeVisible({
    timeout: 45_000,
  });
  await search.fill('');
  await expect(page.getByText('DNS, lists and health as of')).toBeVisible();

  // Before the first sync, the empty state has a button with the same name.
  const refresh = page.getByRole('button', { name: 'Sync estate' }).first();
  await refresh.click();
  await expect(refresh).not.toHaveAttribute('aria-busy');
  const api = row(page, 'api.example.co.id');
  const weight = await weightCell(api).textContent();
  expect(weight).not.toBe('77');
  const before = new Date().toISOString();

  const other = colleague(app.sandbox, 'operator');
  const request = await other.setWeight(await other.ruleOf('lb-sin-api', 'api.example.co.id'), 77);
  await refresh.click();
  await expect(weightCell(api)).toHaveText('77', { timeout: 30_000 });

  await page.getByRole('link', { name: 'Changes' }).click();
  const change = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'api.example.co.id/' }) });
  await expect(change).toContainText('weight 77');
  // The cloud's audit log is queried after the snapshot is stored.
  await expect(change).toContainText('operator', { timeout: 40_000 });
  await expect(change).toContainText('ModifyTargetWeight');
  await expect(change.getByRole('button', { name: `Copy ${request}` })).toBeVisible();
  await checkScreen(page);

  // The address of a moment shows the estate at that time, without actions.
  await page.goto(`/estate?view=list&connection=sandbox-niaga&at=${before}`);
  await expect(page.getByText(/You are viewing the estate as of/)).toBeVisible();
  await expect(weightCell(api)).toHaveText(weight ?? '');
  await expect(page.getByRole('link', { name: 'New diversion' })).toHaveCount(0);
  await expect(refresh).toHaveCount(0);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect(weightCell(api)).toHaveText('77');
  expect(page.url()).not.toContain('at=');

  // Bindings show when they last changed.
  await page.goto('/bindings?q=api.example.co.id');
  const binding = page
    .getByRole('table', { name: 'Bindings' })
    .getByRole('row', { name: /lb-sin-api HTTP:80/ });
  await expect(binding.getByText('None seen')).toHaveCount(0);
});
