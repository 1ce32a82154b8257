import type {
  DeleteRuleRequest,
  ModifyRuleRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import {
  chosen,
  findCurrentLoadBalancer,
  findListener,
  isHttpListener,
  requireRule,
  schedulers,
} from '@/lib/sandbox/services/clb/find/find-objects';
import {
  hasDomain,
  type WorldListener,
  type WorldLoadBalancer,
  type WorldRule,
} from '@/lib/sandbox/world/clb';
import { cloudId } from '@/lib/sandbox/world/ids';
import { quotas } from '../find/quotas';
import { keepUploads } from './certificate-input';
import { toHealthCheck } from './health-check';
import { parseForwardType, refuseDoubles, toRule } from './rule-input';

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
export const modifyRule = action<'clb.ModifyRule'>((request, context) => {
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

/**
 * Returns a listener that supports rules. @throws ApiError InvalidParameter.ProtocolCheckFailed and those of unknown
 * ids
 */
export function findLayer7(
  context: ActionContext,
  ids: { LoadBalancerId: string; ListenerId: string },
): { loadBalancer: WorldLoadBalancer; listener: WorldListener } {
  const loadBalancer = findCurrentLoadBalancer(context, ids.LoadBalancerId);
  const listener = findListener(loadBalancer, ids.ListenerId);
  if (!isHttpListener(listener)) {
    throw new ApiError(
      'InvalidParameter.ProtocolCheckFailed',
      'This interface only support HTTP/HTTPS listener.',
    );
  }
  return { loadBalancer, listener };
}

/** Creates rules; their ids are returned at once: https://www.tencentcloud.com/document/api/214/33840. */
export const createRuleAction = action<'clb.CreateRule'>((request, context) => {
  const place = findLayer7(context, request);
  const { loadBalancer, listener } = place;
  const made = request.Rules.map((input) =>
    toRule(input, place, { id: cloudId('loc', context.nextId()), createdAt: context.now }, context),
  );
  const rules = made.map(({ rule }) => rule);
  refuseDoubles([...listener.rules, ...rules], listener.id);
  if (new Set(rules.filter((rule) => rule.isDefault).map((rule) => rule.domain)).size > 1) {
    throw invalidValue('The parameter `DefaultServer` can be set for one domain of a listener only.');
  }
  if (listener.rules.length + rules.length > quotas.rulesPerListener) {
    throw new ApiError('LimitExceeded', `A listener takes at most ${quotas.rulesPerListener} rules.`);
  }
  context.startTask(loadBalancer, {
    kind: 'createRules',
    loadBalancerId: loadBalancer.id,
    listenerId: listener.id,
    rules,
  });
  for (const { certificate } of made) keepUploads(context, certificate?.uploads);
  return { LocationIds: rules.map((rule) => rule.id) };
});

function rulesToDelete(listener: WorldListener, request: DeleteRuleRequest): WorldRule[] {
  if (request.LocationIds && request.LocationIds.length > 0) {
    return request.LocationIds.map((id) => requireRule(listener, { LocationId: id }));
  }
  const { Domain: domain, Url: url } = request;
  if (!domain) {
    throw missingParameter('The request needs `LocationIds`, or `Domain` with or without `Url`.');
  }
  const found = listener.rules.filter(
    (rule) => hasDomain(rule, domain) && (url === undefined || rule.url === url),
  );
  if (found.length === 0) {
    throw new ApiError(
      'InvalidParameter.LocationNotFound',
      `Location ${domain}${url ?? ''} not found in ${listener.id}.`,
    );
  }
  return found;
}

/** Deletes rules; a domain without a URL means all its rules: https://www.tencentcloud.com/document/api/214/33835. */
export const deleteRuleAction = action<'clb.DeleteRule'>((request, context) => {
  const { loadBalancer, listener } = findLayer7(context, request);
  const ruleIds = [...new Set(rulesToDelete(listener, request).map((rule) => rule.id))];
  const newDefault = request.NewDefaultServerDomain ?? null;
  const staying = listener.rules.filter((rule) => !ruleIds.includes(rule.id));
  if (newDefault !== null && !staying.some((rule) => hasDomain(rule, newDefault))) {
    throw invalidValue(
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
