import type { Page } from 'playwright/test';
import { administrator } from '@/testing/launch/administrator';

/** Enters the password whenever the app asks for it: others may have used the app for minutes. */
export async function confirmWhenAsked(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: "Confirm that it's you" });
  await page.addLocatorHandler(dialog, async () => {
    await dialog.getByRole('textbox', { name: 'Your password' }).fill(administrator.password);
    await dialog.getByRole('button', { name: 'Confirm' }).click();
  });
}
