import type { Creates } from '@/lib/diversion/creates';
import type { Estate } from '@/lib/estate/model';
import { anticipate } from '@/lib/plan/model/anticipate';
import type { Draft } from './draft';

/**
 * Returns the estate with all resources that a draft creates, whether a route uses them yet or not. Its routes choose
 * from this.
 */
export function anticipatedEstate(estate: Estate, { creates }: Pick<Draft, 'creates'>): Estate {
  // Created resources were checked by their schema before they entered the draft.
  return anticipate(estate, { creates: creates as Creates, routes: [] }).estate;
}
