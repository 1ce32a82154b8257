import type { HealthView } from '@/lib/client/views';

/** Returns whether the dashboard can't use its database. */
export function isDatabaseDown({ checks }: HealthView): boolean {
  return checks.some(({ name, ok }) => name === 'database' && !ok);
}
