import { readFile } from 'node:fs/promises';
import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { reviewSale } from '../support/schedule-dialog';

test('an operator rehearses a plan for too many requests, reads the verdict, and rehearses it for fewer', async ({
  page,
}) => {
  await reviewSale(page);
  const rehearsals = page.getByRole('region', { name: 'Rehearsals' });

  await test.step('a plan says what a rehearsal is, and starts one with a load, goals and faults', async () => {
    await expect(rehearsals.getByText(/^Not rehearsed yet/)).toBeVisible();
    await rehearsals.getByRole('button', { name: 'Rehearse plan' }).click();
    const dialog = page.getByRole('dialog', { name: 'Rehearse plan' });
    await dialog.getByLabel('Peak (req/s)').fill('many');
    await dialog.getByRole('button', { name: 'Start rehearsal' }).click();
    await expect(dialog.getByText('Enter a number of at least 0')).toBeVisible();
    await dialog.getByLabel('Peak (req/s)').fill('60000');
    await dialog.getByLabel('Seed').fill('7');
    await dialog.getByLabel('Worker crash').check();
    await dialog.getByLabel('Number of faults').fill('1');
    await dialog.getByRole('button', { name: 'Add command' }).click();
    await dialog.getByLabel('Minutes after T0 of command 1').fill('10');
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Start rehearsal' }).click();
    await page.waitForURL(/\/rehearsals\/H-\d+/);
  });

  await test.step('its report says which goals are missed, and what to change', async () => {
    await expect(page.getByText('The event misses its goals.')).toBeVisible({ timeout: 120_000 });
    const goals = page.getByRole('table', { name: 'Goals' });
    await expect(goals.getByRole('row', { name: /Lost requests/ })).toContainText('Missed');
    await expect(page.getByRole('region', { name: 'What to change' }).getByRole('listitem')).not.toHaveCount(
      0,
    );
    await expect(page.getByRole('table', { name: 'Faults' })).toContainText('Worker crash');
    await expect(page.getByRole('table', { name: 'Operator commands' })).toContainText('Roll back');
    await expect(page.getByRole('img', { name: /^Requests per second over time/ })).toBeVisible();
    await page.getByText('Figures as a table').click();
    await expect(page.getByRole('table', { name: 'Figures as a table' })).toBeVisible();
    await checkScreen(page);
  });

  const first = page.url();

  await test.step('the same plan meets its goals for fewer requests', async () => {
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: /^P-/ }).click();
    await page.waitForURL(/[?]plan=P-/);
    await rehearsals.getByRole('button', { name: 'Rehearse plan' }).click();
    const dialog = page.getByRole('dialog', { name: 'Rehearse plan' });
    await dialog.getByLabel('Peak (req/s)').fill('20');
    await dialog.getByLabel('Maximum p95 wait (ms)').fill('5000');
    await dialog.getByRole('button', { name: 'Start rehearsal' }).click();
    await page.waitForURL(/\/rehearsals\/H-\d+/);
    await expect(page.getByText('The event meets its goals.')).toBeVisible({ timeout: 120_000 });
  });

  await test.step('the two are compared, and the report is a file and a page to print', async () => {
    const id = new URL(first).pathname.split('/').at(-1) ?? '';
    await page.getByRole('combobox', { name: 'Compare with' }).click();
    await page.getByRole('option', { name: id }).click();
    await expect(
      page.getByRole('table', { name: 'Compare' }).getByRole('row', { name: /Result/ }),
    ).toContainText('Goals missed');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Report as JSON' }).click();
    const report: unknown = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    expect(report).toMatchObject({ verdict: 'met' });
    await page.getByRole('link', { name: 'Capacity of this event' }).click();
    await expect(page.getByRole('region', { name: 'Prediction' })).toBeVisible();
    await expect(page.getByLabel('Peak', { exact: true })).toHaveValue('20');
    await page.goBack();
    await page.getByRole('link', { name: 'Print report' }).click();
    await expect(page.getByRole('heading', { name: /: rehearsal H-\d+ of P-\d+, goals met/ })).toBeVisible();
    await checkScreen(page);
  });

  await test.step('advice on the capacity page is used in the diversion, whose next plan keeps instances warm', async () => {
    await page.goBack();
    await page.getByRole('link', { name: 'Capacity of this event' }).click();
    const advice = page.getByRole('region', { name: 'Advice' });
    await page.getByLabel('Peak', { exact: true }).fill('300');
    await page.getByLabel('Maximum p95 wait', { exact: true }).fill('100');
    await advice.getByRole('button', { name: 'Get advice' }).click();
    await expect(advice.getByText(/^Provision \d+ instances?, and start prewarm at/)).toBeVisible();
    await advice.getByRole('link', { name: /^Use in D-\d+/ }).click();
    await page.waitForURL(/\/diversions\/new/);
    await expect(page.getByText('Advice from Capacity is filled in.')).toBeVisible();
    await expect(page.getByLabel('Prewarm before T0', { exact: true })).toHaveValue(/^\d+$/);
    await expect(page.getByLabel('Warm instances (provisioned concurrency)')).toHaveValue(/^[1-9]\d*$/);
    await page.getByRole('button', { name: 'Review plan' }).click();
    await page.waitForURL(/[?]plan=P-\d+/);
    await expect(page.getByText(/\d+ warm instances?/).first()).toBeVisible();
  });

  await test.step('its schedule proposes the advised prewarm, and its page leads to the capacity of the event', async () => {
    await page.getByRole('button', { name: 'Schedule plan' }).click();
    const dialog = page.getByRole('dialog', { name: 'Schedule this plan' });
    await expect(dialog.getByText(/^The diversion asks for \d+ min/)).toBeVisible();
    await expect(dialog.getByLabel('Prewarm before T0')).toHaveValue(/^\d+ (h|min)/);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Capacity of this event' }).click();
    await expect(page.getByText(/^The event of /)).toBeVisible();
    await expect(page.getByRole('region', { name: 'Prediction' })).toBeVisible();
    await checkScreen(page);
    await page.goto('/capacity?plan=P-9999');
    await expect(page.getByText('Plan P-9999 does not exist.')).toBeVisible();
  });
});
