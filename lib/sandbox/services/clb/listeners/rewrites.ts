import type { RewriteLocationMap } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { action } from '@/lib/sandbox/services/action';
import { findListener, requireLoadBalancer, requireRule } from '@/lib/sandbox/services/clb/find/find-objects';
import { hasDomain, listRuleDomains, type WorldLoadBalancer, type WorldRule } from '@/lib/sandbox/world/clb';
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
function exists(message: string): ApiError {
  return new ApiError('InvalidParameter.RewriteAlreadyExist', message);
}

/**
 * Refuses chains: a rule redirects to one other, and a redirect target must not redirect (ManualRewrite of
 * github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json). Rules of the load balancer's other
 * listeners count too.
 * @throws ApiError InvalidParameter.RewriteAlreadyExist
 */
function refuseChains(pairs: readonly Pair[], loadBalancer: WorldLoadBalancer): void {
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

/** ManualRewrite of the same description. */
export const manualRewrite = action<'clb.ManualRewrite'>((request, context) => {
  const ids = { LoadBalancerId: request.LoadBalancerId, ListenerId: request.SourceListenerId };
  const { loadBalancer, listener: from } = findLayer7(context, ids);
  const to = findListener(loadBalancer, request.TargetListenerId);
  const pairs = request.RewriteInfos.map((info) => {
    const source = requireRule(from, { LocationId: info.SourceLocationId });
    const target = requireRule(to, { LocationId: info.TargetLocationId });
    checkInfo(info, source);
    return { info, source, target };
  });
  refuseChains(pairs, loadBalancer);
  const rewrites = pairs.map(({ info, source, target }): Rewrite => {
    const wanted = info.RewriteCode ?? Number(context.assumptions.get('rewrite.defaultCode'));
    const code = wanted === 301 || wanted === 307 ? wanted : 302;
    const redirect = { listenerId: to.id, ruleId: target.id, code, takeUrl: info.TakeUrl ?? true } as const;
    return { ruleId: source.id, to: redirect };
  });
  context.startTask(loadBalancer, {
    kind: 'addRewrites',
    loadBalancerId: loadBalancer.id,
    listenerId: from.id,
    rewrites,
  });
  return {};
});
