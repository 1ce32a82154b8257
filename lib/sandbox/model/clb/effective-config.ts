import { invariant } from '@/lib/invariant';
import type { WorldCustomConfig, WorldRule } from '@/lib/sandbox/world/clb';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { defaultCustomConfig, type ParsedCustomConfig, parseCustomConfig } from './custom-config';

/** The parsed configurations, by their record in the sandbox data; parsed again when the text changes. */
const read = new WeakMap<WorldCustomConfig, { content: string; config: Partial<ParsedCustomConfig> }>();

function toConfig(custom: WorldCustomConfig): Partial<ParsedCustomConfig> {
  const known = read.get(custom);
  if (known?.content === custom.content) return known.config;
  const parsed = parseCustomConfig(custom.content);
  invariant(parsed.ok, `${custom.id} holds a text that was never accepted`);
  read.set(custom, { content: custom.content, config: parsed.value });
  return parsed.value;
}

/**
 * Returns the effective configuration for the requests of a rule: the rule's own configuration overrides that of its
 * domain, which overrides the load balancer's, which overrides the defaults. Headers and error pages at a narrower
 * level replace those of the wider one, as in nginx
 * (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header).
 */
export function effectiveConfig(
  account: Pick<AccountWorld, 'customConfigs'>,
  place: { readonly loadBalancerId: string; readonly listenerId: string },
  rule: Pick<WorldRule, 'id' | 'domain' | 'furtherDomains'>,
): ParsedCustomConfig {
  const wide: Record<WorldCustomConfig['kind'], Partial<ParsedCustomConfig>> = {
    CLB: {},
    SERVER: {},
    LOCATION: {},
  };
  let isSet = false;
  for (const custom of Object.values(account.customConfigs)) {
    const holds = custom.bindings.some((bound) => {
      if (bound.loadBalancerId !== place.loadBalancerId) return false;
      if (custom.kind === 'CLB') return true;
      if (bound.listenerId !== place.listenerId) return false;
      if (custom.kind === 'LOCATION') return bound.ruleId === rule.id;
      return bound.domain === rule.domain || rule.furtherDomains.some((domain) => domain === bound.domain);
    });
    if (!holds) continue;
    wide[custom.kind] = toConfig(custom);
    isSet = true;
  }
  if (!isSet) return defaultCustomConfig;
  return { ...defaultCustomConfig, ...wide.CLB, ...wide.SERVER, ...wide.LOCATION };
}
