import type {
  ModifyLoadBalancerAttributesRequest,
  ModifyLoadBalancerAttributesResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import { type ActionContext, action, type WithNull } from '@/lib/sandbox/services/action';
import {
  findCurrentLoadBalancer,
  findListener,
  requireLoadBalancer,
} from '@/lib/sandbox/services/clb/find/find-objects';
import type { WorldLoadBalancer } from '@/lib/sandbox/world/clb';
import type { LoadBalancerFields } from '../../../world/effect';
import { changedCharge, createDealName } from './load-balancer-charge';

/**
 * ModifyLoadBalancerSla of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json: makes
 * shared instances LCU-supported, or changes their specification. The change to LCU can't be undone.
 */
export const modifyLoadBalancerSla = action<'clb.ModifyLoadBalancerSla'>((request, context) => {
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
    throw invalidValue(
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
});

/**
 * SetLoadBalancerSecurityGroups of the same description: replaces the groups; without the parameter, removes all. None
 * of them blocks traffic.
 */
export const setLoadBalancerSecurityGroups = action<'clb.SetLoadBalancerSecurityGroups'>(
  (request, context) => {
    const loadBalancer = requireLoadBalancer(context, request.LoadBalancerId);
    const { SecurityGroups: groups = [] } = request;
    const { securityGroups = {} } = context.account;
    const missing = groups.find((id) => entry(securityGroups, id)?.region !== loadBalancer.region);
    if (missing !== undefined) {
      throw invalidValue(`There is no security group ${missing} in ${loadBalancer.region}.`);
    }
    context.startTask(loadBalancer, {
      kind: 'changeLoadBalancer',
      loadBalancerId: loadBalancer.id,
      fields: { securityGroups: [...new Set(groups)] },
      dealName: null,
    });
    return {};
  },
);

function domainFields(
  request: ModifyLoadBalancerAttributesRequest,
  { id, domain }: WorldLoadBalancer,
): LoadBalancerFields {
  if (!request.ModifyClassicDomain) return {};
  if (!domain?.endsWith('mycloud.com')) {
    throw invalidValue(
      `The parameter \`ModifyClassicDomain\` needs a mycloud.com domain, which ${id} does not have.`,
    );
  }
  return { domain: domain.replace(/mycloud\.com$/, 'tencentclb.com') };
}

function targetRegionFields(
  request: ModifyLoadBalancerAttributesRequest,
  { region, vpcId }: WorldLoadBalancer,
  { account }: ActionContext,
): LoadBalancerFields {
  const { TargetRegionInfo: wanted } = request;
  if (!wanted) return {};
  const vpc = account.vpcs[wanted.VpcId];
  if (wanted.VpcId !== '0' && vpc?.region !== wanted.Region) {
    throw invalidValue(
      `The parameter \`TargetRegionInfo.VpcId\` names ${wanted.VpcId}, which does not exist in ${wanted.Region}.`,
    );
  }
  const isOwn = wanted.Region === region && wanted.VpcId === vpcId;
  return { targetRegion: isOwn ? null : { region: wanted.Region, vpcId: wanted.VpcId } };
}

/**
 * Modifies a load balancer; fields that the request leaves out stay unchanged:
 * https://cloud.tencent.com/document/api/214/30680.
 */
export const modifyLoadBalancerAttributes = action<
  'clb.ModifyLoadBalancerAttributes',
  WithNull<ModifyLoadBalancerAttributesResponse, 'DealName'>
>((request, context) => {
  const loadBalancer = requireLoadBalancer(context, request.LoadBalancerId);
  if (request.AssociateEndpoint) {
    throw invalidValue(`The endpoint ${request.AssociateEndpoint} does not exist in this account.`);
  }
  const fields: LoadBalancerFields = {
    name: request.LoadBalancerName ?? loadBalancer.name,
    passToTarget: request.LoadBalancerPassToTarget ?? loadBalancer.passToTarget,
    snatPro: request.SnatPro ?? loadBalancer.snatPro,
    deleteProtected: request.DeleteProtect ?? loadBalancer.deleteProtected,
    ...changedCharge(request, loadBalancer, context.now),
    ...domainFields(request, loadBalancer),
    ...targetRegionFields(request, loadBalancer, context),
  };
  const dealName = request.SwitchFlag ? createDealName(context) : null;
  context.startTask(loadBalancer, {
    kind: 'changeLoadBalancer',
    loadBalancerId: loadBalancer.id,
    fields,
    dealName,
  });
  return { DealName: dealName };
});

/**
 * Starts or stops the instance with all its listeners, or the named listeners:
 * https://cloud.tencent.com/document/api/214/104002. Only instances in a VPC:
 * https://cloud.tencent.com/document/product/214/80898.
 */
export const setLoadBalancerStartStatus = action<'clb.SetLoadBalancerStartStatus'>((request, context) => {
  const loadBalancer = findCurrentLoadBalancer(context, request.LoadBalancerId);
  if (loadBalancer.vpcId === '0' || loadBalancer.vpcId === '') {
    throw invalidValue(`The instance ${loadBalancer.id} of the classic network can't be started or stopped.`);
  }
  const { ListenerIds: ids = [] } = request;
  const listenerIds = [...new Set(ids.map((id) => findListener(loadBalancer, id).id))];
  context.startTask(loadBalancer, {
    kind: 'startOrStop',
    loadBalancerId: loadBalancer.id,
    listenerIds: listenerIds.length > 0 ? listenerIds : null,
    stopped: request.OperationType === 'Stop',
    at: context.now,
  });
  return {};
});
