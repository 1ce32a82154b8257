import { expect } from 'playwright/test';
import { test } from '../support/app';
import { readCloud } from '../support/cloud-state';
import { queryDns, requestHttp } from '../support/requests';
import {
  approve,
  findApprovals,
  requireApproval,
  requireNoApproval,
  reviewSale,
  submitCutover,
  typeCutover,
} from '../support/schedule-dialog';
import { runState, sendCommand } from '../support/split-editor';

const domain = 'flash.example.co.id';

test('a cutover without its approval is stopped before prewarm; with it, it runs: prewarm, T0, hold, T1, drain', async ({
  page,
  app,
}) => {
  const { sandbox } = app;
  await requireApproval(page);
  const plan = await reviewSale(page);
  const before = await readCloud(sandbox);
  const [vipBefore] = await queryDns(sandbox, domain);

  // The test has 30 s after the check before prewarm to approve the plan.
  await typeCutover(page, { t0S: 42, holdS: 12, prewarm: '30 s' });
  await submitCutover(page);
  const run = page.url();

  await test.step('the last check before prewarm stops the run: nothing was written', async () => {
    await expect(runState(page)).toContainText('Scheduled', { timeout: 30_000 });
    await expect(runState(page)).toContainText('Stopped', { timeout: 60_000 });
    await expect(page.getByText('The plan has 0 of 1 approvals.')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Needs attention' })).toContainText(
      "Stopped: the reviewed plan can't run now.",
    );
    const options = page.getByRole('region', { name: 'Options' }).getByRole('term');
    await expect(options).toContainText(['Continue', 'Re-plan']);
    expect(await readCloud(sandbox)).toEqual(before);
  });

  await test.step('after approval a retry runs prewarm, and no traffic moves before T0', async () => {
    await page.goto(plan);
    await approve(page);
    await expect(page.getByText('Approved 1 of 1')).toBeVisible();
    await page.goto(run);
    await sendCommand(page, 'Continue', 'Continue run');
    await expect(runState(page)).toContainText('Awaiting T0', { timeout: 60_000 });
    expect(await queryDns(sandbox, domain)).toEqual([vipBefore]);
    expect(await readCloud(sandbox)).not.toEqual(before);
  });

  await test.step('clients reach the function from T0 on', async () => {
    await expect(runState(page)).toContainText('Diverted', { timeout: 60_000 });
    const [vip = ''] = await queryDns(sandbox, domain);
    expect(vip).not.toBe(vipBefore);
    expect((await requestHttp(sandbox, vip, domain)).body).toContain('Flash sale');
    await expect(page.getByText(/First call .+ after T0/)).toBeVisible();
  });

  await test.step('approvals can’t be withdrawn after T0, and the page says why', async () => {
    await page.goto(plan);
    await expect(findApprovals(page).getByText(/The last check before T0 is over/)).toBeVisible();
    await expect(findApprovals(page).getByRole('button')).toHaveCount(0);
  });

  await test.step('the run rolls back at T1', async () => {
    await page.goto(run);
    await expect(runState(page)).toContainText('Rolled back', { timeout: 60_000 });
    expect(await queryDns(sandbox, domain)).toEqual([vipBefore]);
    expect(await readCloud(sandbox)).toEqual(before);
  });

  await test.step('the schedule shows the delay', async () => {
    await page.goto('/schedule');
    await page.getByRole('radio', { name: 'List' }).click();
    const row = page
      .getByRole('table', { name: 'Past' })
      .getByRole('row')
      .filter({ has: page.locator(`a[href="/runs/${new URL(run).searchParams.get('run')}"]`) });
    await expect(row).toContainText('Rolled back');
    await expect(row).toContainText(/\d (ms|s)/);
  });

  // A policy applies to all plans of the app, and other journeys have none.
  await requireNoApproval(page);
});
