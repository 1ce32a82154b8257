import { readFile } from 'node:fs/promises';
import { expect, type Page } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';

const prediction = (page: Page) => page.getByRole('region', { name: 'Prediction' });

test('an event is simulated while its inputs move, compared, shared by a link and exported', async ({
  page,
  context,
  app,
  request,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Capacity' }).click();

  await test.step('the default scenario meets its goals', async () => {
    await expect(page.getByText('Meets its goals')).toBeVisible();
    await expect(page.getByRole('img', { name: /^Requests per second: demand up to 2,000/ })).toBeVisible();
    await expect(page.getByRole('img', { name: /^Bandwidth to clients: .*% of 4,096 Mbps/ })).toBeVisible();
    await checkScreen(page);
  });

  await test.step('a slider moves by keyboard, within a frame', async () => {
    await page.getByRole('button', { name: 'Keep this one' }).click();
    const slider = page.getByRole('slider', { name: 'Peak, slider', exact: true });
    await slider.focus();
    await slider.press('End');
    await expect(page.getByLabel('Peak', { exact: true })).toHaveValue('5000');
    await expect(page.getByText('Misses its goals')).toBeVisible();
    await expect(prediction(page)).toContainText(/Refused requests[1-9]/);
  });

  await test.step('an invalid number is refused at its field', async () => {
    const memory = page.getByLabel('Memory', { exact: true });
    await memory.fill('none');
    await expect(memory).toHaveAccessibleDescription(/^Enter a number from 64 to 3072\./);
    await checkScreen(page);
    await memory.fill('256');
  });

  await test.step('it is compared with the kept one and with the servers alone', async () => {
    const table = page.getByRole('table', { name: 'Compare' });
    await expect(
      table.getByRole('row', { name: /^Kept 1 Peak 2,000 → 5,000, Memory 128 → 256/ }),
    ).toBeVisible();
    await expect(table.getByRole('row', { name: /^CVM only none/ })).toBeVisible();
    await expect(page.getByRole('img', { name: /^Served requests: up to .* in “Kept 1”/ })).toBeVisible();
    await page.getByText('Show as a table').first().click();
    await expect(page.getByRole('table', { name: 'Demand and what serves it' })).toBeVisible();
    await checkScreen(page);
  });

  await test.step('advice says what keeps the goals, and its values are used', async () => {
    const advice = page.getByRole('region', { name: 'Advice' });
    await advice.getByRole('button', { name: 'Get advice' }).click();
    await expect(advice.getByText('This scenario misses its goals.')).toBeVisible();
    await expect(advice.getByText(/^The largest spike that this set-up can handle is/)).toBeVisible();
    await checkScreen(page);
    await advice.getByRole('button', { name: 'Use these values' }).click();
    await expect(advice.getByText('The inputs have changed. Get advice again.')).toBeVisible();
  });

  await test.step('demand is imported from a file, whose errors name line and column', async () => {
    const file = (text: string) => ({ name: 'demand.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    const input = page.getByLabel('CSV file with the demand');
    await input.setInputFiles(file('time,rps\n0,100\n60,many\n'));
    await expect(page.getByText('Line 3, column 2: “many” is not a number.')).toBeVisible();
    await input.setInputFiles(file('time,rps\n0,100\n1800,400\n3600,300\n'));
    await expect(page.getByRole('combobox', { name: 'Shape' })).toContainText('Imported series');
    await expect(prediction(page)).toContainText('of 1,620,000');
  });

  await test.step('the demand of a past event is read from Monitor, and what it has no value for is said', async () => {
    const { control, vipNetwork, portOffset } = app.sandbox;
    const setClock = (data: object) =>
      request.post(`${control?.url}/clock`, { headers: { authorization: `Bearer ${control?.token}` }, data });
    // By a clock that is three minutes behind, the requests were made in a minute that has ended.
    const now = Math.floor(Date.now() / 60_000) * 60_000 - 180_000 + 1000;
    expect(await setClock({ mode: 'virtual', now })).toBeOK();
    const address = `http://${vipNetwork.split('.', 2).join('.')}.1.20:${80 + portOffset}/`;
    for (let n = 0; n < 12; n += 1) await request.get(address, { headers: { host: 'event.example.co.id' } });
    await page.getByRole('button', { name: 'From Monitor' }).click();
    const dialog = page.getByRole('dialog', { name: 'Demand of a past event' });
    await dialog.getByLabel('Requests of').click();
    await page.getByRole('option', { name: /^event[.]example[.]co[.]id HTTP:80/ }).click();
    const local = await page.evaluate(() => {
      const at = new Date();
      const two = (value: number) => String(value).padStart(2, '0');
      return {
        date: [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-'),
        time: `${two(at.getHours())}:${two(at.getMinutes())}`,
      };
    });
    await dialog.getByLabel('End: date').fill(local.date);
    await dialog.getByLabel('End: time').fill(local.time);
    await dialog.getByRole('button', { name: 'Read requests' }).click();
    await expect(dialog.getByText(/periods of a minute, up to 0[.]2 req\/s/)).toBeVisible();
    await expect(dialog.getByText(/periods have no value/)).toBeVisible();
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Use as demand' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('combobox', { name: 'Shape' })).toContainText('Imported series');
    expect(await setClock({ mode: 'real' })).toBeOK();
    await expect(prediction(page)).toContainText('0 of 12;');
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect(prediction(page)).not.toContainText('0 of 12;');
  });

  await test.step('a link opens the same figures, also of a day by the minute', async () => {
    const points = Array.from(
      { length: 1440 },
      (_, minute) => 300 + 200 * Math.sin(minute / 90) + (minute % 7),
    );
    const rows = points.map((rps, minute) => `${minute * 60},${rps}`);
    await page.getByLabel('CSV file with the demand').setInputFiles({
      name: 'day.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`time,rps\n${rows.join('\n')}\n`),
    });
    await expect(prediction(page)).toContainText(/of 2[0-9],[0-9]{3},[0-9]{3};/);
    await expect(page.getByText('These scenarios are too long for a link.')).toBeHidden();
    const figures = (await prediction(page).textContent()) ?? '';
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect(page.getByText('Link copied')).toBeVisible();
    const other = await context.newPage();
    await other.goto(await page.evaluate(() => navigator.clipboard.readText()));
    await expect(prediction(other)).toHaveText(figures);
    await expect(other.getByRole('row', { name: /^Kept 1/ })).toBeVisible();
    await other.close();
  });

  await test.step('the series are exported as CSV', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('capacity.csv');
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^seconds,demand_rps,/);
    expect(lines.length).toBeGreaterThan(100);
  });

  await test.step('a damaged link says so', async () => {
    await page.goto('/capacity?s=%21');
    await expect(page.getByText('This link has no valid scenario.')).toBeVisible();
    await expect(page.getByText('Meets its goals')).toBeVisible();
  });

  await test.step('a link followed right after a change opens, and Back returns to the changed scenario', async () => {
    await page.route(
      ({ pathname, searchParams }) => pathname === '/schedule' && searchParams.has('_rsc'),
      async (route) => {
        if (route.request().headers()['next-router-prefetch']) return route.abort();
        // The page arrives only after the address has followed the change.
        await page.waitForURL(/[?]s=/);
        return route.continue();
      },
    );
    await page.goto('/capacity');
    await page.getByLabel('Peak', { exact: true }).fill('2500');
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: /^Schedule/ })
      .click();
    await expect(page).toHaveURL(/\/schedule/);
    await page.goBack();
    await expect(page.getByLabel('Peak', { exact: true })).toHaveValue('2500');
  });
});
