import { type Browser, expect, type Page } from 'playwright/test';
import { test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { confirmWhenAsked } from '../support/confirm-when-asked';
import { reviewSale } from '../support/schedule-dialog';
import { clickHydrated, readShown, waitHydrated } from '../support/split-editor';

const password = 'umbrella tax violin';

type Role = {
  readonly role: string;
  readonly domains?: string;
  readonly regions?: string;
  readonly account?: string;
};

/** Invites a person with roles, and returns a page of their own browser after they have created their account. */
async function invite(page: Page, browser: Browser, name: string, roles: readonly Role[]): Promise<Page> {
  await page.goto('/settings');
  const people = page.getByRole('region', { name: 'People' });
  await clickHydrated(people.getByRole('button', { name: 'Invite person' }));
  const dialog = page.getByRole('dialog', { name: 'Invite a person' });
  const email = `${name.toLowerCase()}@example.com`;
  await dialog.getByRole('textbox', { name: 'E-mail address' }).fill(email);
  for (const [index, { role, domains, regions, account }] of roles.entries()) {
    if (index > 0) await dialog.getByRole('button', { name: 'Add role' }).click();
    const group = dialog.getByRole('group', { name: `Role ${index + 1}` });
    await group.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: role }).click();
    if (domains !== undefined) await group.getByRole('textbox', { name: 'Domains' }).fill(domains);
    if (account !== undefined) await group.getByRole('checkbox', { name: account, exact: true }).check();
    if (regions !== undefined) await group.getByRole('textbox', { name: 'Regions' }).fill(regions);
  }
  await checkScreen(page);
  await dialog.getByRole('button', { name: 'Create set-up link' }).click();
  const shown = people.getByText(/\/set-up#/);
  await expect(shown).toBeVisible();
  const link = (await shown.textContent()) ?? '';
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const other = await context.newPage();
  await other.goto(new URL(link.slice(link.indexOf('/set-up')), page.url()).href);
  // Until then, a click would send the form as it is without JavaScript.
  await waitHydrated(other.getByRole('button', { name: 'Create account' }));
  await other.getByRole('textbox', { name: 'Name' }).fill(name);
  await other.getByRole('textbox', { name: 'E-mail address' }).fill(email);
  await other.getByRole('textbox', { name: 'Password' }).fill(password);
  await other.getByRole('button', { name: 'Create account' }).click();
  await expect(other.getByRole('heading', { name: 'Overview' })).toBeVisible();
  return other;
}

test('people see and are offered what their roles allow, within the limits of these', async ({
  page,
  browser,
}) => {
  await confirmWhenAsked(page);
  const wulan = await invite(page, browser, 'Wulan', [
    { role: 'Viewer' },
    { role: 'Operator', domains: 'flash.example.co.id' },
  ]);
  const ratna = await invite(page, browser, 'Ratna', [{ role: 'Viewer', regions: 'ap-jakarta' }]);

  const lestari = await invite(page, browser, 'Lestari', [{ role: 'Viewer', account: 'niaga-lama' }]);

  await test.step('an operator of a domain may plan, but not configure', async () => {
    const at = (path: string) => new URL(path, page.url()).href;
    await wulan.goto(at('/diversions'));
    await expect(wulan.getByRole('link', { name: 'New diversion' })).toBeVisible();
    await expect(wulan.getByRole('link', { name: 'Sandbox' })).toHaveCount(0);
    await wulan.goto(at('/settings'));
    await expect(wulan.getByText('Only administrators whose role has no limits can change')).toBeVisible();
    await expect(wulan.getByRole('button', { name: 'Save policies' })).toHaveCount(0);
    await checkScreen(wulan);
  });

  await test.step('a viewer of a region is offered no change, and sees no other region', async () => {
    const at = (path: string) => new URL(path, page.url()).href;
    await ratna.goto(at('/diversions'));
    await expect(ratna.getByRole('heading', { name: 'Diversions', exact: true })).toBeVisible();
    await expect(ratna.getByRole('link', { name: 'New diversion' })).toHaveCount(0);
    await expect(ratna.getByRole('button', { name: 'Pause all changes' })).toHaveCount(0);
    await checkScreen(ratna);
    const page403 = await ratna.goto(at('/diversions/new'));
    expect(page403?.status()).toBe(403);
    await expect(ratna.getByRole('heading', { name: "Your roles don't cover this page" })).toBeVisible();
    await checkScreen(ratna);
    const sandbox = await ratna.goto(at('/sandbox'));
    expect(sandbox?.status()).toBe(403);
    await expect(ratna.getByRole('heading', { name: "Your roles don't cover this page" })).toBeVisible();
    const answer = await ratna.request.get(at('/api/v1/sandbox'));
    expect(answer.status()).toBe(403);
  });

  await test.step('an account outside of the limits is not replaced by another one', async () => {
    const at = (path: string) => new URL(path, page.url()).href;
    for (const path of ['estate', 'drift', 'bindings', 'functions', 'changes']) {
      await lestari.goto(at(`/${path}?connection=sandbox-niaga`));
      await expect(lestari.getByText("You can't open the account “sandbox-niaga”")).toBeVisible();
    }
    await checkScreen(lestari);
    // One that does not exist has the same answer.
    await lestari.goto(at('/estate?connection=nothing'));
    await expect(lestari.getByText("You can't open the account “nothing”")).toBeVisible();
    await lestari.getByRole('link', { name: 'Open your accounts' }).click();
    await expect(lestari.getByText("You can't open the account")).toHaveCount(0);
  });

  await test.step('a plan is there for those whose limits cover what it touches', async () => {
    const plan = await reviewSale(page);
    const planId = readShown(page, 'plan');
    // Its load balancers and its function are in Singapore; Wulan sees everything as a viewer.
    expect((await wulan.goto(plan))?.status()).toBe(200);
    // It touches another domain than the one that he may operate: nothing is offered, and the API refuses.
    await expect(
      wulan.getByText('Only operators and administrators whose role covers this plan'),
    ).toBeVisible();
    await expect(wulan.getByRole('button', { name: 'Apply plan' })).toHaveCount(0);
    await expect(wulan.getByRole('link', { name: 'Edit', exact: true })).toHaveCount(0);
    await checkScreen(wulan);
    expect((await ratna.goto(plan))?.status()).toBe(403);
    await expect(ratna.getByRole('heading', { name: "Your roles don't cover this page" })).toBeVisible();
    const list = await ratna.request.get(new URL('/api/v1/diversions', plan).href);
    expect(await list.text()).not.toContain('flash.example.co.id');
    const refused = await ratna.request.get(new URL(`/api/v1/plans/${planId}`, plan).href);
    expect(await refused.json()).toMatchObject({ status: 403, code: 'scope.notPermitted' });
  });

  await wulan.context().close();
  await ratna.context().close();
  await lestari.context().close();
});
