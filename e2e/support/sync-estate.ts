import { expect, type Page } from 'playwright/test';

/** Starts a sync of the first account from its list of routes, and waits until it is done. */
export async function syncEstate(page: Page): Promise<void> {
  await page.goto('/estate?view=list');
  // Before the first sync, the empty state has a button with the same name.
  const sync = page.getByRole('button', { name: 'Sync estate' }).first();
  await sync.click();
  await expect(sync).not.toHaveAttribute('aria-busy');
}
