import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { getOwner } from '@/lib/estate/owner';
import { targetName } from '@/lib/estate/target';
import { unreachable } from '@/lib/invariant';
import { anticipatedEstate } from './anticipated-estate';
import { applyFix } from './apply-fix';
import { changeRoute } from './change-routes';
import { type Draft, noFunction, type RouteDraft, type RuleDraft } from './draft';
import type { DraftChange } from './draft-change';
import type { ListenerDraft, LoadBalancerDraft } from './edit-creates';
import { findInstanceProblem } from './find-ineligible';
import { parseFunctionKey } from './function-key';
import { listBlocks } from './list-blocks';
import { checkDraft, type DraftBasis } from './preview';
import { chooseName, proposeRoutes } from './propose-routes';
import { chooseListener, chooseLoadBalancer, chooseRule, newRule } from './route-choices';
import { listBoundTargets } from './rule-draft';
import { withFunction } from './show-change';
import { addNames, moveName, removeName } from './waves';

/** Adds a load balancer to the resources to create, and routes a route through it. */
export function addCreatedLoadBalancer(
  estate: Estate,
  draft: Draft,
  index: number,
  made: LoadBalancerDraft,
): Draft {
  const { creates } = draft;
  const next = { ...draft, creates: { ...creates, loadBalancers: [...creates.loadBalancers, made] } };
  const whole = anticipatedEstate(estate, next);
  const moved = changeRoute(estate, next, index, (route) => chooseLoadBalancer(whole, route, made.id));
  return proposeRoutes(estate, moved, index);
}

/** Adds a listener to the resources to create, and routes a route through it. */
export function addCreatedListener(estate: Estate, draft: Draft, index: number, made: ListenerDraft): Draft {
  const { creates } = draft;
  const next = { ...draft, creates: { ...creates, listeners: [...creates.listeners, made] } };
  const whole = anticipatedEstate(estate, next);
  return changeRoute(estate, next, index, (route) => chooseListener(whole, route, made.id));
}

/** The cloud's default weight of a target. https://www.tencentcloud.com/document/api/214/33829 */
const targetWeightDefault = 10;

const portDefault = 80;

/**
 * Returns the route with one more target: the first server of its region that can serve and that it has not, otherwise
 * any other one, otherwise an address to type.
 */
function addTarget(estate: Estate, route: RouteDraft): RouteDraft {
  if (route.to !== 'cvm') return route;
  const bound = listBoundTargets(estate, route.rule);
  const names = bound.map(targetName);
  const region = findLoadBalancer(estate, route.loadBalancerId)?.region;
  const others = estate.instances
    .filter(({ id }) => !route.addTargets.some(({ instanceId }) => instanceId === id))
    .filter((instance) => instance.region === region)
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const unused = others.find((instance) => findInstanceProblem(instance, names) === null) ?? others[0];
  const name = unused === undefined ? { eniIp: '' } : { instanceId: unused.id };
  const port = bound[0]?.port ?? portDefault;
  return { ...route, addTargets: [...route.addTargets, { ...name, port, weight: targetWeightDefault }] };
}

/** Each fix that is tried is a whole preflight, so a change applies this many at most. */
const fixesAtOnceMax = 10;

/** Applies fixes, each only as long as its block is there and has that fix: an earlier one may have cleared it. */
async function applyFixes(
  basis: DraftBasis,
  draft: Draft,
  { fixes }: Extract<DraftChange, { kind: 'fixAll' }>,
): Promise<Draft> {
  let now = draft;
  for (const { field, why, patch } of fixes.slice(0, fixesAtOnceMax)) {
    const still = listBlocks(now, await checkDraft(basis, now)).some(
      (block) =>
        block.field === field &&
        block.why === why &&
        JSON.stringify(block.fix?.patch) === JSON.stringify(patch),
    );
    if (still) now = applyFix(basis.estate, now, patch);
  }
  return now;
}

function chooseFunction(estate: Estate, draft: Draft, index: number, key: string): Draft {
  const whole = anticipatedEstate(estate, draft);
  const owned = getOwner(findLoadBalancer(whole, draft.routes[index]?.loadBalancerId ?? '') ?? {});
  return withFunction(draft, index, parseFunctionKey(whole, key, owned) ?? noFunction);
}

/** Chooses a load balancer, with the routes that are proposed on it. */
function pickLoadBalancer(estate: Estate, draft: Draft, index: number, id: string): Draft {
  const whole = anticipatedEstate(estate, draft);
  const moved = changeRoute(estate, draft, index, (route) => chooseLoadBalancer(whole, route, id));
  return proposeRoutes(estate, moved, index);
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
export async function applyChange(basis: DraftBasis, draft: Draft, change: DraftChange): Promise<Draft> {
  const { estate } = basis;
  const whole = anticipatedEstate(estate, draft);
  switch (change.kind) {
    case 'domain':
      return chooseName(estate, draft, change.index, change.domain);
    case 'loadBalancer':
      return pickLoadBalancer(estate, draft, change.index, change.id);
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
