import { expect, type Page } from 'playwright/test';
import { test } from '../support/app';
import { expectAccessible } from '../support/expect-accessible';
import { reviewSale, submitCutover, typeCutover } from '../support/schedule-dialog';
import { chooseOption, startSplit } from '../support/split-editor';

const hour = 3600;
// Any plan moves more than this, which shows that the setting is applied.
test.use({ appSettings: { SPILLWAY_MAX_SHARE_PERCENT: '1' } });
/** Finds the text of the review for a check that did not pass. */
const said = (page: Page, check: string) => page.getByRole('listitem').filter({ hasText: check }).first();

test('a plan is checked against other plans, as a share of the estate, and at its expected peak', async ({
  page,
}) => {
  await test.step('one plan is on the clock', async () => {
    await reviewSale(page);
    await expect(said(page, 'Blast radius')).toContainText('Moving more than 1 % at once');
    const blast = page.getByRole('region', { name: 'Blast radius' });
    await expect(blast.getByRole('row', { name: /flash\.example\.co\.id 2 s 2 s/ })).toBeVisible();
    // Measured by the worker in the meantime.
    await expect(blast.getByText(/^HTTP:80 of lb-jkt-shop, for /)).toBeVisible();
    await expect(blast.getByText(/requests\/s$/).first()).toBeVisible();
    await typeCutover(page, { t0S: hour, holdS: hour });
    await submitCutover(page);
  });

  await test.step('the next one on the same name is told of it while it is made, and of its peak', async () => {
    const { b } = await startSplit(page);
    await chooseOption(b, 'Load balancer', /lb-sin-flash/);
    await chooseOption(b, 'Listener', /HTTP:80/);
    await chooseOption(b, 'Backend', /storefront/);
    await b.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
    await expect(b.getByText('is scheduled to change flash.example.co.id', { exact: false })).toBeVisible();
    const peak = page.getByRole('region', { name: 'Expected peak' });
    await peak.getByRole('textbox').fill('9000');
    await expect(peak.getByText('is shared and guarantees only 5,000 req/s.')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Review plan' }).click();
    await page.waitForURL(/\/plans\/P-\d+/);
    await expect(said(page, 'Plan overlap')).toContainText('is scheduled to change flash.example.co.id');
    await expect(said(page, 'Peak load')).toContainText('guarantees only 5,000 req/s');
  });

  await test.step('its own clock is told what it meets before it is confirmed, and refused there all the same', async () => {
    const dialog = await typeCutover(page, { t0S: hour + 600, holdS: hour });
    const stops = dialog.getByText('A check blocks the plan at these times');
    await expect(stops).toBeVisible();
    await expect(dialog.getByText(/will be changing flash\.example\.co\.id.* at that time/)).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Schedule plan' }).click();
    await expect(dialog.getByRole('alert')).toContainText('Choose another time');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await typeCutover(page, { t0S: 4 * hour, holdS: hour });
    await expect(stops).toBeHidden();
    await submitCutover(page);
  });
});
