import type { RewriteLocationMap } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import { findListener, requireLoadBalancer, requireRule } from '@/lib/sandbox/services/clb/find/find-objects';
import type { Assumptions } from '@/lib/sandbox/world/assumptions';
import {
  hasDomain,
  listRuleDomains,
  type WorldListener,
  type WorldLoadBalancer,
  type WorldRedirect,
  type WorldRule,
} from '@/lib/sandbox/world/clb';
import type { Rewrite } from '../../../world/effect';
import { type RuleAnswer, ruleAnswer } from './describe-listeners';
import { findLayer7 } from './rules';

/**
 * DescribeRewrite of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. Lists the rules
 * that redirect; ids filter, and unknown ids match nothing.
 */
export const describeRewrite = action<'clb.DescribeRewrite', { RewriteSet: RuleAnswer[] }>(
  (request, context) => {
    const { SourceListenerIds: listenerIds = [], SourceLocationIds: ruleIds = [] } = request;
    const listeners = requireLoadBalancer(context, request.LoadBalancerId).listeners.filter(
      (listener) => listenerIds.length === 0 || listenerIds.includes(listener.id),
    );
    return {
      RewriteSet: listeners.flatMap((listener) =>
        listener.rules
          .filter((rule) => rule.redirectTo !== null && (ruleIds.length === 0 || ruleIds.includes(rule.id)))
          .map((rule) => ruleAnswer(listener, rule, context.account)),
      ),
    };
  },
);

type Pair = { readonly source: WorldRule; readonly target: WorldRule };
type Ids = { LoadBalancerId: string; SourceListenerId: string; TargetListenerId: string };
type Listeners = {
  readonly loadBalancer: WorldLoadBalancer;
  readonly from: WorldListener;
  readonly to: WorldListener;
};

function resolveListeners(request: Ids, context: ActionContext): Listeners {
  const ids = { LoadBalancerId: request.LoadBalancerId, ListenerId: request.SourceListenerId };
  const { loadBalancer, listener } = findLayer7(context, ids);
  return { loadBalancer, from: listener, to: findListener(loadBalancer, request.TargetListenerId) };
}

function exists(message: string): ApiError {
  return new ApiError('InvalidParameter.RewriteAlreadyExist', message);
}

/**
 * Refuses chains: a rule redirects to one other, and a redirect target must not redirect (ManualRewrite of
 * github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json). Rules of the load balancer's other
 * listeners count too.
 * @throws ApiError InvalidParameter.RewriteAlreadyExist
 */
export function refuseChains(pairs: readonly Pair[], loadBalancer: WorldLoadBalancer): void {
  const rules = loadBalancer.listeners.flatMap((listener) => listener.rules);
  const sources = new Set<string>();
  for (const { source } of pairs) {
    if (source.redirectTo !== null || sources.has(source.id)) {
      const other = source.redirectTo?.ruleId ?? 'another rule of this call';
      throw exists(`The rule ${source.id} redirects already, to ${other}.`);
    }
    sources.add(source.id);
  }
  for (const { source, target } of pairs) {
    if (target.redirectTo !== null || sources.has(target.id)) {
      throw exists(`The rule ${target.id} redirects itself, so ${source.id} can't redirect to it.`);
    }
    const before = rules.find((rule) => rule.redirectTo?.ruleId === source.id);
    if (before)
      throw exists(`The rule ${before.id} redirects to ${source.id}, which can't redirect in turn.`);
  }
}

/** Returns the requested status code, or the assumed one. */
export function toRedirectCode(given: number | undefined, assumptions: Assumptions): WorldRedirect['code'] {
  const wanted = given ?? Number(assumptions.get('rewrite.defaultCode'));
  return wanted === 301 || wanted === 307 ? wanted : 302;
}

/**
 * Checks the fields of a redirect. With a status code the page requires two more fields:
 * https://cloud.tencent.com/document/api/214/30694#RewriteLocationMap.
 */
function checkInfo(info: RewriteLocationMap, source: WorldRule): void {
  if (info.RewriteCode !== undefined) {
    const missing = (['TakeUrl', 'SourceDomain'] as const).find((field) => info[field] === undefined);
    if (missing) {
      throw missingParameter(
        `The parameter \`${missing}\` of \`RewriteInfos\` is required beside \`RewriteCode\`.`,
      );
    }
  }
  if (info.SourceDomain !== undefined && !hasDomain(source, info.SourceDomain)) {
    throw invalidValue(
      `The parameter \`SourceDomain\` must be the domain of ${source.id}, which is ${listRuleDomains(source).join(', ')}.`,
    );
  }
}

/** ManualRewrite of the same description. A domain with automatic redirects allows no manual one. */
export const manualRewrite = action<'clb.ManualRewrite'>((request, context) => {
  const { loadBalancer, from, to } = resolveListeners(request, context);
  const pairs = request.RewriteInfos.map((info) => {
    const source = requireRule(from, { LocationId: info.SourceLocationId });
    const target = requireRule(to, { LocationId: info.TargetLocationId });
    checkInfo(info, source);
    return { info, source, target };
  });
  refuseChains(pairs, loadBalancer);
  for (const { source } of pairs) {
    const auto = from.rules.find(
      (rule) =>
        rule.redirectTo?.kind === 'Auto' && listRuleDomains(source).some((domain) => hasDomain(rule, domain)),
    );
    if (auto) throw exists(`The domain ${auto.domain} redirects automatically, by ${auto.id}.`);
  }
  const rewrites = pairs.map(({ info, source, target }): Rewrite => {
    const code = toRedirectCode(info.RewriteCode, context.assumptions);
    const redirect = { listenerId: to.id, ruleId: target.id, code, takeUrl: info.TakeUrl ?? true };
    return { ruleId: source.id, to: { ...redirect, kind: 'Manual' } };
  });
  const place = { loadBalancerId: loadBalancer.id, listenerId: from.id };
  context.startTask(loadBalancer, {
    kind: 'addRewrites',
    ...place,
    newListener: null,
    newRules: [],
    rewrites,
  });
  return {};
});

/** DeleteRewrite of the same description. Rules that AutoRewrite created remain (assumption). */
export const deleteRewrite = action<'clb.DeleteRewrite'>((request, context) => {
  const { loadBalancer, from, to } = resolveListeners(request, context);
  const ruleIds = request.RewriteInfos.map((info) => {
    const { id, redirectTo } = requireRule(from, { LocationId: info.SourceLocationId });
    if (redirectTo?.listenerId !== to.id || redirectTo.ruleId !== info.TargetLocationId) {
      throw new ApiError(
        'InvalidParameter.SomeRewriteNotFound',
        `The rule ${id} does not redirect to ${info.TargetLocationId} of ${to.id}.`,
      );
    }
    return id;
  });
  const place = { loadBalancerId: loadBalancer.id, listenerId: from.id };
  context.startTask(loadBalancer, { kind: 'deleteRewrites', ...place, ruleIds });
  return {};
});
