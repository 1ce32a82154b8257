import { expect, type Locator, type Page } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { findLanes, waitHydrated } from '../support/split-editor';

/** Counts the keys that a keyboard user presses. */
function keyboard(page: Page) {
  let count = 0;
  const press = async (key: string) => {
    count += 1;
    await page.keyboard.press(key);
  };
  const type = async (text: string) => {
    for (const key of text) await press(key);
  };
  const hasFocus = (target: Locator) =>
    target.evaluate(
      (element) => element === document.activeElement || element.contains(document.activeElement),
    );
  return {
    count: () => count,
    press,
    type,
    /** Moves the focus forward to a control. */
    async tabTo(target: Locator, most = 60): Promise<void> {
      // Tab skips a control that is disabled, for example until a check is answered.
      await expect(target).toBeEnabled();
      for (let tries = 0; tries < most && !(await hasFocus(target)); tries += 1) await press('Tab');
      await expect(target).toBeFocused();
    },
    /** Opens the focused select and chooses the option that begins with a text. */
    async choose(text: string): Promise<void> {
      await press('Enter');
      await expect(page.getByRole('option').first()).toBeVisible();
      await type(text);
      await press('Enter');
      await expect(page.getByRole('option')).toHaveCount(0);
    },
  };
}

test('an operator navigates and plans the first Split by keyboard only', async ({ page }) => {
  const keys = keyboard(page);
  await page.goto('/estate');
  await expect(page.getByText('flash.example.co.id').first()).toBeVisible();
  // Keys that are pressed earlier are lost: the palette's button is part of the same component as the shortcuts.
  await waitHydrated(page.getByRole('button', { name: 'Search and commands' }));

  await test.step('g and a letter open a page and focus its content', async () => {
    await keys.type('gd');
    await expect(page).toHaveURL(/\/diversions$/);
    await expect(page.getByRole('main')).toBeFocused();
    await keys.type('gs');
    await expect(page).toHaveURL(/\/schedule$/);
  });

  await test.step('? lists the shortcuts, and the focus returns', async () => {
    await keys.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(help.getByRole('row', { name: /New diversion/ })).toBeVisible();
    await checkScreen(page);
    await keys.press('Escape');
    await expect(help).toBeHidden();
  });

  await test.step('the palette finds an object of the estate and opens it', async () => {
    await keys.press('Control+k');
    const input = page.getByRole('combobox', { name: 'Search and commands' });
    await expect(input).toBeFocused();
    await keys.type('lb-sin-flash');
    await expect(page.getByRole('option', { name: /lb-sin-flash/ })).toBeVisible();
    await checkScreen(page);
    await keys.press('Enter');
    await expect(page).toHaveURL(/\/estate\?.*node=lb/);
  });

  await test.step('an action of the palette opens its dialog, and Esc leaves it', async () => {
    await keys.press('Control+k');
    await expect(page.getByRole('combobox', { name: 'Search and commands' })).toBeFocused();
    await keys.type('pause all');
    await keys.press('Enter');
    const dialog = page.getByRole('dialog', { name: /Pause all changes/ });
    await expect(dialog).toBeVisible();
    await keys.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('the first field of the first Split is set after less than 60 keys', async () => {
    const before = keys.count();
    await keys.press('n');
    const { a } = findLanes(page);
    await expect(a).toBeVisible();
    // The navigation has moved the focus: before, Tab passes the links of the frame.
    await expect(page.getByRole('main')).toBeFocused();
    const domain = a.getByRole('combobox', { name: 'Domain and DNS record' });
    await keys.tabTo(domain);
    await keys.type('shop.example.co.id');
    await keys.press('Enter');
    await expect(domain).toHaveValue('shop.example.co.id');
    expect(keys.count() - before).toBeLessThan(60);
  });

  await test.step('the rest is filled in and reviewed by keyboard', async () => {
    const { b } = findLanes(page);
    await keys.tabTo(b.getByRole('combobox', { name: 'Domain and DNS record' }));
    await keys.type('flash.example.co.id');
    await keys.press('Enter');
    await expect(b.getByText(/^lb-sin-flash, /)).toBeVisible();
    await keys.tabTo(b.getByRole('combobox', { name: 'Backend' }));
    await keys.choose('flash/storefront');
    await keys.tabTo(b.getByRole('textbox', { name: 'Expected answer text' }));
    await keys.type('Flash sale');
    await keys.tabTo(page.getByRole('button', { name: 'Review plan' }));
    await keys.press('Enter');
    await expect(page).toHaveURL(/[?]plan=P-/);
    await expect(page.getByRole('main')).toBeFocused();
  });
});

test('a calendar program can read the schedule until its feed is revoked', async ({ page, request }) => {
  await page.goto('/settings');
  const panel = page.getByRole('region', { name: 'Calendar feeds' });
  await panel.getByRole('textbox', { name: 'Name' }).fill('Ops calendar');
  await panel.getByRole('button', { name: 'Create calendar feed' }).click();
  const address = await panel
    .getByRole('status')
    .getByText(/schedule\.ics/)
    .textContent();
  const first = await request.get(address ?? '');
  expect(first.status()).toBe(200);
  expect(await first.text()).toMatch(/^BEGIN:VCALENDAR\r\n/);
  await panel.getByRole('button', { name: 'Revoke Ops calendar' }).click();
  await page.getByRole('button', { name: 'Revoke calendar feed' }).click();
  await expect(panel.getByText('No calendar feeds.')).toBeVisible();
  expect((await request.get(address ?? '')).status()).toBe(404);
});

/** A name as long as it may be, without a place to break it. */
const longName = 'Settlement_of_all_regions_'.padEnd(80, '2026');

/** Returns the edges of an element in the window. */
const readBox = (target: Locator) =>
  target.evaluate((element) => {
    const { top, right, bottom } = element.getBoundingClientRect();
    return { top, right, bottom, width: document.documentElement.clientWidth };
  });

test('Undo restores a removed change freeze or says that it could not, and all times are in the chosen zone after a reload', async ({
  page,
  context,
}) => {
  await page.goto('/settings');
  const panel = page.getByRole('region', { name: 'Change freezes' });
  await panel.getByRole('radio', { name: 'Recurring' }).click();
  const name = panel.getByRole('textbox', { name: 'Name' });
  await name.fill('Settlement');
  for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'])
    await panel.getByRole('checkbox', { name: day }).uncheck();
  await panel.getByRole('button', { name: 'Add change freeze' }).click();
  const row = panel.getByRole('row', { name: /Settlement/ });
  await expect(row).toContainText('Sat, Sun');
  await row.getByRole('button', { name: 'Remove Settlement' }).click();
  await page.getByRole('button', { name: 'Remove change freeze' }).click();
  // Behind the dialog the panel and its row are in the document, but hidden.
  await expect(page.getByRole('row', { name: /Settlement/, includeHidden: true })).toHaveCount(0);
  await expect(page.getByRole('dialog').filter({ hasText: 'is removed.' })).toBeVisible();
  // Toasts stay while they have the keyboard's focus.
  await page.keyboard.press('F6');
  await checkScreen(page);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('dialog').filter({ hasText: 'It is unknown' })).toContainText(
    'It is unknown whether this was undone. Reload the page to check.',
  );
  await context.setOffline(false);
  await checkScreen(page);

  await name.fill('Settlement');
  await panel.getByRole('button', { name: 'Add change freeze' }).click();
  await row.getByRole('button', { name: 'Remove Settlement' }).click();
  await page.getByRole('button', { name: 'Remove change freeze' }).click();
  await expect(page.getByRole('row', { name: /Settlement/, includeHidden: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toContainText('Sat, Sun');
  // Later journeys apply plans on any day.
  await row.getByRole('button', { name: 'Remove Settlement' }).click();
  await page.getByRole('button', { name: 'Remove change freeze' }).click();
  await expect(row).toBeHidden();

  await test.step('a toast fits the window, and is above the bar of the next page', async () => {
    await name.fill(longName);
    await panel.getByRole('button', { name: 'Add change freeze' }).click();
    await panel.getByRole('button', { name: `Remove ${longName}` }).click();
    await page.getByRole('button', { name: 'Remove change freeze' }).click();
    const toast = page.getByRole('dialog').filter({ hasText: longName });
    await expect(toast.getByRole('button', { name: 'Undo' })).toBeVisible();
    // Toasts stay while they have the keyboard's focus.
    await page.keyboard.press('F6');
    await checkScreen(page);
    const toasts = page.getByRole('region', { name: 'Notifications' });
    const { right, width } = await readBox(toast);
    expect(right).toBeLessThanOrEqual(width);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('n');
    const review = page.getByRole('button', { name: 'Review plan' });
    await expect(review).toBeVisible();
    expect((await readBox(toasts)).bottom).toBeLessThan((await readBox(review)).top);
    await page.goto('/settings');
  });

  await page.getByRole('combobox', { name: 'Show all times in' }).click();
  await page.getByRole('option', { name: /Asia\/Tokyo/ }).click();
  await expect(page.getByText(/The time is now .*GMT\+9|The time is now .*JST/)).toBeVisible();
  const html = await (await page.goto('/failover'))?.text();
  // The server renders this, before any script runs.
  expect(html).toMatch(/GMT\+9|JST/);
});
