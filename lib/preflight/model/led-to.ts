import { getHostName } from '@/lib/estate/look-up';
import { objectKey } from '@/lib/estate/object-state';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import type { CheckInput } from './model';

/**
 * Returns whether a plan moves requests to a route, or changes what serves it. Routes that it leaves unchanged, or
 * moves traffic away from, are checked too, but don't block: a Switch away from broken servers must be possible.
 */
export function isLedTo(
  { diversion, steps }: Pick<CheckInput, 'diversion' | 'steps'>,
  { route, ref, hostName }: Pick<ResolvedRoute, 'route' | 'ref' | 'hostName'>,
): boolean {
  if (diversion.kind === 'switch') return route.to === diversion.toward;
  if (route.to === 'function') return true;
  const rule = objectKey(ref);
  return steps.some(
    (step) =>
      step.kind === 'write' &&
      (objectKey(step.object) === rule ||
        (step.object.kind === 'recordSet' && getHostName(step.object) === hostName)),
  );
}
