import { findingsOf, sources } from './finding';
import type { Check } from './model';

const { pass, block, unknown } = findingsOf('account-type', sources.guide);

/** Functions can be bound only in accounts billed by IP (STANDARD), not in those billed by CVM (LEGACY). */
export const checkAccountType: Check = ({ estate }) => {
  const { uin, networkAccountType } = estate.account;
  const found = { field: null, objects: [uin], values: { uin } };
  if (networkAccountType === null) return [unknown({ ...found, why: 'unknown' })];
  if (networkAccountType === 'STANDARD') return [pass({ ...found, why: 'pass' })];
  return [block({ ...found, why: 'legacy', fix: { label: 'upgradeAccount', values: { uin }, patch: null } })];
};
