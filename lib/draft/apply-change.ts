import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { getOwner } from '@/lib/estate/owner';
import { unreachable } from '@/lib/invariant';
import { addTarget } from './add-target';
import { anticipatedEstate } from './anticipated-estate';
import { applyFix } from './apply-fix';
import { addCreatedListener, addCreatedLoadBalancer } from './change-creates';
import { changeRoute } from './change-routes';
import { type Draft, noFunction, type RouteDraft, type RuleDraft } from './draft';
import type { DraftChange } from './draft-change';
import { parseFunctionKey } from './function-key';
import { listBlocks } from './list-blocks';
import { checkDraft, type DraftBasis } from './preview';
import { chooseDomain, chooseListener, chooseLoadBalancer, chooseRule, newRule } from './route-choices';
import { addNames, moveName, removeName } from './waves';

/** Each fix that is tried is a whole preflight, so a change applies this many at most. */
const fixesAtOnceMax = 10;

/** Applies fixes, each only as long as its block is there and has that fix: an earlier one may have cleared it. */
function applyFixes(
  basis: DraftBasis,
  draft: Draft,
  { fixes }: Extract<DraftChange, { kind: 'fixAll' }>,
): Draft {
  return fixes.slice(0, fixesAtOnceMax).reduce((now, { field, why, patch }) => {
    const still = listBlocks(now, checkDraft(basis, now)).some(
      (block) =>
        block.field === field &&
        block.why === why &&
        JSON.stringify(block.fix?.patch) === JSON.stringify(patch),
    );
    return still ? applyFix(basis.estate, now, patch) : now;
  }, draft);
}

function chooseFunction(estate: Estate, draft: Draft, index: number, key: string): Draft {
  const whole = anticipatedEstate(estate, draft);
  return changeRoute(estate, draft, index, (route) => {
    if (route.to !== 'function') return route;
    const owned = getOwner(findLoadBalancer(whole, route.loadBalancerId) ?? {});
    return { ...route, function: parseFunctionKey(whole, key, owned) ?? noFunction };
  });
}

/** A new rule gets its proposed certificate, an existing one its function. */
function pickRule(estate: Estate, route: RouteDraft, rule: RuleDraft): RouteDraft {
  return rule.kind === 'new'
    ? { ...route, rule: newRule(estate, route.listenerId, route.domain, rule.url) }
    : chooseRule(estate, route, rule);
}

/**
 * Returns the draft after a change with all its consequences. A change of a route that does not exist changes nothing.
 */
export function applyChange(basis: DraftBasis, draft: Draft, change: DraftChange): Draft {
  const { estate } = basis;
  const whole = anticipatedEstate(estate, draft);
  switch (change.kind) {
    case 'domain':
      return changeRoute(estate, draft, change.index, (route) => chooseDomain(whole, route, change.domain));
    case 'loadBalancer':
      return changeRoute(estate, draft, change.index, (route) => chooseLoadBalancer(whole, route, change.id));
    case 'listener':
      return changeRoute(estate, draft, change.index, (route) => chooseListener(whole, route, change.id));
    case 'rule':
      return changeRoute(estate, draft, change.index, (route) => pickRule(whole, route, change.rule));
    case 'function':
      return chooseFunction(estate, draft, change.index, change.key);
    case 'addTarget':
      return changeRoute(estate, draft, change.index, (route) => addTarget(whole, route));
    case 'settle':
      return changeRoute(estate, draft, change.index, (route) => route);
    case 'fix':
      return applyFix(estate, draft, change.patch);
    case 'fixAll':
      return applyFixes(basis, draft, change);
    case 'createLoadBalancer':
      return addCreatedLoadBalancer(estate, draft, change.index, change.made);
    case 'createListener':
      return addCreatedListener(estate, draft, change.index, change.made);
    case 'addNames':
      return addNames(estate, draft, change.lists);
    case 'moveName':
      return moveName(estate, draft, change.name, change.wave);
    case 'removeName':
      return removeName(estate, draft, change.name);
    default:
      return unreachable(change);
  }
}
