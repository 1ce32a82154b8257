import type { Estate } from '@/lib/estate/model';
import type { RouteAddition } from '@/lib/preflight/model/model';
import { anticipatedEstate } from './anticipated-estate';
import { type Draft, freeKey } from './draft';
import { freePlaceholder } from './free-placeholder';
import { newRule } from './route-choices';

/**
 * Returns the draft with routes like another one, for paths on another listener, which is created if it is missing. A
 * draft whose route has no function is returned unchanged.
 */
export function addMissingRoutes(
  estate: Estate,
  draft: Draft,
  { like, listener, urls }: RouteAddition,
): Draft {
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
