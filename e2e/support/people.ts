import { type Browser, expect, type Page } from 'playwright/test';
import { administrator } from '@/testing/launch/administrator';
import { confirmWhenAsked } from './confirm-when-asked';

/**
 * Creates an account for another person, as an administrator, and opens the app in a browser of their own.
 * @param role as the page shows it
 */
export async function addPerson(
  page: Page,
  browser: Browser,
  { baseURL, email, role }: { readonly baseURL: string; readonly email: string; readonly role: string },
): Promise<Page> {
  await confirmWhenAsked(page);
  await page.goto('/settings');
  const people = page.getByRole('region', { name: 'People' });
  await people.getByRole('button', { name: 'Invite person' }).click();
  const invite = page.getByRole('dialog', { name: 'Invite a person' });
  await invite.getByRole('textbox', { name: 'E-mail address' }).fill(email);
  await invite.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: role }).click();
  await invite.getByRole('button', { name: 'Create set-up link' }).click();
  const shown = page.getByText(/\/set-up#/);
  // Reading a text doesn't answer the dialog that asks for the password; an expectation does.
  await expect(shown).toBeVisible();
  const link = (await shown.textContent()) ?? '';
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
  const other = await context.newPage();
  await other.goto(link.slice(link.indexOf('/set-up')));
  await other.getByRole('textbox', { name: 'Name' }).fill(email);
  await other.getByRole('textbox', { name: 'E-mail address' }).fill(email);
  await other.getByRole('textbox', { name: 'Password' }).fill(administrator.password);
  await other.getByRole('button', { name: 'Create account' }).click();
  await expect(other.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await confirmWhenAsked(other);
  return other;
}

/** Removes the account of a person, as an administrator. */
export async function removePerson(page: Page, email: string): Promise<void> {
  await page.goto('/settings');
  await page.getByRole('button', { name: `Remove ${email}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByRole('button', { name: `Remove ${email}` })).toHaveCount(0);
}
