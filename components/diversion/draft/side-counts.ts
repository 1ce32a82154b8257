import type { Diversion } from '@/lib/diversion/diversion';
import { getHostName } from '@/lib/estate/look-up';
import type { WriteStep } from '@/lib/plan/model/model';
import { stops } from '@/lib/preflight/preflight';
import type { Draft, DraftSide } from './draft';
import { parseRouteField } from './draft-fields';
import type { Preview } from './preview';

/** Returns whether a write belongs to the routes of a side. */
function isFor({ object }: WriteStep, diversion: Diversion, side: DraftSide): boolean {
  const own = diversion.routes.filter(({ to }) => to === side);
  switch (object.kind) {
    case 'recordSet': {
      const isGaining = diversion.kind !== 'switch' || diversion.toward === side;
      return isGaining && own.some(({ domain }) => domain === getHostName(object));
    }
    case 'rule':
      return own.some((route) => route.listenerId === object.listenerId && object.domain === route.domain);
    case 'provisioned':
      return side === 'function';
    case 'listener':
      return own.some(({ loadBalancerId }) => loadBalancerId === object.loadBalancerId);
    case 'loadBalancer': {
      const made = diversion.creates.loadBalancers.find(({ name }) => name === object.name);
      return own.some(({ loadBalancerId }) => loadBalancerId === made?.id);
    }
  }
}

/** Returns the counts in a side's head: its number of writes (null = no plan yet) and of blocks. */
export function sideCounts(
  draft: Draft,
  { plan, findings }: Pick<Preview, 'plan' | 'findings'>,
  side: DraftSide,
): { readonly steps: number | null; readonly blocked: number } {
  const isOwn = (field: string) => draft.routes[parseRouteField(field)?.index ?? -1]?.to === side;
  const blocked = findings.filter((f) => stops(f) && isOwn(f.field)).length;
  if (plan.state !== 'ready') return { steps: null, blocked };
  const { diversion, steps } = plan.plan;
  const own = steps.filter((step) => step.kind === 'write' && isFor(step, diversion, side));
  return { steps: own.length, blocked };
}
