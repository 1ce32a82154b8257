import type { Locator, Page } from 'playwright/test';
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
  await page.waitForURL(/\/plans\/P-\d+/);
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
  await page.waitForURL(/\/runs\/R-\d+/);
}

/** Sets the number of approvals that each plan of this app needs; the rest of the policy is unchanged. */
export async function requireApprovals(page: Page, needed: 'None' | '1 approval'): Promise<void> {
  await page.goto('/settings');
  const form = page.getByRole('form', { name: 'Sandbox' });
  await chooseOption(form, 'Approvals', needed === 'None' ? /^None/ : /^1 approval/);
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await form.getByRole('button', { name: 'Save policies' }).click();
  await answer;
}

/** Approves the page's plan as the signed-in person. */
export async function approve(page: Page): Promise<void> {
  const form = page.getByRole('form', { name: 'Approve this plan' });
  await form.getByLabel('Comment (optional)').fill('TTL is fine');
  await form.getByRole('button', { name: 'Approve plan' }).click();
}

/** Finds the approvals on a plan's page. */
export const findApprovals = (page: Page) => page.getByRole('region', { name: 'Approval', exact: true });
