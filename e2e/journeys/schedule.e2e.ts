import { expect } from 'playwright/test';
import { test } from '../support/app';
import { expectAccessible } from '../support/expect-accessible';
import { reviewSale, submitCutover, typeCutover } from '../support/schedule-dialog';
import { revert, runState } from '../support/split-editor';

test('a plan is scheduled around a freeze window, shown on the schedule, and paused with all changes', async ({
  page,
}) => {
  const plan = await reviewSale(page);

  await test.step('a freeze window is added in the settings', async () => {
    const main = page.getByRole('navigation', { name: 'Main' });
    await main.getByRole('link', { name: 'Settings' }).click();
    const form = page.getByRole('form', { name: 'Add a change freeze' });
    await form.getByRole('button', { name: 'Add change freeze' }).click();
    await expect(form.getByText('Enter a name.')).toBeVisible();
    await form.getByRole('textbox', { name: 'Name' }).fill('Finance close');
    await form.getByRole('radio', { name: 'Every day' }).click();
    await form.getByLabel('From', { exact: true }).fill('00:00');
    await form.getByLabel('To', { exact: true }).fill('00:00');
    await form.getByRole('button', { name: 'Add change freeze' }).click();
    await expect(page.getByRole('table').getByRole('row', { name: /Finance close/ })).toContainText(
      'Every day 00:00 to 00:00 of the next day',
    );
    await expectAccessible(page);
  });

  await test.step('it is told before anything is sent, and refuses T0 at its field', async () => {
    await page.goto(plan);
    const dialog = await typeCutover(page, { t0S: 90, holdS: 60, prewarm: '50 s' });
    await expect(dialog.getByText('T0 is in a change freeze: Finance close')).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Schedule plan' }).click();
    await expect(dialog.getByRole('alert')).toContainText('The plan was not scheduled.');
    await expect(dialog.getByLabel('T0, divert: date')).toHaveAccessibleDescription(
      /A change freeze covers this time/,
    );
  });

  await test.step('once the window is removed the plan is scheduled', async () => {
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Remove Finance close' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove change freeze' }).click();
    await expect(page.getByText('No change freezes. Cutovers can move traffic at any time.')).toBeVisible();
    await page.goto(plan);
    await typeCutover(page, { t0S: 120, holdS: 60, prewarm: '80 s' });
    await submitCutover(page);
  });
  const run = page.url();

  await test.step('the schedule has it as a bar in its night and as a row', async () => {
    await page.getByRole('link', { name: 'Schedule' }).click();
    const week = page.getByRole('region', { name: 'Week by night' });
    await expect(week.getByRole('link', { name: /T0 .*, T1 / }).first()).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('radio', { name: 'List' }).click();
    const table = page.getByRole('table', { name: 'Upcoming and running' });
    await expect(table.getByRole('row')).toHaveCount(2);
    await expectAccessible(page);
    expect(run).toContain(await table.getByRole('link').getAttribute('href'));
  });

  await test.step('pausing all changes wants a reason, pauses the run, and is told on every page', async () => {
    await page.getByRole('button', { name: 'Pause all changes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Pause all changes?' });
    await dialog.getByRole('button', { name: 'Pause all changes' }).click();
    await expect(dialog.getByText('Enter a reason. Others will read it.')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Answers look odd');
    await dialog.getByRole('button', { name: 'Pause all changes' }).click();
    await expect(page.getByText('1 run pauses at its next safe point.')).toBeVisible();
    for (const path of ['/estate', '/plans', run]) {
      await page.goto(path);
      await expect(page.getByRole('region', { name: 'Paused' })).toContainText('“Answers look odd”');
    }
    await expect(runState(page)).toContainText('Paused', { timeout: 60_000 });
    await expectAccessible(page);
  });

  await test.step('the run can roll back all the same, and resuming changes wants a reason', async () => {
    await revert(page);
    await page
      .getByRole('region', { name: 'Paused' })
      .getByRole('button', { name: 'Resume changes' })
      .click();
    const resuming = page.getByRole('dialog', { name: 'Resume changes?' });
    await resuming.getByRole('textbox', { name: 'Reason' }).fill('All clear');
    await resuming.getByRole('button', { name: 'Resume changes' }).click();
    await expect(page.getByRole('region', { name: 'Paused' })).toBeHidden();
    await page.goto('/schedule');
    await expect(page.getByText('Pauses every run that applies changes')).toBeVisible();
  });

  await test.step('week, zone and view stand in the address: they outlive a reload, and Back undoes them', async () => {
    const heading = page.getByRole('heading', { level: 2 }).first();
    const thisWeek = (await heading.textContent()) ?? '';
    await page.getByRole('button', { name: 'Next week' }).click();
    await expect(heading).not.toHaveText(thisWeek);
    const weekAfter = (await heading.textContent()) ?? '';
    await page.getByRole('combobox', { name: 'Time zone' }).click();
    await page.getByRole('option', { name: /^Asia\/Tokyo/ }).click();
    await page.getByRole('radio', { name: 'List' }).click();
    await expect(page).toHaveURL(/\/schedule\?week=\d{4}-\d\d-\d\d&zone=Asia%2FTokyo&view=list$/);
    await page.reload();
    await expect(page.getByRole('radio', { name: 'List' })).toBeChecked();
    await expect(page.getByRole('combobox', { name: 'Time zone' })).toContainText('Asia/Tokyo');
    // After a reload the framework may load the page again for each of these, and cancel that for the next one at once:
    // only the destination matters.
    const back = () => page.evaluate(() => window.history.back());
    await back();
    await expect(heading).toHaveText(weekAfter);
    await expect(page).toHaveURL(/zone=Asia%2FTokyo$/);
    await back();
    await expect(page).toHaveURL(/\/schedule\?week=[\d-]+$/);
    await expect(page.getByRole('combobox', { name: 'Time zone' })).toContainText('UTC');
    await back();
    await expect(page).toHaveURL(/\/schedule$/);
    await expect(heading).toHaveText(thisWeek);
  });
});
