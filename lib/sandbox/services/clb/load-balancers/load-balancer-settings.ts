import type {
  ModifyLoadBalancerSlaRequest,
  ModifyLoadBalancerSlaResponse,
  SetLoadBalancerSecurityGroupsRequest,
  SetLoadBalancerSecurityGroupsResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { action } from '@/lib/sandbox/services/action';
import { findCurrentLoadBalancer, requireLoadBalancer } from '@/lib/sandbox/services/clb/find/find-objects';
import { createDealName } from './deal-name';

/**
 * ModifyLoadBalancerSla of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json: makes
 * shared instances LCU-supported, or changes their specification. They can't become shared again.
 */
export const modifyLoadBalancerSla = action<ModifyLoadBalancerSlaRequest, ModifyLoadBalancerSlaResponse>(
  (request, context) => {
    const changes = request.LoadBalancerSla.map(({ LoadBalancerId: id, SlaType: slaType }) => ({
      loadBalancer: findCurrentLoadBalancer(context, id),
      slaType,
    }));
    const ids = changes.map(({ loadBalancer }) => loadBalancer.id);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) {
      throw new ApiError(
        'InvalidParameterValue.Duplicate',
        `The parameter \`LoadBalancerSla\` names ${twice} twice.`,
      );
    }
    const classic = changes.find(({ loadBalancer: { vpcId } }) => vpcId === '0' || vpcId === '');
    if (classic) {
      throw new ApiError(
        'InvalidParameterValue',
        `The instance ${classic.loadBalancer.id} of the classic network can't be LCU-supported.`,
      );
    }
    const dealName = createDealName(context);
    context.startTask(
      changes.map(({ loadBalancer }) => loadBalancer),
      {
        kind: 'changeSla',
        changes: changes.map(({ loadBalancer, slaType }) => ({ loadBalancerId: loadBalancer.id, slaType })),
      },
    );
    return { DealName: dealName };
  },
);

/**
 * SetLoadBalancerSecurityGroups of the same description: replaces the groups; without the parameter, removes all. The
 * sandbox has no security groups of its own, so it accepts any id of their form, and none of them blocks traffic.
 */
export const setLoadBalancerSecurityGroups = action<
  SetLoadBalancerSecurityGroupsRequest,
  SetLoadBalancerSecurityGroupsResponse
>((request, context) => {
  const loadBalancer = requireLoadBalancer(context, request.LoadBalancerId);
  const { SecurityGroups: groups = [] } = request;
  context.startTask(loadBalancer, {
    kind: 'changeLoadBalancer',
    loadBalancerId: loadBalancer.id,
    fields: { securityGroups: [...new Set(groups)] },
    dealName: null,
  });
  return {};
});
