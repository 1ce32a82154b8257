import { type Acknowledgement, isSameOutage } from '@/lib/diversion/acknowledgement';
import { internetAccessDefault } from '@/lib/diversion/creates';
import type { RouteChoice } from '@/lib/diversion/route';
import type { Estate } from '@/lib/estate/model';
import type { Fix, RouteAddition } from '@/lib/preflight/model/model';
import { anticipatedEstate } from './anticipated-estate';
import { usedCreates } from './as-diversion';
import { changeRoute } from './change-routes';
import { type Draft, freeKey, type RouteDraft } from './draft';
import { parseRouteField } from './draft-fields';
import { type LoadBalancerDraft, replaceListener, replaceLoadBalancer } from './edit-creates';
import { freePlaceholder } from './free-placeholder';
import { parseFunctionKey } from './function-key';
import { proposeRoutes } from './propose-routes';
import { chooseDomain, chooseListener, chooseLoadBalancer, chooseRule, newRule } from './route-choices';
import { parseRuleValue } from './rule-draft';
import { listRouteOrigins } from './waves';

/**
 * Returns the draft with routes like another one, for paths on another listener, which is created if it is missing. A
 * draft whose route has no function is returned unchanged.
 */
function addMissingRoutes(estate: Estate, draft: Draft, { like, listener, urls }: RouteAddition): Draft {
  const model = draft.routes[like];
  if (model?.to !== 'function') return draft;
  const { loadBalancerId, domain } = model;
  const { listeners } = draft.creates;
  const made =
    'id' in listener
      ? null
      : {
          ...listener,
          id: freePlaceholder(`@lbl/${loadBalancerId.replace(/^@lb\//, '')}:${listener.port}`, listeners),
          loadBalancerId,
          name: `${listener.protocol.toLowerCase()}-${listener.port}`,
        };
  const listenerId = 'id' in listener ? listener.id : (made?.id ?? '');
  const creates = made === null ? draft.creates : { ...draft.creates, listeners: [...listeners, made] };
  const start: Draft = { ...draft, creates };
  const whole = anticipatedEstate(estate, start);
  const routes = [...draft.routes];
  for (const url of urls) {
    const rule = newRule(whole, listenerId, domain, url);
    routes.push({ ...model, key: freeKey({ routes }), listenerId, rule, provisioned: null });
  }
  return { ...start, routes };
}

/** A change that clears a finding: that of a fix, or the acknowledgement of a known outage or its withdrawal. */
export type Patch =
  | NonNullable<Fix['patch']>
  | { readonly field: 'acknowledged'; readonly outage: Acknowledgement; readonly isAcknowledged: boolean };

/**
 * Returns the draft after a fix with all its consequences, as if a person had made the same choice. A patch that names
 * nothing (a function key that does not parse) leaves the draft unchanged.
 */
export function applyFix(estate: Estate, draft: Draft, patch: Patch): Draft {
  // If one of several names lacks something, so do all names with the routes of the first. Others have no fix.
  const toOwn = (index: number) => listRouteOrigins(draft)[index]?.like ?? null;
  if ('like' in patch) {
    const like = toOwn(patch.like);
    return like === null ? draft : addMissingRoutes(estate, draft, { ...patch, like });
  }
  if (patch.field === 'acknowledged') {
    const others = draft.acknowledged.filter((each) => !isSameOutage(each, patch.outage));
    return { ...draft, acknowledged: patch.isAcknowledged ? [...others, patch.outage] : others };
  }
  const { field, value } = patch;
  if (field === 'lowerTtlS') return { ...draft, lowerTtlS: Number(value) };
  if (field === 'ramp')
    return { ...draft, ramp: value.split(',').map((share) => stepTo(draft, Number(share))) };
  const [, nth, what] = /^creates\.loadBalancers\.(\d+)\.(bandwidthMbps|address)$/.exec(field) ?? [];
  if (nth !== undefined)
    return changeCreated(draft, Number(nth), ({ internet, ...made }) =>
      what === 'address'
        ? { ...made, internet, address: value === 'fixed' ? 'fixed' : 'domain' }
        : { ...made, internet: { ...(internet ?? internetAccessDefault), bandwidthMbps: Number(value) } },
    );
  const [, made] = /^creates\.listeners\.(\d+)\.certificateId$/.exec(field) ?? [];
  if (made !== undefined) {
    const listener = draft.creates.listeners.find(
      ({ id }) => id === usedCreates(draft).listeners[Number(made)]?.id,
    );
    return listener === undefined ? draft : replaceListener(draft, { ...listener, certificateId: value });
  }
  const [, ruled] = /^routes\.(\d+)\.rule\.certificateId$/.exec(field) ?? [];
  if (ruled !== undefined && Number(ruled) < draft.routes.length)
    return changeRoute(estate, draft, Number(ruled), (route) =>
      route.rule.kind === 'new' ? { ...route, rule: { ...route.rule, certificateId: value } } : route,
    );
  const ofRoute = parseRouteField(field);
  // A domain and a rule are a name's own.
  const isOwn = ofRoute !== null && ofRoute.index < draft.routes.length;
  const index = ofRoute === null ? null : toOwn(ofRoute.index);
  if (ofRoute === null || index === null || (!isOwn && ['domain', 'rule'].includes(ofRoute.choice)))
    return draft;
  const whole = anticipatedEstate(estate, draft);
  const next = changeRoute(estate, draft, index, (route) => patched(whole, route, ofRoute.choice, value));
  return ofRoute.choice === 'loadBalancerId' ? proposeRoutes(estate, next, index) : next;
}

/** Returns the step of the draft's ramp to a share, in %; without a bake where the draft has none. */
function stepTo({ ramp }: Draft, percent: number): Draft['ramp'][number] {
  return ramp.find((step) => step.percent === percent) ?? { percent, bakeS: 0 };
}

/**
 * @param nth the index among the resources that a diversion creates, which are those of the draft that routes use
 * (`asDiversion`)
 */
function changeCreated(
  draft: Draft,
  nth: number,
  change: (made: LoadBalancerDraft) => LoadBalancerDraft,
): Draft {
  const id = usedCreates(draft).loadBalancers[nth]?.id;
  const made = draft.creates.loadBalancers.find((each) => each.id === id);
  return made === undefined ? draft : replaceLoadBalancer(draft, change(made));
}

function patched(estate: Estate, route: RouteDraft, choice: RouteChoice, value: string): RouteDraft {
  switch (choice) {
    case 'domain':
      return chooseDomain(estate, route, value);
    case 'loadBalancerId':
      return chooseLoadBalancer(estate, route, value);
    case 'listenerId':
      return chooseListener(estate, route, value);
    case 'rule':
      return chooseRule(estate, route, parseRuleValue(value));
    case 'addTargets':
      return route.to === 'cvm' ? { ...route, addTargets: [] } : route;
    case 'function':
      return route.to === 'function'
        ? { ...route, function: parseFunctionKey(estate, value) ?? route.function }
        : route;
    case 'expectedBody':
      return route.to === 'function' ? { ...route, expectedBody: value } : route;
    case 'provisioned':
      return route.to === 'function' ? { ...route, provisioned: Number(value) } : route;
  }
}
