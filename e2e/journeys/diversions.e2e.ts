import { expect, type Page, type Request } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { reviewSale } from '../support/schedule-dialog';
import {
  chooseCommand,
  openDiversionTab,
  openOptions,
  readShown,
  rollback,
  runState,
} from '../support/split-editor';

/**
 * Holds the answer of the next action back, as a slow network does.
 * @returns lets it arrive
 */
async function holdAction(page: Page): Promise<() => Promise<void>> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isAction = (url: URL) => url.origin === new URL(page.url()).origin;
  await page.route(isAction, async (route) => {
    if (route.request().headers()['next-action'] === undefined) return route.fallback();
    const response = await route.fetch();
    await released;
    await route.fulfill({ response });
  });
  return async () => {
    const isOfAction = (request: Request) => request.headers()['next-action'] !== undefined;
    // React may cancel a response whose data it has read, and `Response.finished()` waits forever for a canceled one.
    const answered = Promise.race([
      page.waitForEvent('requestfinished', isOfAction),
      page.waitForEvent('requestfailed', isOfAction),
    ]);
    release();
    expect(await (await answered).response()).not.toBeNull();
    await page.unroute(isAction);
  };
}

test('a diversion is planned, edited, applied, rolled back, duplicated and discarded', async ({ page }) => {
  await reviewSale(page);
  const first = readShown(page, 'plan');
  const id =
    (await page
      .getByRole('navigation', { name: 'Breadcrumb' })
      .getByText(/^D-\d+$/)
      .textContent()) ?? '';
  let second = '';

  await test.step('editing creates the next revision, which supersedes the first one', async () => {
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await expect(page.getByText(`Editing ${id}`)).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Expected answer text' })).toHaveValue('Flash sale');
    await page.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash');
    await page.getByRole('button', { name: 'Review plan' }).click();
    await page.waitForURL(({ searchParams }) => ![null, first].includes(searchParams.get('plan')));
    second = readShown(page, 'plan');
    await expect(
      page.getByRole('region', { name: 'Changes since revision 1' }).getByRole('list', { name: 'Added' }),
    ).toContainText('body contains “Flash”');
    await checkScreen(page);
    await page.goto(`/plans/${first}`);
    await expect(page.getByText(`This revision is superseded by ${second}`)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Apply plan' })).toHaveCount(0);
    await page.getByRole('link', { name: second }).first().click();
  });

  await test.step('what another tab saves meanwhile is not replaced, and the input of this one is kept', async () => {
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    const peak = (tab: Page) => tab.getByRole('textbox', { name: 'Peak requests per second' });
    const save = (tab: Page) => tab.getByRole('button', { name: 'Save draft' }).click();
    await openOptions(page);
    await peak(page).fill('700');
    const other = await page.context().newPage();
    await other.goto(page.url());
    await openOptions(other);
    await peak(other).fill('900');
    await save(other);
    await other.waitForURL(`**/diversions/${id}`);
    await other.close();
    await save(page);
    await expect(page.getByText(`${id} was changed after it was opened here.`)).toBeVisible();
    await checkScreen(page);
    await page.reload();
    await expect(peak(page)).toHaveValue('900');
    await page.getByRole('button', { name: 'Restore' }).click();
    await expect(peak(page)).toHaveValue('700');
    await save(page);
    await page.waitForURL(`**/diversions/${id}`);
    await page.goto(`/plans/${second}`);
  });

  await test.step('a draft that is saved after its editor was left does not leave the next page', async () => {
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    const save = page.getByRole('button', { name: 'Save draft' });
    await expect(save).toBeEnabled();
    const answer = await holdAction(page);
    await save.click();
    await page.getByRole('link', { name: 'Schedule' }).first().click();
    await expect(page.getByRole('heading', { name: 'Schedule', level: 1 })).toBeVisible();
    await answer();
    // Whatever the answer leads to has begun once the page reacts to the next key.
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page).toHaveURL(/\/schedule$/);
    await page.goto(`/plans/${second}`);
  });

  await test.step('a finding links to its field in the editor, which is marked', async () => {
    const link = page
      .getByRole('region', { name: 'Preflight' })
      .getByRole('link', { name: /^Edit / })
      .first();
    await link.click();
    await page.waitForURL(/field=/);
    await expect(page.locator('[data-marked]')).toHaveCount(1);
    await checkScreen(page);
    await page.goto(`/plans/${second}`);
  });

  await test.step('its schedule is changed and canceled before it begins, and the plan is kept', async () => {
    await page.getByRole('button', { name: 'Schedule plan' }).click();
    const first = page.getByRole('dialog', { name: 'Schedule this plan' });
    await first.getByLabel('Prewarm before T0').fill('60 s');
    await first.getByRole('button', { name: 'Schedule plan' }).click();
    await page.waitForURL(/[?]run=R-\d+/);
    await expect(runState(page)).toContainText('Scheduled', { timeout: 60_000 });
    await page.getByRole('link', { name: 'Reschedule' }).click();
    const other = page.getByRole('dialog', { name: 'Reschedule this run' });
    await other.getByLabel('Prewarm before T0').fill('90 s');
    await checkScreen(page);
    await other.getByRole('button', { name: 'Reschedule' }).click();
    await expect(other.getByText('Enter a reason. Others will read it.')).toBeVisible();
    await other.getByLabel('Reason').fill('Stock is late');
    await other.getByRole('button', { name: 'Reschedule' }).click();
    await page.waitForURL(/[?]run=R-\d+/);
    await expect(runState(page)).toContainText('Scheduled', { timeout: 60_000 });
    await page.getByRole('button', { name: 'Cancel schedule' }).click();
    const cancel = page.getByRole('dialog', { name: /^Cancel the schedule of R-/ });
    await cancel.getByLabel('Reason').fill('Sale is off');
    await checkScreen(page);
    await cancel.getByRole('button', { name: 'Cancel schedule' }).click();
    await expect(cancel).toHaveCount(0);
    await openDiversionTab(page, 'Activity');
    const activity = page.getByRole('table', { name: 'Activity' });
    await expect(activity.getByRole('row').filter({ hasText: 'Rescheduled' })).toContainText('Stock is late');
    await expect(activity.getByRole('row').filter({ hasText: 'Sale is off' }).first()).toContainText(
      'sari@example.com',
    );
    await page.goto(`/plans/${second}`);
    await expect(page.getByRole('button', { name: 'Schedule plan' })).toBeEnabled();
  });

  await test.step('its run belongs to it, and the list shows its state', async () => {
    await page.getByRole('button', { name: 'Apply plan' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Apply plan' }).click();
    await page.waitForURL(/[?]run=R-\d+/);
    await expect(runState(page)).toContainText('Applied with acknowledged outage', { timeout: 60_000 });
    await page.goto(`/diversions?q=${id}`);
    const row = page.getByRole('table', { name: 'Diversions' }).getByRole('row').filter({ hasText: id });
    await expect(row).toContainText('Applied with acknowledged outage');
    await checkScreen(page);
    await row.getByRole('link').first().click();
    await openDiversionTab(page, 'Activity');
  });

  await test.step('its activity has every event with its request id, and can be filtered', async () => {
    const activity = page.getByRole('table', { name: 'Activity' });
    await expect(activity.getByRole('row').filter({ hasText: 'Revision 2 planned' })).toBeVisible();
    await expect(activity.getByRole('row').filter({ hasText: 'Apply requested' }).first()).toContainText(
      'sari@example.com',
    );
    await expect(activity.getByRole('row').filter({ hasText: 'Call accepted' }).first()).toContainText(
      'request ',
    );
    await page.getByRole('combobox', { name: 'Filter events' }).click();
    await page.getByRole('option', { name: 'By people' }).click();
    await expect(activity.getByRole('row').filter({ hasText: 'Call accepted' })).toHaveCount(0);
    expect(page.url()).toContain('only=people');
    await checkScreen(page);
    const exported = await page.request.get(`/api/diversions/${id}/activity?download`);
    expect((await exported.json()).diversionId).toBe(id);
    await page.getByRole('link', { name: 'Post-mortem' }).click();
    await expect(page.getByRole('heading', { level: 1, name: /^Post-mortem: / })).toBeVisible();
    await expect(page.getByRole('region', { name: /^Run R-/ })).toContainText('still in effect');
    await checkScreen(page);
    await page.getByRole('link', { name: `Back to ${id}` }).click();
  });

  await test.step('after the rollback it is duplicated as a draft; both are discarded', async () => {
    await rollback(page);
    await chooseCommand(page, 'Duplicate');
    await page.waitForURL(/diversion=D-\d+/);
    await expect(page.getByRole('textbox', { name: 'Diversion name' })).toHaveValue(/^Copy of /);
    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.waitForURL(/\/diversions\/D-\d+$/);
    await expect(page.getByText('This diversion has no plan yet.')).toBeVisible();
    for (const address of [page.url(), `/diversions/${id}`]) {
      await page.goto(address);
      await chooseCommand(page, 'Discard');
      await page.getByRole('dialog').getByRole('button', { name: 'Discard diversion' }).click();
      await expect(page.getByText(/^Discarded .* by Sari Wijaya \(sari@example.com\)/)).toBeVisible();
    }
    await page.goto('/plans');
    await page.waitForURL(/\/diversions$/);
    await expect(page.getByRole('row').filter({ hasText: id })).toHaveCount(0);
  });
});
