import { findListener } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { RouteDraft } from './draft';

const usualPorts = { http: 80, https: 443 } as const;

/** Returns the address of a route once it is applied, or null while its domain, listener or path is not chosen. */
export function accessAddress(estate: Estate, route: RouteDraft): string | null {
  const listener = findListener(estate, route.loadBalancerId, route.listenerId);
  const { rule } = route;
  const url = rule.kind === 'new' ? rule.url : estate.rules.find(({ id }) => id === rule.ruleId)?.url;
  if (listener === undefined || route.domain === '' || !url?.startsWith('/')) return null;
  const scheme = listener.protocol === 'HTTPS' ? 'https' : 'http';
  const port = listener.port === usualPorts[scheme] ? '' : `:${listener.port}`;
  return `${scheme}://${route.domain}${port}${url}`;
}
