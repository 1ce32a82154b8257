import type {
  Backend,
  DescribeTaskStatusResponse,
  FunctionTarget,
  ListenerBackend,
  RuleTargets,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, missingParameter } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type {
  WorldFunctionTarget,
  WorldListener,
  WorldLoadBalancer,
  WorldTarget,
} from '@/lib/sandbox/world/clb';
import { cloudTime } from '@/lib/sandbox/world/clock';
import { targetIdentity } from '@/lib/sandbox/world/target-address';
import type { WorldTask } from '@/lib/sandbox/world/task';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { type ActionContext, type Actions, action, type WithFields, type WithNull } from '../action';
import {
  customConfigValues,
  describeCustomizedConfigAssociateList,
  describeCustomizedConfigList,
} from './describe-custom-configs';
import { boundCount, requireLoadBalancer } from './find/find-objects';
import { describeQuota } from './find/quotas';
import { createListenerAction, deleteListenerAction, modifyListener } from './listeners/change-listeners';
import { describeClassicalLBListeners, describeListeners } from './listeners/describe-listeners';
import { listenerValues } from './listeners/listener-values';
import { modifyDomainAttributes } from './listeners/modify-domain-attributes';
import { describeRewrite, manualRewrite } from './listeners/rewrites';
import { createRuleAction, deleteRuleAction, modifyRule } from './listeners/rules';
import { createLoadBalancerAction } from './load-balancers/create-load-balancer';
import { describeLBOperateProtect, describeLoadBalancers } from './load-balancers/describe-load-balancers';
import { loadBalancerValues } from './load-balancers/load-balancer-values';
import {
  modifyLoadBalancerAttributes,
  modifyLoadBalancerSla,
  setLoadBalancerSecurityGroups,
  setLoadBalancerStartStatus,
} from './load-balancers/modify-load-balancer';
import {
  describeTargetGroupInstanceStatus,
  describeTargetGroups,
} from './target-groups/describe-target-groups';
import { associateTargetGroups, disassociateTargetGroups } from './target-groups/target-group-associations';
import { targetGroupValues } from './target-groups/target-group-input';
import { createTargetGroup, deleteTargetGroups } from './target-groups/target-groups';
import { describeTargetHealth } from './targets/describe-target-health';
import {
  deregisterFunctionTargets,
  modifyFunctionTargets,
  registerFunctionTargets,
} from './targets/function-targets';
import { targetValues } from './targets/target-input';
import { deregisterTargetsAction, modifyTargetWeight, registerTargetsAction } from './targets/targets';

type BackendAnswer = WithNull<Backend, 'EniId' | 'InstanceName' | 'PublicIpAddresses' | 'Zone'>;
type RuleAnswer = WithFields<RuleTargets, { Targets: BackendAnswer[] }>;
type ListenerAnswer = WithFields<ListenerBackend, { Rules: RuleAnswer[]; Targets: BackendAnswer[] }>;
type Answer = { Listeners: ListenerAnswer[] };

function backendAnswer(account: AccountWorld, target: WorldTarget): BackendAnswer {
  const instance = account.instances[target.instanceId];
  const { addresses, ...identity } = targetIdentity(target, instance);
  return {
    ...identity,
    InstanceName: instance?.name ?? null,
    Port: target.port,
    Weight: target.weight,
    PrivateIpAddresses: addresses,
    PublicIpAddresses:
      target.eniIp === undefined && instance && instance.publicIps.length > 0 ? instance.publicIps : null,
    RegisteredTime: cloudTime(target.registeredAt),
    Tag: target.tag ?? '',
    Zone: instance?.zone ?? null,
  };
}

function functionAnswer(target: WorldFunctionTarget): FunctionTarget {
  return {
    Function: {
      FunctionNamespace: target.namespace,
      FunctionName: target.name,
      FunctionQualifier: target.qualifier,
      FunctionQualifierType: target.qualifierType,
    },
    Weight: target.weight,
  };
}

/**
 * DescribeTargets of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. The only action
 * that returns the backends of a rule.
 */
