import type {
  DescribeRewriteRequest,
  DescribeRewriteResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { action, type WithFields } from '@/lib/sandbox/services/action';
import { requireLoadBalancer } from '@/lib/sandbox/services/clb/find/find-objects';
import { type RuleAnswer, ruleAnswer } from './describe-listeners';

/**
 * DescribeRewrite of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. Lists the rules
 * that redirect; ids filter, and unknown ids match nothing.
 */
export const describeRewrite = action<
  DescribeRewriteRequest,
  WithFields<DescribeRewriteResponse, { RewriteSet: RuleAnswer[] }>
>((request, context) => {
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
});
