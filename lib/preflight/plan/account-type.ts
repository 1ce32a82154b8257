import { type AccountOf, findAccount } from '@/lib/estate/join-estates';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes } from '@/lib/preflight/model/routes';

/** "Checking Account Type": how to see it in the console, and how to move to billing by IP. */
const { pass, block, unknown } = createFindings(
  'account-type',
  'https://www.tencentcloud.com/document/product/684/15246',
);

function accountFinding({ account: { uin, networkAccountType } }: AccountOf): Finding {
  const found = { field: null, objects: [uin], values: { uin } };
  if (networkAccountType === null) return unknown({ ...found, why: 'unknown' });
  if (networkAccountType === 'STANDARD') return pass({ ...found, why: 'pass' });
  return block({ ...found, why: 'legacy', fix: { label: 'upgradeAccount', values: { uin }, patch: null } });
}

/** Returns the accounts that functions are bound in; the diversion's own before any is chosen. */
function listAccounts(input: CheckInput): readonly AccountOf[] {
  const accounts = listFunctionRoutes(input).map(({ loadBalancer }) =>
    findAccount(input.estate, loadBalancer),
  );
  return accounts.length === 0 ? [input.estate] : [...new Set(accounts)];
}

/** Checks that functions are bound only in accounts billed by IP (STANDARD), not in those billed by CVM (LEGACY). */
export const checkAccountType: Check = (input) => listAccounts(input).map(accountFinding);
