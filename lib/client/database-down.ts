import type { HealthView } from '@/lib/contract/health';

/** Returns whether the dashboard can't use its database. */
export function isDatabaseDown({ checks }: HealthView): boolean {
  return checks.some(({ name, ok }) => name === 'database' && !ok);
}
