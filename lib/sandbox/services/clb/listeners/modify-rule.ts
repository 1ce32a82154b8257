import type {
  ModifyRuleRequest,
  ModifyRuleResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { action } from '@/lib/sandbox/services/action';
import { chosen, schedulers } from '@/lib/sandbox/services/clb/find/chosen';
import { requireRule } from '@/lib/sandbox/services/clb/find/find-objects';
import { toHealthCheck } from './health-check-input';
import { parseForwardType, refuseDoubles } from './rule-input';
import { findLayer7 } from './rules';

/**
 * Refuses TRPC and single sign-on, which are enabled only on request: https://cloud.tencent.com/document/api/214/30679.
 */
function refuseUnopened(request: ModifyRuleRequest): void {
  const unopened = request.TrpcCallee
    ? 'TrpcCallee'
    : request.TrpcFunc
      ? 'TrpcFunc'
      : request.OAuth?.OAuthEnable
        ? 'OAuth'
        : null;
  if (unopened) {
    throw new ApiError('UnsupportedOperation', `The parameter \`${unopened}\` is not open to this account.`);
  }
}

/**
 * Modifies a rule; fields that the request leaves out stay unchanged: https://cloud.tencent.com/document/api/214/30679.
 */
export const modifyRule = action<ModifyRuleRequest, ModifyRuleResponse>((request, context) => {
  const { loadBalancer, listener } = findLayer7(context, request);
  const rule = requireRule(listener, { LocationId: request.LocationId });
  refuseUnopened(request);
  const url = request.Url ?? rule.url;
  const others = listener.rules.filter((each) => each.id !== rule.id);
  refuseDoubles([...others, { ...rule, url }], listener.id);
  const forwardType = parseForwardType(request.ForwardType, rule.forwardType, listener, context);
  const checked = { protocol: listener.protocol, forwardType, ipVersion: loadBalancer.ipVersion };
  context.startTask(loadBalancer, {
    kind: 'changeRules',
    loadBalancerId: loadBalancer.id,
    listenerId: listener.id,
    changes: [
      {
        ruleId: rule.id,
        fields: {
          url,
          forwardType,
          healthCheck: toHealthCheck(request.HealthCheck, rule.healthCheck, checked),
          scheduler: chosen(request.Scheduler, schedulers, rule.scheduler),
          sessionExpireS: request.SessionExpireTime ?? rule.sessionExpireS,
          cookieName: request.CookieName ?? rule.cookieName,
        },
      },
    ],
    newDefaultDomain: null,
  });
  return {};
});
