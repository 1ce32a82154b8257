import { readFile } from 'node:fs/promises';
import { expect } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { reviewSale } from '../support/schedule-dialog';

test('an operator fires a drill of many events on a plan, and rehearses the worst of them again', async ({
  page,
}) => {
  await reviewSale(page);
  const rehearsals = page.getByRole('region', { name: 'Rehearsals' });
  const dialog = page.getByRole('dialog', { name: 'Rehearse plan' });
  const plan = page.url();

  await test.step('a drill has a number of events and faults', async () => {
    await rehearsals.getByRole('button', { name: 'Rehearse plan' }).click();
    const topOf = async (label: string) => (await dialog.getByLabel(label).boundingBox())?.y;
    // Fields beside each other are in one line, although some labels take two.
    expect(await topOf('One server serves at most (req/s)')).toBe(await topOf('Peak (req/s)'));
    expect(await topOf('Maximum p95 wait (ms)')).toBe(await topOf('Maximum lost requests (%)'));
    await dialog.getByLabel('Peak (req/s)').fill('20');
    await dialog.getByLabel('Maximum p95 wait (ms)').fill('5000');
    await dialog.getByLabel('Seed').fill('1');
    await dialog.getByLabel('Events').fill('101');
    await dialog.getByLabel('API errors').check();
    await dialog.getByLabel('Function fails').check();
    await dialog.getByLabel('Worker crash').check();
    await dialog.getByLabel('Number of faults').fill('2');
    await dialog.getByRole('button', { name: 'Start rehearsal' }).click();
    await expect(dialog.getByText('Enter a whole number of events from 1 to 100.')).toBeVisible();
    await dialog.getByLabel('Events').fill('100');
    await dialog.getByRole('button', { name: 'Start rehearsal' }).click();
    await page.waitForURL(/\/rehearsals\/H-\d+/);
  });

  await test.step('its page tells the event that runs, and it can be canceled', async () => {
    await expect(page.getByText(/^Event \d+ of 100, \d+ % of the fire drill/)).toBeVisible();
    await page.getByRole('button', { name: 'Cancel rehearsal' }).click();
    await expect(page.getByText('This rehearsal was canceled.')).toBeVisible();
  });

  await test.step('a drill of 20 events shows which share ended well, and each event', async () => {
    await page.goto(plan);
    await rehearsals.getByRole('button', { name: 'Rehearse plan' }).click();
    await dialog.getByLabel('Peak (req/s)').fill('20');
    await dialog.getByLabel('Maximum p95 wait (ms)').fill('5000');
    await dialog.getByLabel('Seed').fill('1');
    await dialog.getByLabel('Events').fill('20');
    await dialog.getByLabel('API errors').check();
    await dialog.getByLabel('Function fails').check();
    await dialog.getByLabel('Worker crash').check();
    await dialog.getByLabel('Number of faults').fill('2');
    await dialog.getByRole('button', { name: 'Start rehearsal' }).click();
    await page.waitForURL(/\/rehearsals\/H-\d+/);
    await expect(page.getByText(/^\d+ of 20 events miss(es)? goals\.$/)).toBeVisible({ timeout: 240_000 });
    const figures = page.getByRole('region', { name: 'Figures of the fire drill' });
    await expect(figures.getByText(/^\d+ of 20 events met all goals$/)).toBeVisible();
    await expect(page.getByRole('img', { name: /^Lost requests of 20 events/ })).toBeVisible();
    await expect(page.getByRole('table', { name: 'Events by fault' }).getByRole('row')).toHaveCount(4);
    const events = page.getByRole('table', { name: 'Events', exact: true });
    await expect(events.getByRole('row')).toHaveCount(21);
    await expect(events.getByRole('row').nth(1)).toContainText('Missed');
    await expect(events.getByRole('row').last()).toContainText('Met');
    await checkScreen(page);
  });

  const drill = new URL(page.url()).pathname.split('/').at(-1) ?? '';

  await test.step('the file and the page to print have all events', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Report as JSON' }).click();
    const file: unknown = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    expect(file).toMatchObject({ verdict: 'missed', events: Array.from({ length: 20 }, () => ({})) });
    await page.getByRole('link', { name: 'Print report' }).click();
    await expect(
      page.getByRole('heading', { name: /: rehearsal H-\d+ of P-\d+, goals missed/ }),
    ).toBeVisible();
    await expect(page.getByRole('table', { name: 'Events', exact: true }).getByRole('row')).toHaveCount(21);
    await checkScreen(page);
    await page.goBack();
  });

  await test.step('the worst event is rehearsed again by its seed, with the same result', async () => {
    const heading = page.getByRole('heading', { name: /^Worst event: seed \d+$/ });
    await expect(heading).toBeVisible();
    const seed = /\d+$/.exec((await heading.textContent()) ?? '')?.[0] ?? '';
    await page.getByRole('button', { name: `Rehearse seed ${seed}`, exact: true }).click();
    await expect(dialog.getByLabel('Seed')).toHaveValue(seed);
    await expect(dialog.getByLabel('Events')).toHaveValue('1');
    await expect(dialog.getByLabel('Function fails')).toBeChecked();
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Start rehearsal' }).click();
    await expect(page.getByText('The event misses its goals.')).toBeVisible({ timeout: 120_000 });
    await page.getByRole('combobox', { name: 'Compare with' }).click();
    await page.getByRole('option', { name: `${drill}, fire drill of 20 events` }).click();
    const lost = page.getByRole('table', { name: 'Compare' }).getByRole('row', { name: /^Lost requests/ });
    const cells = await lost.getByRole('cell').allTextContents();
    expect(cells[1]).toBe(cells[2]);
  });

  await test.step('the plan lists drills as such', async () => {
    await page.goto(plan);
    await expect(
      rehearsals.getByText(/fire drill of 20 events from seed 1, 2 faults each · \d+ of 20 ended well/),
    ).toBeVisible();
    await checkScreen(page);
  });
});
