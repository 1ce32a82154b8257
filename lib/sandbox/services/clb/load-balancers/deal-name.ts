import type { ActionContext } from '@/lib/sandbox/services/action';

/** Returns an order number: digits, starting with the date. */
export function createDealName({ now, nextId }: Pick<ActionContext, 'now' | 'nextId'>): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '');
  return `${day}${String(nextId()).padStart(15, '0')}`;
}
