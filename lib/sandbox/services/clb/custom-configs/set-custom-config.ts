import type { SetCustomizedConfigForLoadBalancerRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import { findCurrentLoadBalancer } from '@/lib/sandbox/services/clb/find/find-objects';
import type { WorldCustomConfig } from '@/lib/sandbox/world/clb';
import { cloudId } from '@/lib/sandbox/world/ids';
import { checkContent, findConfig, refuseTaken, refuseUnbound, samePlace } from './custom-config-input';

type Request = SetCustomizedConfigForLoadBalancerRequest;

/** Per region: https://www.tencentcloud.com/document/product/214/32427. */
const configsMax = 200;

function required<T>(field: keyof Request, value: T | undefined): T {
  if (value !== undefined) return value;
  throw missingParameter(`The request is missing a required parameter \`${field}\`.`);
}

function add(request: Request, context: ActionContext): string {
  const name = required('ConfigName', request.ConfigName);
  const content = required('ConfigContent', request.ConfigContent);
  checkContent(content);
  const { account, region, now } = context;
  const present = Object.values(account.customConfigs).filter((each) => each.region === region);
  if (present.length >= configsMax) {
    throw new ApiError('LimitExceeded', `A region takes at most ${configsMax} configurations.`);
  }
  const id = cloudId('pz', context.nextId());
  account.customConfigs[id] = {
    id,
    name,
    region,
    content,
    kind: 'CLB',
    createdAt: now,
    modifiedAt: now,
    bindings: [],
    tags: Object.fromEntries((request.Tags ?? []).map((tag) => [tag.TagKey, tag.TagValue])),
  };
  return id;
}

function update(config: WorldCustomConfig, request: Request, { now }: ActionContext): void {
  const { ConfigName: name, ConfigContent: content } = request;
  if (name === undefined && content === undefined) {
    throw missingParameter('The request needs `ConfigName` or `ConfigContent`.');
  }
  if (content !== undefined) checkContent(content);
  config.name = name ?? config.name;
  config.content = content ?? config.content;
  config.modifiedAt = now;
}

function remove(config: WorldCustomConfig, { account }: ActionContext): void {
  const [bound] = config.bindings;
  if (bound) {
    throw new ApiError(
      'FailedOperation',
      `The configuration ${config.id} is bound to ${bound.loadBalancerId}; unbind it first.`,
    );
  }
  delete account.customConfigs[config.id];
}

/** Returns the load balancers of the request as places. @throws ApiError */
function resolvePlaces(config: WorldCustomConfig, request: Request, context: ActionContext) {
  if (config.kind !== 'CLB') {
    throw invalidValue(`The configuration ${config.id} is of the kind ${config.kind}.`);
  }
  const ids = [...new Set(required('LoadBalancerIds', request.LoadBalancerIds))];
  if (ids.length === 0) {
    throw new ApiError(
      'InvalidParameterValue.Length',
      'The parameter `LoadBalancerIds` must have at least 1 item.',
    );
  }
  return ids.map((id) => ({
    loadBalancerId: findCurrentLoadBalancer(context, id).id,
    listenerId: null,
    domain: null,
    ruleId: null,
  }));
}

function run(request: Request, context: ActionContext): string {
  if (request.OperationType === 'ADD') return add(request, context);
  const config = findConfig(context, request.UconfigId);
  switch (request.OperationType) {
    case 'UPDATE':
      update(config, request, context);
      break;
    case 'DELETE':
      remove(config, context);
      break;
    case 'BIND': {
      const places = resolvePlaces(config, request, context);
      refuseTaken(places, config, context);
      config.bindings.push(...places);
      break;
    }
    default: {
      const places = resolvePlaces(config, request, context);
      refuseUnbound(places, config);
      config.bindings = config.bindings.filter((bound) => !places.some((place) => samePlace(bound, place)));
    }
  }
  return config.id;
}

/**
 * Sets the custom configuration of a load balancer, at once: https://www.tencentcloud.com/document/api/214/51215. The
 * page doesn't call it asynchronous, but Terraform waits for a task
 * (github.com/tencentcloudstack/terraform-provider-tencentcloud, resource_tc_clb_customized_config.go), so its id is
 * that of a task without an effect.
 */
export const setCustomizedConfigForLoadBalancer = action<'clb.SetCustomizedConfigForLoadBalancer'>(
  (request, context) => {
    const id = run(request, context);
    context.startTask([], { kind: 'nothing' });
    context.applied(id);
    return { ConfigId: id };
  },
);
