import type { Estate } from '@/lib/estate/model';
import { provisionableVersion } from '@/lib/plan/diff-provisioned';
import type { Draft } from './draft';
import type { Preview } from './preview';
import { ttlFloorOf } from './ttl-facts';

/**
 * What is wrong with numbers that only the estate can judge: a TTL below what the plan of a zone takes, and instances kept
 * warm for what has no version. By field, as of the schema.
 */
export function ownErrors(estate: Estate, draft: Draft): Preview['errors'] {
  const errors: Record<string, Preview['errors'][string]> = {};
  const floor = ttlFloorOf(estate, draft);
  if (floor !== null && draft.lowerTtlS !== null && draft.lowerTtlS < floor.minTtlS) {
    const values = { zone: floor.zone, plan: floor.grade, seconds: floor.minTtlS };
    errors.lowerTtlS = [{ message: 'ttl.belowPlan', values }];
  }
  draft.routes.forEach((route, index) => {
    if (route.to !== 'function' || route.provisioned === null) return;
    if (provisionableVersion(estate, route.function) !== null) return;
    errors[`routes.${index}.provisioned`] = [{ message: 'provisioned.noVersion', values: {} }];
  });
  return errors;
}