const describeTargets = action<'clb.DescribeTargets', Answer>((request, context) => {
  const { ListenerIds: ids = [], Protocol: protocol, Port: port } = request;
  const values = (name: string) => request.Filters?.find((filter) => filter.Name === name)?.Values;
  const [locations, ips, tags] = [values('location-id'), values('private-ip-address'), values('tag')];
  const backends = (targets: readonly WorldTarget[]): BackendAnswer[] =>
    targets
      .map((target) => backendAnswer(context.account, target))
      .filter((backend) => !ips || backend.PrivateIpAddresses?.some((ip) => ips.includes(ip)))
      .filter((backend) => !tags || tags.includes(backend.Tag ?? ''));
  const listenerAnswer = (listener: WorldListener): ListenerAnswer => ({
    ListenerId: listener.id,
    Protocol: listener.protocol,
    Port: listener.port,
    EndPort: listener.endPort ?? 0,
    Targets: backends(listener.targets),
    Rules: listener.rules
      .filter((rule) => !locations || locations.includes(rule.id))
      .map((rule) => ({
        LocationId: rule.id,
        Domain: rule.domain,
        Url: rule.url,
        Targets: backends(rule.targets),
        FunctionTargets: rule.functions.map(functionAnswer),
      })),
  });
  const found = requireLoadBalancer(context, request.LoadBalancerId).listeners.filter(
    (listener) =>
      (ids.length === 0 || ids.includes(listener.id)) &&
      (protocol === undefined || listener.protocol === protocol.toUpperCase()) &&
      (port === undefined || listener.port === port),
  );
  return { Listeners: found.map(listenerAnswer) };
});

/** The limits that stop a deletion without ForceDelete, or always: https://cloud.tencent.com/document/api/214/30689. */
const guard = { targets: 20, mbps: 10, deletions: 30, windowMs: 300_000 };

function refused(context: ActionContext, message: string): ApiError {
  return new ApiError(context.assumptions.get('clb.deleteRefused'), message);
}

/** Returns the busiest minute of the last five, in Mbps, in the direction with more traffic. */
function peakMbps({ vips }: WorldLoadBalancer, { telemetry, account, now }: ActionContext): number {
  const isWanted = ({ uin, vip }: { uin: string; vip: string }) => uin === account.uin && vips.includes(vip);
  const sums = new Map<number, { bytesIn: number; bytesOut: number }>();
  for (const { minute, bucket } of telemetry.traffic.minutes(isWanted, now - guard.windowMs, now + 1)) {
    const sum = sums.get(minute) ?? { bytesIn: 0, bytesOut: 0 };
    sums.set(minute, { bytesIn: sum.bytesIn + bucket.bytesIn, bytesOut: sum.bytesOut + bucket.bytesOut });
  }
  const most = Math.max(0, ...[...sums.values()].map((sum) => Math.max(sum.bytesIn, sum.bytesOut)));
  return (most * 8) / 60 / 1_000_000;
}

/** Counts the region's deletions in the last five minutes, including those in progress. */
function recentDeletions({ account, now }: ActionContext): number {
  return Object.values(account.tasks)
    .filter((task) => task.startedAt > now - guard.windowMs && task.outcome !== 'failed')
    .flatMap(({ effect }) => (effect.kind === 'deleteLoadBalancers' ? effect.loadBalancerIds : [])).length;
}

function checkDeletable(loadBalancer: WorldLoadBalancer, force: boolean, context: ActionContext): void {
  const { id } = loadBalancer;
  if (loadBalancer.deleteProtected) {
    throw refused(context, `The instance ${id} has delete protection on: turn \`DeleteProtect\` off first.`);
  }
  if (force) return;
  const bound = boundCount(loadBalancer);
  if (bound >= guard.targets) {
    throw refused(context, `The instance ${id} has ${bound} backends; deleting it needs \`ForceDelete\`.`);
  }
  const mbps = bound > 0 ? peakMbps(loadBalancer, context) : 0;
  if (mbps > guard.mbps) {
    throw refused(
      context,
      `The instance ${id} carried ${mbps.toFixed(1)} Mbps; deleting it needs \`ForceDelete\`.`,
    );
  }
}

/**
 * Deletes load balancers (≤ 20 ids) with their listeners, rules and bindings:
 * https://cloud.tencent.com/document/api/214/30689.
 */
