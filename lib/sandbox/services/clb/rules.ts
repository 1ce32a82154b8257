import type {
  CreateRuleRequest,
  CreateRuleResponse,
  DeleteRuleRequest,
  DeleteRuleResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '../../api/api-error';
import { cloudId } from '../../state/ids';
import type { WorldListener, WorldRule } from '../../world/clb';
import { action } from '../action';
import { findListener, findLoadBalancer, findRule, isLayer7 } from './look-up';
import { ruleOf } from './rule-input';

/** Rules of an HTTP or HTTPS listener: https://www.tencentcloud.com/document/product/214/6187. */
const rulesMax = 50;

function refuseDoubles(listener: WorldListener, added: readonly WorldRule[]): void {
  const key = ({ domain, url }: WorldRule) => `${domain} ${url}`;
  const seen = new Set(listener.rules.map(key));
  for (const rule of added) {
    if (seen.has(key(rule))) {
      throw new ApiError(
        'InvalidParameterValue.Duplicate',
        `The rule ${rule.domain}${rule.url} exists already in ${listener.id}.`,
      );
    }
    seen.add(key(rule));
  }
}

/** https://www.tencentcloud.com/document/api/214/33843. The ids of the rules are given out at once. */
export const createRule = action<CreateRuleRequest, CreateRuleResponse>((request, context) => {
  const loadBalancer = findLoadBalancer(context, request.LoadBalancerId);
  const listener = findListener(loadBalancer, request.ListenerId);
  if (!isLayer7(listener)) {
    throw new ApiError(
      'InvalidParameter.ProtocolCheckFailed',
      'This interface only support HTTP/HTTPS listener.',
    );
  }
  if (request.Rules.length === 0) {
    throw new ApiError('InvalidParameterValue.Length', 'The parameter `Rules` must not be empty.');
  }
  const rules = request.Rules.map((input) =>
    ruleOf(input, listener, { id: cloudId('loc', context.nextId()), createdAt: context.now }),
  );
  refuseDoubles(listener, rules);
  if (listener.rules.length + rules.length > rulesMax) {
    throw new ApiError('LimitExceeded', `A listener takes at most ${rulesMax} rules.`);
  }
  context.startTask(loadBalancer, {
    kind: 'createRules',
    loadBalancerId: loadBalancer.id,
    listenerId: listener.id,
    rules,
  });
  return { LocationIds: rules.map((rule) => rule.id) };
});

function rulesToDelete(listener: WorldListener, request: DeleteRuleRequest): WorldRule[] {
  if (request.LocationIds && request.LocationIds.length > 0) {
    return request.LocationIds.map((id) => findRule(listener, { LocationId: id }));
  }
  const { Domain: domain, Url: url } = request;
  if (!domain) {
    throw new ApiError(
      'MissingParameter',
      'The request needs `LocationIds`, or `Domain` with or without `Url`.',
    );
  }
  const found = listener.rules.filter(
    (rule) => rule.domain === domain && (url === undefined || rule.url === url),
  );
  if (found.length === 0) {
    throw new ApiError(
      'InvalidParameter.LocationNotFound',
      `Location ${domain}${url ?? ''} not found in ${listener.id}.`,
    );
  }
  return found;
}

/** https://www.tencentcloud.com/document/api/214/33841. A domain without a URL means all its rules. */
export const deleteRule = action<DeleteRuleRequest, DeleteRuleResponse>((request, context) => {
  const loadBalancer = findLoadBalancer(context, request.LoadBalancerId);
  const listener = findListener(loadBalancer, request.ListenerId);
  const ruleIds = rulesToDelete(listener, request).map((rule) => rule.id);
  const newDefault = request.NewDefaultServerDomain ?? null;
  const staying = listener.rules.filter((rule) => !ruleIds.includes(rule.id));
  if (newDefault !== null && !staying.some((rule) => rule.domain === newDefault)) {
    throw new ApiError(
      'InvalidParameterValue',
      `The parameter \`NewDefaultServerDomain\` names ${newDefault}, which has no rule in ${listener.id} afterwards.`,
    );
  }
  context.startTask(loadBalancer, {
    kind: 'deleteRules',
    loadBalancerId: loadBalancer.id,
    listenerId: listener.id,
    ruleIds,
    newDefaultDomain: newDefault,
  });
  return {};
});
