import type { Estate } from '@/lib/estate/model';
import type { Draft } from './draft';
import type { Preview } from './preview';
import { ttlFloorOf } from './ttl-facts';

/** What is wrong with a number that only the estate can judge: a TTL below what the plan of a zone takes. By field. */
export function ownErrors(estate: Estate, draft: Draft): Preview['errors'] {
  const errors: Record<string, Preview['errors'][string]> = {};
  const floor = ttlFloorOf(estate, draft);
  if (floor !== null && draft.lowerTtlS !== null && draft.lowerTtlS < floor.minTtlS) {
    const values = { zone: floor.zone, plan: floor.grade, seconds: floor.minTtlS };
    errors.lowerTtlS = [{ message: 'ttl.belowPlan', values }];
  }
  return errors;
}
