import type { Creates } from '@/lib/diversion/creates';
import type { Estate } from '@/lib/estate/model';
import { anticipate } from '@/lib/plan/anticipate';
import type { Draft } from './draft';

/** The estate with what a draft creates, whether a route leads over it yet or not: what its routes choose from. */
export function estateOf(estate: Estate, { creates }: Pick<Draft, 'creates'>): Estate {
  // What is created was checked by its schema before it came into the draft.
  return anticipate(estate, { creates: creates as Creates, routes: [] }).estate;
}
