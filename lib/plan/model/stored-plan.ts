import { type StoredDiversion, upgradeDiversion } from '@/lib/diversion/upgrade-diversion';
import { planHash } from './hash';
import type { Plan } from './model';

/** A plan as it may be stored: a current one, or one with a diversion in the shape of an earlier version. */
export type StoredPlan = Omit<Plan, 'diversion'> & { readonly diversion: StoredDiversion };

/** Returns a stored plan in today's shape. Its steps are never touched: they are what was reviewed. */
export function upgradePlan(stored: StoredPlan): Plan {
  return { ...stored, diversion: upgradeDiversion(stored.diversion) };
}

/** Returns whether a stored plan still matches its hash. */
export async function isIntact(stored: StoredPlan, hash: string): Promise<boolean> {
  return (await planHash(stored)) === hash;
}
