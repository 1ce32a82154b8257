import { expect, type Page } from 'playwright/test';
import { test } from '../support/app';
import { accessSheet, visitEditor } from '../support/diversion-editor';
import { chooseOption } from '../support/split-editor';

/** A function on a domain and path, as chosen in the editor. */
type Choice = {
  readonly account?: 'niaga-lama';
  readonly domain: string;
  readonly loadBalancer: RegExp;
  readonly listener: RegExp;
  readonly backend: RegExp;
};

type Restriction = Choice & {
  /** The name of the restriction. */
  readonly name: string;
  readonly field: 'Load balancer' | 'Listener' | 'Forwarding rule' | 'Backend';
  /** The text shown beside the field. */
  readonly says: string | RegExp;
};

const usual = {
  domain: 'teaser.example.co.id',
  loadBalancer: /lb-sin-flash/,
  listener: /HTTP:80/,
  backend: /flash\/storefront:1/,
};

/**
 * The guide's seven restrictions (https://www.tencentcloud.com/document/product/214/39790), Event type, one function
 * per rule; the second half of the last one is QUIC as a listener has it.
 */
const restrictions: readonly Restriction[] = [
  {
    ...usual,
    name: 'Region',
    field: 'Load balancer',
    says: "Functions can't be bound in ap-jakarta, the region of lb-jkt-shop.",
    domain: 'flash.example.co.id',
    loadBalancer: /lb-jkt-shop/,
  },
  {
    name: 'Account billing',
    field: 'Load balancer',
    says: /is billed by CVM\./,
    account: 'niaga-lama',
    domain: 'sale.example.my.id',
    loadBalancer: /lb-sin-outlet/,
    listener: /HTTP:80/,
    backend: /default\/outlet:\$LATEST/,
  },
  {
    ...usual,
    name: 'Load balancer type',
    field: 'Load balancer',
    says: 'lb-sin-classic is a classic load balancer.',
    domain: 'flash.example.co.id',
    loadBalancer: /lb-sin-classic/,
  },
  {
    ...usual,
    name: 'VPC network',
    field: 'Load balancer',
    says: 'lb-gz-old is on the classic network.',
    domain: 'flash.example.co.id',
    loadBalancer: /lb-gz-old/,
  },
  {
    ...usual,
    name: 'Same region',
    field: 'Backend',
    says: /is in ap-singapore, lb-gz-partner in ap-guangzhou\./,
    domain: 'promo.example.co.id',
    loadBalancer: /lb-gz-partner/,
  },
  {
    ...usual,
    name: 'IP version',
    field: 'Load balancer',
    says: 'lb-sin-mobile is a full-chain IPv6 load balancer.',
    domain: 'flash.example.co.id',
    loadBalancer: /lb-sin-mobile/,
  },
  {
    ...usual,
    name: 'Listener protocol',
    field: 'Listener',
    listener: /TCP:9000/,
    says: 'TCP:9000 is not an HTTP or HTTPS listener.',
  },
  {
    ...usual,
    name: 'Listener protocol',
    field: 'Listener',
    listener: /QUIC:443/,
    says: 'QUIC:443 is not an HTTP or HTTPS listener.',
    domain: 'api.example.co.id',
    loadBalancer: /lb-sin-api/,
  },
  {
    ...usual,
    name: 'Event function',
    field: 'Backend',
    backend: /flash\/storefront-web:\$LATEST/,
    says: 'flash/storefront-web is an HTTP function.',
  },
  {
    ...usual,
    name: 'One function per rule',
    field: 'Forwarding rule',
    says: 'checkout.example.co.id/ is already bound to flash/checkout:1.',
    domain: 'checkout.example.co.id',
    loadBalancer: /lb-sin-checkout/,
  },
];

/** Returns the account's connection, from its link in the picker. */
async function readConnection(page: Page, account: string): Promise<string> {
  await visitEditor(page, 'access');
  await page.getByRole('button', { name: /^Account / }).click();
  const link = page.getByRole('menuitem', { name: new RegExp(account) });
  const address = new URL((await link.getAttribute('href')) ?? '', page.url());
  return address.searchParams.get('connection') ?? '';
}

/** Makes all choices in an Access, and corrects those that an earlier choice has filled in differently. */
async function pick(page: Page, choice: Choice): Promise<void> {
  const connection = choice.account && (await readConnection(page, choice.account));
  await visitEditor(page, 'access', { domain: choice.domain, ...(connection ? { connection } : {}) });
  const sheet = accessSheet(page);
  await chooseOption(sheet, 'Load balancer', choice.loadBalancer);
  await chooseOption(sheet, 'Listener', choice.listener);
  await chooseOption(sheet, 'Backend', choice.backend);
}

for (const { name, field, says, ...choice } of restrictions) {
  test(`${name}: ${choice.loadBalancer.source} ${choice.listener.source} is shown beside its field`, async ({
    page,
  }) => {
    await pick(page, choice);
    const control = accessSheet(page).getByRole('combobox', { name: field });
    await expect(control).toHaveAttribute('aria-invalid', 'true');
    // Screen readers announce it: the text describes the control.
    const words = page.locator(`[id="${await control.getAttribute('aria-describedby')}"]`);
    await expect(words.getByText(says)).toBeVisible();
    // It is also listed by name among all blocks of the plan.
    const entry = page
      .getByRole('region', { name: /^\d+ blockers?$/ })
      .getByRole('listitem')
      .filter({ has: page.getByText(name, { exact: true }) });
    await entry.getByRole('button', { name: `Function: ${field}` }).click();
    await expect(control).toBeFocused();
    await expect(page.getByRole('button', { name: 'Review plan' })).toBeDisabled();
  });
}

test('and the usual choice is not blocked', async ({ page }) => {
  await pick(page, usual);
  await accessSheet(page).getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
  await expect(page.getByText('0 blocked')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Review plan' })).toBeEnabled();
});
