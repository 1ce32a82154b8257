import type { StatusTone } from '@/components/ui/chip';

/** Returns the tone of a function's or version's state: https://cloud.tencent.com/document/product/583/115197. */
export function statusTone(status: string): StatusTone {
  if (status === 'Active') return 'ok';
  return status.endsWith('Failed') ? 'bad' : 'info';
}
