import { expect, type Page } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { addPerson, removePerson } from '../support/people';
import {
  approve,
  findApprovals,
  requireApproval,
  requireNoApproval,
  reviewSale,
  submitCutover,
  typeCutover,
} from '../support/schedule-dialog';
import { readShown, runState, sendCommand } from '../support/split-editor';

const reason = 'The sale starts, and nobody else can approve.';

test('two people: one asks, the other approves; once the approver is removed, only breaking glass lets the run continue', async ({
  page,
  browser,
  baseURL,
}) => {
  const intan = await addPerson(page, browser, { baseURL, email: 'intan@example.com', role: 'Approver' });
  await requireApproval(page, 'others');
  const plan = await reviewSale(page);
  const requests = page.getByRole('region', { name: 'Requests and comments' });

  await test.step('the author can’t approve the plan, and asks for it', async () => {
    await expect(
      findApprovals(page).getByText("Authors don't count: Sari Wijaya (sari@example.com)."),
    ).toBeVisible();
    await approve(page);
    await expect(findApprovals(page).getByText('You are an author of this plan')).toBeVisible();
    await requests.getByRole('button', { name: 'Request approval' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'These people' }).click();
    await dialog.getByLabel('intan@example.com').check();
    await dialog.getByLabel('Message (optional)').fill('For the sale on Friday.');
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Request approval' }).click();
    await expect(requests.getByText('“For the sale on Friday.”')).toBeVisible();
    await checkScreen(page);
  });

  await test.step('the approver finds the request on the start page, asks, declines and then approves', async () => {
    await intan.goto('/');
    await expect(
      intan.getByText('Sari Wijaya (sari@example.com) asks for your approval: 0 of 1 so far.'),
    ).toBeVisible();
    await checkScreen(intan);
    await intan.getByRole('link', { name: /P-\d+/ }).first().click();
    const own = intan.getByRole('region', { name: 'Requests and comments' });
    await own.getByRole('textbox', { name: 'Comment', exact: true }).fill('Is the ramp tested?');
    await own.getByRole('button', { name: 'Add comment' }).click();
    await expect(own.getByText('Is the ramp tested?')).toBeVisible();
    await own.getByRole('button', { name: 'Decline plan' }).click();
    const dialog = intan.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Not tested yet.');
    await dialog.getByRole('button', { name: 'Decline plan' }).click();
    await expect(own.getByText('The plan needs their approval before it can be applied.')).toBeVisible();
    await checkScreen(intan);
    await approve(intan);
    await expect(intan.getByText('Approved 1 of 1')).toBeVisible();
    await expect(own.getByText('The plan needs their approval')).toHaveCount(0);
  });

  await page.goto(plan);
  await typeCutover(page, { t0S: 75, holdS: 12, prewarm: '30 s' });
  await submitCutover(page);
  const run = page.url();
  const id = readShown(page, 'run');

  await test.step('an administrator removes the approver: the run is stopped before prewarm, and the plan says why', async () => {
    await removePerson(page, 'intan@example.com');
    await page.goto(run);
    await expect(runState(page)).toContainText('Stopped', { timeout: 90_000 });
    await expect(page.getByText('The plan has 0 of 1 approvals.')).toBeVisible();
    await page.goto(plan);
    await expect(findApprovals(page).getByText(/may no longer approve/)).toBeVisible();
  });

  await test.step('the author breaks glass: the run continues, with a mark and an alert that everyone sees', async () => {
    await requests.getByRole('button', { name: 'Apply without approval' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason (at least 10 characters)').fill('soon');
    await dialog.getByRole('button', { name: 'Apply without approval' }).click();
    await expect(dialog.getByText(/Enter a reason of at least 10 characters/)).toBeVisible();
    await dialog.getByLabel('Reason (at least 10 characters)').fill(reason);
    await dialog.getByRole('button', { name: 'Apply without approval' }).click();
    await page.waitForURL(run);
    await expect(
      page.getByText(`Applied without approval by Sari Wijaya (sari@example.com): ${reason}`),
    ).toBeVisible();
    await sendCommand(page, 'Continue', 'Continue run');
    await expect(runState(page)).toContainText('Rolled back', { timeout: 120_000 });
    await checkScreen(page);
  });

  await test.step('the mark stays on the record and the list', async () => {
    await page.goto(`/runs/${id}/record`);
    await expect(page.getByText(reason).first()).toBeVisible();
    await page.goto('/diversions');
    await expect(page.getByText('Without approval', { exact: true })).toBeVisible();
    await checkScreen(page);
  });

  await test.step('the author can’t acknowledge the alert; another operator does', async () => {
    await acknowledge(page, run, id);
    await expect(page.getByText('You applied this plan without approval.')).toBeVisible();
    const wayan = await addPerson(page, browser, { baseURL, email: 'wayan@example.com', role: 'Operator' });
    await acknowledge(wayan, run, id);
    await expect(wayan.getByRole('button', { name: `Acknowledge ${id}` })).toHaveCount(0);
    await expect(wayan.getByText(reason).first()).toBeVisible();
  });

  // Rules apply to all plans of the app, and other journeys have none.
  await requireNoApproval(page);
});

/** Acknowledges the alert of a run on its page. */
async function acknowledge(page: Page, run: string, id: string): Promise<void> {
  await page.goto(run);
  await page.getByRole('button', { name: `Acknowledge ${id}` }).click();
  const dialog = page.getByRole('dialog', { name: `Acknowledge ${id}?` });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Seen.');
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
}
