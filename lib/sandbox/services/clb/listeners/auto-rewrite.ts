import { ApiError, invalidValue } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import {
  hasDomain,
  listRuleDomains,
  type WorldListener,
  type WorldLoadBalancer,
  type WorldRule,
} from '@/lib/sandbox/world/clb';
import { cloudId } from '@/lib/sandbox/world/ids';
import type { Rewrite } from '../../../world/effect';
import { quotas } from '../find/quotas';
import { usualHealthCheck } from './health-check';
import { checkPorts, usualSettings } from './listener-input';
import { refuseChains, toRedirectCode } from './rewrites';
import { findLayer7 } from './rules';

/** The source of the redirects, as the page states: HTTP on port 80. */
const plain = { protocol: 'HTTP', port: 80, endPort: null } as const;

function plainListener(
  loadBalancer: WorldLoadBalancer,
  context: ActionContext,
): { listener: WorldListener; isNew: boolean } {
  const present = loadBalancer.listeners.find(({ protocol, port }) => protocol === 'HTTP' && port === 80);
  if (present) return { listener: present, isNew: false };
  checkPorts([plain], loadBalancer, context);
  if (loadBalancer.listeners.length >= quotas.listenersPerLoadBalancer) {
    throw new ApiError(
      'LimitExceeded',
      `The instance ${loadBalancer.id} takes at most ${quotas.listenersPerLoadBalancer} listeners.`,
    );
  }
  const listener: WorldListener = {
    ...usualSettings('HTTP'),
    ...plain,
    id: cloudId('lbl', context.nextId()),
    name: 'http_80',
    certificate: null,
    sni: false,
    healthCheck: null,
    targetGroups: [],
    stopped: false,
    createdAt: context.now,
    rules: [],
    targets: [],
  };
  return { listener, isNew: true };
}

/** Builds the rule that redirects to another one: with the same domains and URL, without servers. */
function resolveSource(
  target: WorldRule,
  { ipVersion }: WorldLoadBalancer,
  { nextId, now }: ActionContext,
): WorldRule {
  return {
    ...target,
    id: cloudId('loc', nextId()),
    isDefault: false,
    forwardType: 'HTTP',
    healthCheck: usualHealthCheck({ protocol: 'HTTP', forwardType: 'HTTP', ipVersion }),
    http2: false,
    quic: false,
    certificate: null,
    targetType: 'NODE',
    targetGroups: [],
    redirectTo: null,
    autoCreated: true,
    createdAt: now,
    targets: [],
    functions: [],
  };
}

/** Returns the value of `RewriteCodes` or `TakeUrls` for each domain: none, or one value each. */
function valueByDomain<T>(
  field: string,
  values: readonly T[] | undefined,
  domains: readonly string[],
): (rule: WorldRule) => T | undefined {
  if (values === undefined || values.length === 0) return () => undefined;
  if (values.length !== domains.length) {
    throw new ApiError(
      'InvalidParameterValue.Length',
      `The parameter \`${field}\` has ${values.length} values for ${domains.length} domains.`,
    );
  }
  return (rule) => values[domains.findIndex((domain) => hasDomain(rule, domain))];
}

/**
 * AutoRewrite of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. Redirects HTTP:80 to
 * all of an HTTPS:443 listener, or to some of its domains, and creates the listener and rules on HTTP:80 if they don't
 * exist. That the codes and the URL option apply by domain, in their order, is an assumption.
 */
export const autoRewrite = action<'clb.AutoRewrite'>((request, context) => {
  const { loadBalancer, listener: secure } = findLayer7(context, request);
  if (secure.protocol !== 'HTTPS' || secure.port !== 443) {
    throw invalidValue(
      `The parameter \`ListenerId\` must be an HTTPS:443 listener; ${secure.id} is ${secure.protocol}:${secure.port}.`,
    );
  }
  const all = [...new Set(secure.rules.flatMap(listRuleDomains))];
  const domains = request.Domains && request.Domains.length > 0 ? request.Domains : all;
  const unknown = domains.find((domain) => !all.includes(domain));
  if (unknown !== undefined || domains.length === 0) {
    throw invalidValue(
      unknown === undefined
        ? `The listener ${secure.id} has no rules.`
        : `The parameter \`Domains\` names ${unknown}, which has no rule in ${secure.id}.`,
    );
  }
  const code = valueByDomain('RewriteCodes', request.RewriteCodes?.map(Number), domains);
  const takeUrl = valueByDomain('TakeUrls', request.TakeUrls, domains);
  const { listener, isNew } = plainListener(loadBalancer, context);
  const newRules: WorldRule[] = [];
  const pairs = secure.rules
    .filter((rule) => domains.some((domain) => hasDomain(rule, domain)))
    .map((target) => {
      const present = listener.rules.find(
        (rule) =>
          rule.url === target.url && listRuleDomains(target).some((domain) => hasDomain(rule, domain)),
      );
      const source = present ?? resolveSource(target, loadBalancer, context);
      if (!present) newRules.push(source);
      return { source, target };
    });
  refuseChains(pairs, loadBalancer);
  if (listener.rules.length + newRules.length > quotas.rulesPerListener) {
    throw new ApiError('LimitExceeded', `${listener.id} takes at most ${quotas.rulesPerListener} rules.`);
  }
  const rewrites = pairs.map(({ source, target }): Rewrite => {
    const redirect = { listenerId: secure.id, ruleId: target.id, takeUrl: takeUrl(target) ?? true };
    const status = toRedirectCode(code(target), context.assumptions);
    return { ruleId: source.id, to: { ...redirect, code: status, kind: 'Auto' } };
  });
  const place = { loadBalancerId: loadBalancer.id, listenerId: listener.id };
  const newListener = isNew ? listener : null;
  context.startTask(loadBalancer, { kind: 'addRewrites', ...place, newListener, newRules, rewrites });
  return {};
});
