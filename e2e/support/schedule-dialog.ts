import { expect, type Locator, type Page } from 'playwright/test';
import { confirmWhenAsked } from './confirm-when-asked';
import { chooseOption, fillSale, startSplit } from './split-editor';

type Clock = {
  /** Seconds from now until T0. */
  readonly t0S: number;
  /** Seconds from T0 until T1. */
  readonly holdS: number;
  /** As typed; absent = the dialog's default. */
  readonly prewarm?: string;
};

/**
 * Creates a plan that moves the sale's domain to the seed's function, and opens its review page.
 * @returns the plan's address
 */
export async function reviewSale(page: Page): Promise<string> {
  await startSplit(page);
  await fillSale(page);
  await page.getByRole('button', { name: 'Review plan' }).click();
  await page.waitForURL(/[?]plan=P-\d+/);
  return page.url();
}

async function typeInstant(dialog: Locator, name: string, at: Date): Promise<void> {
  const [date = '', time = ''] = at.toISOString().split('T');
  await dialog.getByLabel(`${name}: date`).fill(date);
  await dialog.getByLabel(`${name}: time`).fill(time.slice(0, 8));
}

/** Opens the dialog of the review and types a schedule, in UTC. */
export async function typeCutover(page: Page, { t0S, holdS, prewarm }: Clock): Promise<Locator> {
  await page.getByRole('button', { name: 'Schedule plan', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Schedule this plan' });
  await chooseOption(dialog, 'Time zone', /^UTC/);
  const t0 = Math.ceil(Date.now() / 1000 + t0S) * 1000;
  await typeInstant(dialog, 'T0, divert', new Date(t0));
  await typeInstant(dialog, 'T1, roll back', new Date(t0 + holdS * 1000));
  const lead = dialog.getByRole('textbox', { name: 'Prewarm before T0' });
  if (prewarm !== undefined) await lead.fill(prewarm);
  return dialog;
}

/** Submits the dialog's cutover; ends on the page of its run. */
export async function submitCutover(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Schedule plan' }).click();
  await page.waitForURL(/[?]run=R-\d+/);
}

/**
 * Adds a rule to this app by which each plan needs an approval.
 * @param of whether the author's counts: then one person can test it
 * @param rehearsedHours the maximum age of the rehearsal that the rule also asks for; empty = it asks for none
 */
export async function requireApproval(
  page: Page,
  of: 'anyone' | 'others' = 'anyone',
  rehearsedHours = '',
): Promise<void> {
  await confirmWhenAsked(page);
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Add rule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('All plans');
  await dialog.getByLabel('Rehearsed within, in hours (optional)').fill(rehearsedHours);
  if (of === 'anyone') await dialog.getByLabel("An author's own approval counts").check();
  await dialog.getByRole('button', { name: 'Add rule' }).click();
  await expect(page.getByRole('button', { name: 'Edit the rule All plans' })).toBeVisible();
}

/** Removes that rule. */
export async function requireNoApproval(page: Page): Promise<void> {
  await confirmWhenAsked(page);
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Remove the rule All plans' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove rule' }).click();
  await expect(page.getByText('No rules: plans need no approvals.')).toBeVisible();
}

/** Approves the page's plan as the signed-in person. */
export async function approve(page: Page): Promise<void> {
  const form = page.getByRole('form', { name: 'Approve this plan' });
  await form.getByLabel('Comment (optional)').fill('TTL is fine');
  await form.getByRole('button', { name: 'Approve plan' }).click();
}

/** Finds the approvals on a plan's page. */
export const findApprovals = (page: Page) => page.getByRole('region', { name: 'Approval', exact: true });
