import { expect, type Locator, type Page } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { chooseOption, fillSale, rollback, runState, startSplit } from '../support/split-editor';

const text = 'is protected. Administrators can change the rule in Settings.';

async function openRules(page: Page): Promise<Locator> {
  await page.goto('/settings');
  return page.getByRole('region', { name: 'Safety rules' });
}

async function applyPlan(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Apply plan' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Apply plan' }).click();
  return dialog;
}

test('an administrator protects a domain, a reviewed plan is refused, and passes once the rule is changed', async ({
  page,
}) => {
  await startSplit(page);
  await fillSale(page);
  await page.getByRole('button', { name: 'Review plan' }).click();
  await page.waitForURL(/[?]plan=P-\d+/);
  const plan = page.url();

  await test.step('a preview lists the plan that the new rule would refuse', async () => {
    const panel = await openRules(page);
    await panel.getByRole('button', { name: 'Add safety rule' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add safety rule' });
    await chooseOption(dialog, 'Kind', /Protected domains/);
    await dialog.getByRole('button', { name: 'Add rule' }).click();
    await expect(dialog.getByText('Enter at least one domain or pattern.')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Sale is on');
    await dialog.getByRole('textbox', { name: 'Domains' }).fill('flash.*');
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await expect(dialog.getByText(/^Refuses \d+ of \d+ current diversions?\./)).toBeVisible();
    await expect(dialog.getByText(text).first()).toBeVisible();
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Add rule' }).click();
    await expect(dialog).toBeHidden();
    await expect(panel.getByRole('cell', { name: 'no changes' })).toBeVisible();
  });

  await test.step('the plan is refused, and so is planning it again', async () => {
    await page.goto(plan);
    const dialog = await applyPlan(page);
    await expect(
      dialog.getByText(`The safety rule “Sale is on” refuses this: flash.example.co.id ${text}`),
    ).toBeVisible();
    await checkScreen(page);
    await startSplit(page);
    await fillSale(page);
    await expect(page.getByRole('main').getByText('Sale is on').first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Review plan' })).toBeDisabled();
    await checkScreen(page);
  });

  await test.step('a gate is switched on with a reason', async () => {
    const panel = await openRules(page);
    await panel.getByRole('button', { name: 'Change Sale is on' }).click();
    const change = page.getByRole('dialog', { name: 'Change safety rule' });
    await chooseOption(change, 'Kind', /Gate or condition/);
    await change.getByRole('button', { name: 'Save rule' }).click();
    await expect(panel.getByText('gate off')).toBeVisible();
    await page.goto(plan);
    const dialog = await applyPlan(page);
    await expect(dialog.getByText('its gate is off')).toBeVisible();
    const again = await openRules(page);
    await again.getByRole('button', { name: 'Switch gate on: Sale is on' }).click();
    const gate = page.getByRole('dialog', { name: 'Switch the gate of “Sale is on” on?' });
    await gate.getByRole('textbox', { name: 'Reason' }).fill('approved by Intan');
    await gate.getByRole('button', { name: 'Switch gate on' }).click();
    await expect(again.getByText('approved by Intan')).toBeVisible();
    await checkScreen(page);
  });

  await test.step('the plan passes', async () => {
    await page.goto(plan);
    await applyPlan(page);
    await page.waitForURL(/[?]run=R-\d+/);
    await expect(runState(page)).toContainText('Applied with acknowledged outage', { timeout: 60_000 });
  });

  await test.step('a rollback passes although the gate is off again', async () => {
    const run = page.url();
    const panel = await openRules(page);
    await panel.getByRole('button', { name: 'Switch gate off: Sale is on' }).click();
    const gate = page.getByRole('dialog', { name: 'Switch the gate of “Sale is on” off?' });
    await gate.getByRole('textbox', { name: 'Reason' }).fill('over');
    await gate.getByRole('button', { name: 'Switch gate off' }).click();
    await expect(panel.getByText('gate off')).toBeVisible();
    await page.goto(run);
    await rollback(page);
    const rules = await openRules(page);
    await rules.getByRole('button', { name: 'Remove Sale is on' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove rule' }).click();
    await expect(rules.getByText('No safety rules.')).toBeVisible();
  });
});