const deleteLoadBalancerAction = action<'clb.DeleteLoadBalancer'>((request, context) => {
  const ids = [...new Set(request.LoadBalancerIds)];
  const found = ids.map((id) => requireLoadBalancer(context, id));
  for (const loadBalancer of found) checkDeletable(loadBalancer, request.ForceDelete ?? false, context);
  if (recentDeletions(context) + found.length > guard.deletions - 1) {
    throw refused(context, `At most ${guard.deletions - 1} instances can be deleted within five minutes.`);
  }
  context.startTask(found, { kind: 'deleteLoadBalancers', loadBalancerIds: ids });
  return {};
});

/** 0 done, 1 failed, 2 running. */
const statuses: Readonly<Record<WorldTask['outcome'], number>> = { done: 0, failed: 1, running: 2 };

/**
 * Returns a task's status: https://www.tencentcloud.com/document/api/214/33823. A task's id is the RequestId of its
 * write. An unknown id is an InvalidParameter (assumption: the code is in the action's list, without a documented
 * condition).
 */
const describeTaskStatus = action<
  'clb.DescribeTaskStatus',
  WithNull<DescribeTaskStatusResponse, 'LoadBalancerIds' | 'Message'>
>((request, { account }) => {
  const { TaskId: id, DealName: dealName } = request;
  if (!id && !dealName) {
    throw missingParameter('The request needs `TaskId` or `DealName`.');
  }
  const task = id
    ? entry(account.tasks, id)
    : Object.values(account.tasks).find(({ effect }) => 'dealName' in effect && effect.dealName === dealName);
  if (!task) throw new ApiError('InvalidParameter', `There is no task ${id || dealName}.`);
  return {
    Status: statuses[task.outcome],
    LoadBalancerIds: task.loadBalancerIds,
    Message: task.message === '' ? null : task.message,
  };
});

export const clbActions: Actions = {
  DescribeLoadBalancers: describeLoadBalancers,
  CreateLoadBalancer: createLoadBalancerAction,
  DeleteLoadBalancer: deleteLoadBalancerAction,
  ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes,
  SetLoadBalancerStartStatus: setLoadBalancerStartStatus,
  ModifyLoadBalancerSla: modifyLoadBalancerSla,
  SetLoadBalancerSecurityGroups: setLoadBalancerSecurityGroups,
  DescribeClassicalLBListeners: describeClassicalLBListeners,
  DescribeQuota: describeQuota,
  DescribeLBOperateProtect: describeLBOperateProtect,
  DescribeListeners: describeListeners,
  CreateListener: createListenerAction,
  ModifyListener: modifyListener,
  DeleteListener: deleteListenerAction,
  DescribeTargets: describeTargets,
  DescribeTaskStatus: describeTaskStatus,
  CreateRule: createRuleAction,
  ModifyRule: modifyRule,
  DeleteRule: deleteRuleAction,
  ModifyDomainAttributes: modifyDomainAttributes,
  RegisterTargets: registerTargetsAction,
  DeregisterTargets: deregisterTargetsAction,
  ModifyTargetWeight: modifyTargetWeight,
  DescribeTargetHealth: describeTargetHealth,
  RegisterFunctionTargets: registerFunctionTargets,
  ModifyFunctionTargets: modifyFunctionTargets,
  DeregisterFunctionTargets: deregisterFunctionTargets,
  ManualRewrite: manualRewrite,
  DescribeRewrite: describeRewrite,
  CreateTargetGroup: createTargetGroup,
  DescribeTargetGroups: describeTargetGroups,
  DescribeTargetGroupInstanceStatus: describeTargetGroupInstanceStatus,
  AssociateTargetGroups: associateTargetGroups,
  DisassociateTargetGroups: disassociateTargetGroups,
  DeleteTargetGroups: deleteTargetGroups,
  DescribeCustomizedConfigList: describeCustomizedConfigList,
  DescribeCustomizedConfigAssociateList: describeCustomizedConfigAssociateList,
};

export const clbValues: ValueRules = {
  ...loadBalancerValues,
  ...listenerValues,
  ...targetValues,
  ...targetGroupValues,
  ...customConfigValues,
};
