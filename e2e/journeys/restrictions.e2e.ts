import { expect } from 'playwright/test';
import { test } from '../support/app';
import { accessSheet } from '../support/diversion-editor';
import { acknowledgeOutage, chooseOption, keepHttp, visitEditor } from '../support/split-editor';

/* One restriction in the browser; all ten are in components/diversion/editor/restrictions.test.tsx. */
test('the field of a load balancer explains why functions can’t be bound to it', async ({ page }) => {
  await visitEditor(page, 'access', { domain: 'flash.example.co.id' });
  const sheet = accessSheet(page);
  await chooseOption(sheet, 'Load balancer', /lb-jkt-shop/);
  await keepHttp(sheet);
  await chooseOption(sheet, 'Backend', /flash\/storefront:1/);
  const control = sheet.getByRole('combobox', { name: 'Load balancer' });
  await expect(control).toHaveAttribute('aria-invalid', 'true');
  await expect(control).toHaveAccessibleDescription(
    /Functions can't be bound in ap-jakarta, the region of lb-jkt-shop\./,
  );
  // It is also listed with its name among all blocking findings of the plan.
  const entry = page
    .getByRole('region', { name: 'Checks' })
    .getByRole('listitem')
    .filter({ has: page.getByText('Region', { exact: true }) });
  await entry.getByRole('button', { name: 'flash.example.co.id: Load balancer' }).click();
  await expect(control).toBeFocused();
  await expect(page.getByRole('button', { name: 'Review plan' })).toBeDisabled();

  await chooseOption(sheet, 'Load balancer', /lb-sin-flash/);
  await keepHttp(sheet);
  await sheet.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
  await acknowledgeOutage(sheet);
  await expect(page.getByRole('button', { name: 'Review plan' })).toBeEnabled();
});
