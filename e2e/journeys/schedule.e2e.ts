import { expect, type Page } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { addAddress } from '../support/colleague';
import {
  approve,
  findApprovals,
  requireApproval,
  requireNoApproval,
  reviewSale,
  submitCutover,
  typeCutover,
} from '../support/schedule-dialog';
import {
  chooseOption,
  fillSale,
  openOptions,
  readShown,
  runState,
  sendCommand,
  startSplit,
} from '../support/split-editor';

const hour = 3600;

/** Finds the entry of the navigation with the badge text after its name. */
const plansEntry = (page: Page, badge: string) =>
  page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: `Diversions ${badge}`.trim(), exact: true });

/** Finds the text of the review for a check that did not pass. */
const checkResult = (page: Page, check: string) =>
  page.getByRole('listitem').filter({ hasText: check }).first();

test('plans are scheduled under a policy, without conflicts with a change freeze or each other, paused with all changes, and re-validated', async ({
  page,
  app,
}) => {
  await test.step('a policy and a change freeze are set', async () => {
    await requireApproval(page);
    const policy = page.getByRole('form', { name: 'Sandbox' });
    await chooseOption(policy, 'Time zone', /^Asia\/Jakarta/);
    await policy.getByLabel('Prewarm before T0').fill('soon');
    await policy.getByRole('button', { name: 'Save policies' }).click();
    await expect(
      policy.getByText('Enter a duration such as “5 min” or “90 s”.', { exact: true }),
    ).toBeVisible();
    await policy.getByLabel('Prewarm before T0').fill('30 s');
    await policy.getByRole('button', { name: 'Save policies' }).click();
    await expect(page.getByText(/^Set .* by Sari Wijaya \(sari@example.com\)$/).first()).toBeVisible();

    const form = page.getByRole('form', { name: 'Add a change freeze' });
    await form.getByRole('button', { name: 'Add change freeze' }).click();
    await expect(form.getByText('Enter a name.')).toBeVisible();
    await form.getByRole('textbox', { name: 'Name' }).fill('Finance close');
    await form.getByRole('radio', { name: 'Recurring' }).click();
    await form.getByLabel('From', { exact: true }).fill('00:00');
    await form.getByLabel('To', { exact: true }).fill('00:00');
    await form.getByRole('button', { name: 'Add change freeze' }).click();
    await expect(page.getByRole('table').getByRole('row', { name: /Finance close/ })).toContainText(
      'Every day 00:00 to 00:00 of the next day',
    );
    await checkScreen(page);
  });

  const plan = await reviewSale(page);

  await test.step('the review shows what the plan moves, and that it needs an approval', async () => {
    await expect(checkResult(page, 'Blast radius')).toContainText('Moving more than 1 % at once');
    const blast = page.getByRole('region', { name: 'Blast radius' });
    await expect(blast.getByRole('row', { name: /flash\.example\.co\.id 2 s 2 s/ })).toBeVisible();
    // The worker has measured this by now.
    await expect(blast.getByText(/^HTTP:80 of lb-jkt-shop, for /)).toBeVisible();
    await expect(blast.getByText(/requests\/s$/).first()).toBeVisible();
    await expect(page.getByText('Waiting for approval, 0 of 1')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Apply plan' })).toBeDisabled();
    await expect(page.getByText('Needs 1 approval')).toBeVisible();
    await checkScreen(page);
  });

  await test.step('its schedule has the defaults of the policy, and T0 within the freeze is refused at its field', async () => {
    await page.getByRole('button', { name: 'Schedule plan', exact: true }).click();
    const empty = page.getByRole('dialog');
    await expect(empty.getByLabel('Time zone')).toContainText('Asia/Jakarta');
    await expect(empty.getByLabel('Prewarm before T0')).toHaveValue('30 s');
    await expect(empty.getByText('0 of 1 approvals so far')).toBeVisible();
    await empty.getByRole('button', { name: 'Cancel' }).click();
    await expect(empty).toBeHidden();

    const dialog = await typeCutover(page, { t0S: hour, holdS: hour });
    await expect(dialog.getByText('T0 is in a change freeze: Finance close')).toBeVisible();
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Schedule plan' }).click();
    await expect(dialog.getByRole('alert')).toContainText('The plan was not scheduled.');
    await expect(dialog.getByLabel('T0, divert: date')).toHaveAccessibleDescription(
      /A change freeze covers this time/,
    );
  });

  await test.step('after the freeze is removed the plan is scheduled, still without approval', async () => {
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Remove Finance close' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove change freeze' }).click();
    await expect(page.getByText('No change freezes. Cutovers can move traffic at any time.')).toBeVisible();
    await page.goto(plan);
    await typeCutover(page, { t0S: hour, holdS: hour });
    await submitCutover(page);
  });
  const address = page.url();
  const run = readShown(page, 'run');

  await test.step('its page and the navigation show that it waits for approval', async () => {
    await expect(page.getByText('Not approved yet, 0 of 1')).toBeVisible();
    await expect(plansEntry(page, '1 waiting for approval')).toBeVisible();
  });

  await test.step('it is approved once by the same person, and the approval is withdrawn', async () => {
    await page.goto(plan);
    await approve(page);
    await expect(page.getByText('Approved 1 of 1')).toBeVisible();
    await expect(plansEntry(page, '')).toBeVisible();
    await approve(page);
    await expect(findApprovals(page).getByText(/This name has already approved/)).toBeVisible();
    await findApprovals(page)
      .getByRole('button', { name: 'Withdraw the approval of sari@example.com' })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw approval' }).click();
    await expect(page.getByText('Waiting for approval, 0 of 1')).toBeVisible();
    await expect(plansEntry(page, '1 waiting for approval')).toBeVisible();
  });

  await test.step('the editor of the next plan on the same name shows the overlap and its peak', async () => {
    const { b } = await startSplit(page);
    await fillSale(page);
    await expect(b.getByText('is scheduled to change flash.example.co.id', { exact: false })).toBeVisible();
    await openOptions(page);
    const peak = page.getByRole('region', { name: 'Expected peak' });
    await peak.getByRole('textbox').fill('9000');
    await expect(peak.getByText('is shared and guarantees only 5,000 req/s.')).toBeVisible();
    await checkScreen(page);
    await page.getByRole('button', { name: 'Review plan' }).click();
    await page.waitForURL(/[?]plan=P-\d+/);
    await expect(checkResult(page, 'Plan overlap')).toContainText(
      'is scheduled to change flash.example.co.id',
    );
    await expect(checkResult(page, 'Peak load')).toContainText('guarantees only 5,000 req/s');
  });

  await test.step('its schedule shows the blocking findings before it is submitted, and is refused', async () => {
    const dialog = await typeCutover(page, { t0S: hour + 600, holdS: hour });
    const stops = dialog.getByText('A check blocks the plan at these times');
    await expect(stops).toBeVisible();
    await expect(dialog.getByText(/will be changing flash\.example\.co\.id.* at that time/)).toBeVisible();
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Schedule plan' }).click();
    await expect(dialog.getByRole('alert')).toContainText('Choose another time');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await typeCutover(page, { t0S: 4 * hour, holdS: hour });
    await expect(stops).toBeHidden();
    await submitCutover(page);
    await sendCommand(page, 'Leave as is', 'Leave run as is');
    await expect(runState(page)).toContainText('Canceled', { timeout: 60_000 });
  });

  await test.step('the schedule shows the first one as a bar in its night and as a row', async () => {
    await page.getByRole('link', { name: 'Schedule', exact: true }).click();
    const week = page.getByRole('region', { name: 'Week by night' });
    await expect(week.getByRole('link', { name: /T0 .*, T1 / }).first()).toBeVisible();
    await checkScreen(page);
    await page.getByRole('radio', { name: 'List' }).click();
    const table = page.getByRole('table', { name: 'Upcoming and running' });
    await expect(table.getByRole('row')).toHaveCount(2);
    await checkScreen(page);
    await expect(table.getByRole('link')).toHaveAttribute('href', `/runs/${run}`);
  });

  let removeAddress = async () => {};
  await test.step('pausing all changes requires a reason, pauses the run, and is shown on every page', async () => {
    await page.getByRole('button', { name: 'Pause all changes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Pause all changes?' });
    await dialog.getByRole('button', { name: 'Pause all changes' }).click();
    await expect(dialog.getByText('Enter a reason. Others will read it.')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Answers look odd');
    await dialog.getByRole('button', { name: 'Pause all changes' }).click();
    await expect(page.getByText('1 run pauses at its next safe point.')).toBeVisible();
    for (const path of ['/estate?view=list', '/diversions', address]) {
      await page.goto(path);
      await expect(page.getByRole('region', { name: 'Paused' })).toContainText('“Answers look odd”');
      if (path !== '/estate?view=list') continue;
      removeAddress = await addAddress(app.sandbox, 'flash', '203.0.113.78');
      // The next partial sync finds it: SPILLWAY_SYNC_PARTS_S.
      await expect(page.getByRole('row', { name: '203.0.113.78' })).toBeVisible({ timeout: 45_000 });
    }
    await expect(runState(page)).toContainText('Paused', { timeout: 60_000 });
    await checkScreen(page);
  });

  await test.step('resuming changes requires a reason', async () => {
    await page
      .getByRole('region', { name: 'Paused' })
      .getByRole('button', { name: 'Resume changes' })
      .click();
    const resuming = page.getByRole('dialog', { name: 'Resume changes?' });
    await resuming.getByRole('textbox', { name: 'Reason' }).fill('All clear');
    await resuming.getByRole('button', { name: 'Resume changes' }).click();
    await expect(page.getByRole('region', { name: 'Paused' })).toBeHidden();
  });

  await test.step('the resumed run is re-validated: it can’t start, because someone else changed its name', async () => {
    const outdated = 'The estate has changed, and the plan needs different steps now.';
    const openEntry = (name: string) =>
      page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
    await expect(page.getByText('This run will be stopped unless')).toBeVisible();
    await expect(page.getByText(outdated)).toBeVisible();
    await checkScreen(page);
    await expect(
      page.getByText('If the plan no longer fits, leave this run as is and edit').getByRole('link'),
    ).toHaveAttribute('href', /[?&]diversion=D-\d+$/);
    await expect(page.getByText("Re-validation failed: the run can't start at T0")).toBeVisible();
    await openEntry('Overview');
    const need = page.getByRole('listitem').filter({ hasText: "The run can't start at T0" });
    await expect(need).toContainText(outdated);
    await checkScreen(page);
    await openEntry('Schedule');
    const coming = page.getByRole('listitem').filter({ hasText: 'Found at the last check:' });
    await expect(coming).toContainText(outdated);
    await coming.getByRole('link').first().click();
    await expect(page.getByText('This run will be stopped unless')).toBeVisible();
    // Later journeys plan the same name. The next partial sync finds this, and the run can start again.
    await removeAddress();
    await expect(page.getByText('This run will be stopped unless')).toBeHidden({ timeout: 45_000 });
    await sendCommand(page, 'Leave as is', 'Leave run as is');
    await expect(runState(page)).toContainText('Canceled', { timeout: 60_000 });
    await page.goto('/schedule');
    await expect(page.getByText('Pauses every run that applies changes')).toBeVisible();
  });

  await test.step('week, zone and view are in the address: they survive a reload, and Back undoes them', async () => {
    const heading = page.getByRole('heading', { level: 2 }).first();
    const thisWeek = (await heading.textContent()) ?? '';
    await page.getByRole('button', { name: 'Next week' }).click();
    await expect(heading).not.toHaveText(thisWeek);
    const weekAfter = (await heading.textContent()) ?? '';
    await page.getByRole('combobox', { name: 'Time zone' }).click();
    await page.getByRole('option', { name: /^Asia\/Tokyo/ }).click();
    await page.getByRole('radio', { name: 'List' }).click();
    await expect(page).toHaveURL(/\/schedule\?week=\d{4}-\d\d-\d\d&zone=Asia%2FTokyo&view=list$/);
    await page.reload();
    await expect(page.getByRole('radio', { name: 'List' })).toBeChecked();
    await expect(page.getByRole('combobox', { name: 'Time zone' })).toContainText('Asia/Tokyo');
    // After a reload the framework may load the page for each of these entries and cancel that at once for the next
    // one, which rejects the call: only the destination matters.
    const back = () => page.goBack({ waitUntil: 'commit' }).catch(() => null);
    await back();
    await expect(heading).toHaveText(weekAfter);
    await expect(page).toHaveURL(/zone=Asia%2FTokyo$/);
    await back();
    await expect(page).toHaveURL(/\/schedule\?week=[\d-]+$/);
    await expect(page.getByRole('combobox', { name: 'Time zone' })).toContainText('UTC');
    // One press is enough, also while the page loads. Only if the request for an entry fails, Next.js 16.4.6 loads that
    // entry in place of the current one, also after Back (`mpa` in server-patch-reducer.js).
    await back();
    await expect(page).toHaveURL(/\/schedule$/);
    await expect(heading).toHaveText(thisWeek);
  });

  // A policy applies to all plans of the app, and other journeys have none.
  await requireNoApproval(page);
});
