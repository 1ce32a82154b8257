import { expect, type Page } from 'playwright/test';
import { test } from '../support/app';
import { expectAccessible } from '../support/expect-accessible';
import { reviewSale, submitCutover, typeCutover } from '../support/schedule-dialog';
import { chooseOption, runState, sendCommand } from '../support/split-editor';

const approvals = (page: Page) => page.getByRole('region', { name: 'Approval', exact: true });
/** Finds the entry of the navigation with the badge text after its name. */
const plansEntry = (page: Page, badge: string) =>
  page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: `Plans ${badge}`.trim(), exact: true });

async function approve(page: Page, name: string): Promise<void> {
  const form = page.getByRole('form', { name: 'Approve this plan' });
  await form.getByLabel('Your name').fill(name);
  await form.getByLabel('Comment (optional)').fill('TTL is fine');
  await form.getByRole('button', { name: 'Approve plan' }).click();
}

// Policies apply to all plans, and the other journeys have none.
test.use({ appSettings: { SPILLWAY_SANDBOX_TASK_MS: '60' } });

test('a plan with a required approval is scheduled without it, held without it, and runs with it', async ({
  page,
}) => {
  await test.step('the policy is set: one approval, and what a cutover begins with', async () => {
    await page.goto('/settings');
    const form = page.getByRole('form', { name: 'Sandbox' });
    await chooseOption(form, 'Approvals', /^1 approval/);
    await chooseOption(form, 'Time zone', /^Asia\/Jakarta/);
    await form.getByLabel('Prewarm before T0').fill('soon');
    await form.getByRole('button', { name: 'Save policies' }).click();
    await expect(
      form.getByText('Enter a duration such as “5 min” or “90 s”.', { exact: true }),
    ).toBeVisible();
    await form.getByLabel('Prewarm before T0').fill('30 s');
    await form.getByRole('button', { name: 'Save policies' }).click();
    await expect(page.getByText(/^Set .* by local$/)).toBeVisible();
    await expectAccessible(page);
  });

  const plan = await reviewSale(page);
  let run = '';

  await test.step('without it the plan is not applied; it is scheduled, beginning with the policy', async () => {
    await expect(page.getByText('Waiting for approval, 0 of 1')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Apply plan' })).toBeDisabled();
    await expect(page.getByText('Needs 1 approval')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Schedule plan', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByLabel('Time zone')).toContainText('Asia/Jakarta');
    await expect(dialog.getByLabel('Prewarm before T0')).toHaveValue('30 s');
    await expect(dialog.getByText('0 of 1 approvals so far')).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
    await typeCutover(page, { t0S: 75, holdS: 30 });
    await submitCutover(page);
    run = page.url();
  });

  await test.step('while it waits, the re-validation says so, and the navigation counts it', async () => {
    await expect(page.getByText('The plan has 0 of 1 approvals.')).toBeVisible();
    await expect(plansEntry(page, '1 waiting for approval')).toBeVisible();
  });

  await test.step('it is approved once by a name, and that is withdrawn', async () => {
    await page.goto(plan);
    await approve(page, 'Intan Permata');
    await expect(page.getByText('Approved 1 of 1')).toBeVisible();
    await expect(plansEntry(page, '')).toBeVisible();
    await approve(page, 'intan  permata');
    await expect(approvals(page).getByText(/This name has already approved/)).toBeVisible();
    await approvals(page).getByRole('button', { name: 'Withdraw the approval of Intan Permata' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw approval' }).click();
    await expect(page.getByText('Waiting for approval, 0 of 1')).toBeVisible();
    await expect(plansEntry(page, '1 waiting for approval')).toBeVisible();
  });

  await test.step('the last check before prewarm holds the run: nothing was written', async () => {
    await page.goto(run);
    await expect(runState(page)).toContainText('Held', { timeout: 60_000 });
    await expect(page.getByText('The plan has 0 of 1 approvals.')).toBeVisible();
  });

  await test.step('approved again it is retried, and runs by its clock', async () => {
    await page.goto(plan);
    await approve(page, 'Bagus Pratama');
    await expect(page.getByText('Approved 1 of 1')).toBeVisible();
    await page.goto(run);
    await sendCommand(page, 'Retry', 'Retry run');
    await expect(runState(page)).toContainText('Holding', { timeout: 120_000 });
  });

  await test.step('after T0 a withdrawal would change nothing, and the page says why', async () => {
    await page.goto(plan);
    await expect(approvals(page).getByText(/The last check before T0 is over/)).toBeVisible();
    await expect(approvals(page).getByRole('button')).toHaveCount(0);
    await page.goto(run);
    await expect(runState(page)).toContainText('Rolled back', { timeout: 90_000 });
  });
});
