import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { reviewSale } from '../support/schedule-dialog';
import { chooseCommand, chooseOption, openDiversionTab } from '../support/split-editor';

/** Half a day from now, so that three occurrences begin within three days at any time of day. */
const first = new Date(Date.now() + 12 * 3_600_000);
const last = new Date(first.getTime() + 3_600_000);
const [date = '', start = ''] = first.toISOString().slice(0, 16).split('T');
const [lastDate = '', end = ''] = last.toISOString().slice(0, 16).split('T');

test('the occurrences of a diversion are scheduled ahead, shown on all pages, and stopped', async ({
  page,
}) => {
  await reviewSale(page);
  await chooseCommand(page, 'Repeat');
  await page.waitForURL(/tab=activity$/);
  const series = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const panel = page.getByRole('region', { name: 'Recurrence' });
  const occurrences = page.getByRole('table', { name: 'Occurrences' }).getByRole('row');

  await test.step('the rule is set, with a preview of its occurrences', async () => {
    await panel.getByRole('button', { name: 'Repeat' }).click();
    const dialog = page.getByRole('dialog', { name: `Repeat ${series}` });
    await chooseOption(dialog, 'Time zone', /^UTC/);
    await dialog.getByLabel('First date').fill(date);
    await dialog.getByLabel('T0 (starts)').fill(start);
    await dialog.getByLabel('T1 (rolls back)').fill(end);
    await chooseOption(dialog, 'Day of T1', date === lastDate ? /^The same day/ : /^The next day/);
    await dialog.getByLabel('Create ahead (days)').fill('3 days');
    await dialog.getByLabel('Reason').fill('Evening sale');
    await dialog.getByRole('button', { name: 'Repeat diversion' }).click();
    await expect(dialog.getByText('Enter a number of days from 1 to 60.')).toBeVisible();
    await dialog.getByLabel('Create ahead (days)').fill('3');
    await expect(dialog.getByRole('region', { name: 'Next occurrences' }).getByRole('listitem')).toHaveCount(
      5,
    );
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Repeat diversion' }).click();
    await expect(dialog).toBeHidden();
    await expect(panel.getByText(`Every day, ${start} to ${end}`)).toBeVisible();
  });

  await test.step('the worker creates and schedules the occurrences that are due', async () => {
    await expect(occurrences.filter({ hasText: 'Scheduled' })).toHaveCount(3, { timeout: 60_000 });
    await checkScreen(page);
  });

  await test.step('the list of diversions marks them and can show only them', async () => {
    await page.goto('/diversions');
    const list = page.getByRole('table', { name: 'Diversions' });
    await expect(list.getByRole('row', { name: /Repeats/ })).toHaveCount(1);
    await chooseOption(page.locator('main'), 'Recurrence', /^Occurrences/);
    await expect(list.getByText('Occurrence of')).toHaveCount(3);
    await checkScreen(page);
  });

  await test.step('the schedule shows them, and outlines future ones', async () => {
    await page.goto('/schedule');
    const week = page.getByRole('region', { name: 'Week by night' });
    await page.getByRole('button', { name: 'Next week' }).click();
    await expect(week.getByRole('link', { name: /not created yet/ }).first()).toBeVisible();
    await checkScreen(page);
    await page.getByRole('radio', { name: 'List' }).click();
    const coming = page.getByRole('table', { name: 'Occurrences to come, not created yet' });
    await expect(coming.getByRole('link', { name: /./ }).first()).toHaveAttribute(
      'href',
      `/diversions/${series}`,
    );
    await checkScreen(page);
  });

  await test.step('an occurrence links to its series, where the recurrence is stopped', async () => {
    await page.goto(`/diversions/${series}?tab=activity`);
    await occurrences.getByRole('link').first().click();
    await page.waitForURL(({ pathname }) => !pathname.endsWith(series));
    await openDiversionTab(page, 'Activity');
    await expect(panel.getByText(/^Occurrence of/)).toBeVisible();
    await panel.getByRole('link', { name: series }).click();
    await panel.getByRole('button', { name: 'Change recurrence' }).click();
    const change = page.getByRole('dialog', { name: `Repeat ${series}` });
    const later = new Date(first.getTime() + 30 * 86_400_000).toISOString();
    await change.getByLabel('First date').fill(later.slice(0, 10));
    await expect(
      change.getByRole('region', { name: 'Canceled occurrences' }).getByRole('listitem'),
    ).toHaveCount(3);
    await checkScreen(page);
    await change.getByRole('button', { name: 'Cancel' }).click();
    await expect(change).toBeHidden();
    await panel.getByRole('button', { name: 'Stop recurrence' }).click();
    const stop = page.getByRole('dialog', { name: `Stop the recurrence of ${series}?` });
    await expect(stop.getByRole('radio', { name: 'Cancel them' })).toBeChecked();
    await checkScreen(page);
    await stop.getByLabel('Reason').fill('The sale is over');
    await stop.getByRole('button', { name: 'Stop recurrence' }).click();
    await expect(panel.getByText('Stopped', { exact: true })).toBeVisible();
    const stopped = page
      .getByRole('table', { name: 'Activity' })
      .getByRole('row', { name: /Recurrence stopped/ });
    await expect(stopped).toContainText('The sale is over');
    await expect(panel.getByText('No occurrences yet.')).toBeVisible();
    await page.goto('/schedule');
    await expect(page.getByRole('link', { name: /not created yet/ })).toHaveCount(0);
  });
});
