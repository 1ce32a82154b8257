import { createHash } from 'node:crypto';
import type { CreateLoadBalancerRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { nat64Address } from '@/lib/sandbox/model/clb/nat64';
import { entry } from '@/lib/sandbox/model/entry';
import { listRegionZones } from '@/lib/sandbox/model/region-table';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import type { WorldLoadBalancer } from '@/lib/sandbox/world/clb';
import { cloudId } from '@/lib/sandbox/world/ids';
import { quotas } from '../find/quotas';
import { freeAddresses, newDomain, newIpv6, wantedAddress } from './load-balancer-addresses';
import { createDealName, toCharge } from './load-balancer-charge';

type Given = { LoadBalancerIds: string[]; DealName: string };

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
}

/** Returns the earlier response for the token, null when it is new. @throws ApiError when another request used it */
function earlierAnswer(
  token: string,
  requestHash: string,
  { account, assumptions }: ActionContext,
): Given | null {
  const earlier = entry(account.clientTokens, token);
  if (!earlier) return null;
  const reused = assumptions.get('clb.clientTokenReused');
  if (earlier.requestHash !== requestHash && reused !== 'earlier answer') {
    throw new ApiError(reused, `The parameter \`ClientToken\` ${token} was used for another request.`);
  }
  return { LoadBalancerIds: earlier.loadBalancerIds, DealName: earlier.dealName };
}

/** A repeated request returns its own RequestId, whose task has the state of the first one. */
function followTask({ DealName: dealName }: Given, context: ActionContext): void {
  const { account, requestId } = context;
  const first = Object.values(account.tasks).find(
    ({ effect }) => effect.kind === 'createLoadBalancers' && effect.dealName === dealName,
  );
  // The task ended long ago and its record was removed: nothing is left to do.
  if (first === undefined) context.startTask([], { kind: 'nothing' });
  else account.tasks[requestId] = { ...first, id: requestId, effect: { kind: 'nothing' } };
}

function checkQuota(made: readonly WorldLoadBalancer[], { account, region }: ActionContext): void {
  const type = made[0]?.type;
  const limit = type === 'OPEN' ? quotas.openLoadBalancers : quotas.internalLoadBalancers;
  const have = Object.values(account.loadBalancers).filter((lb) => lb.region === region && lb.type === type);
  if (have.length + made.length > limit) {
    throw new ApiError(
      'LimitExceeded',
      `The region ${region} takes at most ${limit} ${type} instances of this account; it has ${have.length}.`,
    );
  }
}

/**
 * https://cloud.tencent.com/document/api/214/30692. The instances exist at once with status 0; the task starts them.
 * The same request with the same ClientToken returns the same load balancers, and a task that can be awaited.
 */
export const createLoadBalancerAction = action<'clb.CreateLoadBalancer'>((request, context) => {
  const { ClientToken: token } = request;
  const requestHash = createHash('sha256')
    .update(canonical({ ...request, region: context.region }))
    .digest('hex');
  const earlier = token ? earlierAnswer(token, requestHash, context) : null;
  if (earlier) {
    followTask(earlier, context);
    return earlier;
  }
  const made = newLoadBalancers(request, context);
  checkQuota(made, context);
  const loadBalancerIds = made.map(({ id }) => id);
  const dealName = createDealName(context);
  context.startTask(made, { kind: 'createLoadBalancers', loadBalancerIds, dealName });
  for (const loadBalancer of made) context.account.loadBalancers[loadBalancer.id] = loadBalancer;
  if (token) context.account.clientTokens[token] = { requestHash, loadBalancerIds, dealName };
  return { LoadBalancerIds: loadBalancerIds, DealName: dealName };
});

type Family = 'ipv4' | 'nat64' | 'ipv6';

/** Regions that offer IPv6 NAT64: github.com/tencentyun/intlcloud-documents, "创建 IPv6 NAT64 负载均衡实例". */
const nat64Regions: readonly string[] = ['ap-beijing', 'ap-shanghai', 'ap-guangzhou'];

function invalid(message: string): ApiError {
  return invalidValue(message);
}

function getFamily(request: CreateLoadBalancerRequest, context: ActionContext): Family {
  const families = { ipv4: 'ipv4', ipv6: 'nat64', ipv6fullchain: 'ipv6' } as const;
  const family = entry<Family>(families, (request.AddressIPVersion ?? 'IPV4').toLowerCase()) ?? 'ipv4';
  if (family !== 'ipv4' && request.LoadBalancerType === 'INTERNAL') {
    throw invalid('The parameter `AddressIPVersion` only applies to public instances.');
  }
  if (family === 'nat64' && !nat64Regions.includes(context.region)) {
    throw new ApiError(
      context.assumptions.get('clb.noNat64'),
      `IPv6 NAT64 instances are offered in ${nat64Regions.join(', ')} only, not in ${context.region}.`,
    );
  }
  return family;
}

/** Returns the VPC and subnet of new instances; VPC "0" = the classic network. @throws ApiError */
function resolveNetwork(
  request: CreateLoadBalancerRequest,
  family: Family,
  context: ActionContext,
): Pick<WorldLoadBalancer, 'vpcId' | 'subnetId'> {
  const { VpcId: vpcId, SubnetId: subnetId } = request;
  const isInternal = request.LoadBalancerType === 'INTERNAL';
  const needs =
    isInternal && !vpcId ? 'VpcId' : (isInternal || family === 'ipv6') && !subnetId ? 'SubnetId' : null;
  if (needs) {
    throw missingParameter(`The request is missing a required parameter \`${needs}\`.`);
  }
  if (subnetId && !isInternal && family === 'ipv4') {
    throw invalid('The parameter `SubnetId` does not apply to public IPv4 instances.');
  }
  if (vpcId === '0') return { vpcId, subnetId: '' };
  const vpcs = Object.values(context.account.vpcs).filter((vpc) => vpc.region === context.region);
  const vpc = vpcs.find((each) => (vpcId ? each.id === vpcId : each.isDefault));
  if (!vpc) {
    throw invalid(
      vpcId
        ? `The VPC ${vpcId} does not exist in ${context.region}.`
        : `There is no default VPC in ${context.region}: the request needs \`VpcId\`.`,
    );
  }
  if (!subnetId) return { vpcId: vpc.id, subnetId: '' };
  if (entry(context.account.subnets, subnetId)?.vpcId !== vpc.id) {
    throw invalid(`The subnet ${subnetId} does not exist in the VPC ${vpc.id}.`);
  }
  return { vpcId: vpc.id, subnetId };
}

/** Returns the code of a zone that is given by id or code. @throws ApiError */
function resolveZone(zone: string | undefined, field: string, context: ActionContext): string | null {
  if (!zone) return null;
  const found = listRegionZones(context.region, 'en').find(({ id, code }) => id === zone || code === zone);
  if (!found)
    throw invalid(`The parameter \`${field}\` names ${zone}, which is no zone of ${context.region}.`);
  return found.code;
}

function zonesFor(
  request: CreateLoadBalancerRequest,
  family: Family,
  context: ActionContext,
): Pick<WorldLoadBalancer, 'masterZone' | 'backupZone'> {
  const { MasterZoneId: master, SlaveZoneId: slave, ZoneId: zone } = request;
  if ((master || slave || zone) && (request.LoadBalancerType === 'INTERNAL' || family !== 'ipv4')) {
    throw invalid('`MasterZoneId`, `SlaveZoneId` and `ZoneId` only apply to public IPv4 instances.');
  }
  return {
    masterZone: resolveZone(master, 'MasterZoneId', context) ?? resolveZone(zone, 'ZoneId', context),
    backupZone: resolveZone(slave, 'SlaveZoneId', context),
  };
}

/** Refuses resources that the sandbox's accounts don't have: any id of one is invalid. */
function refuseAbsent(request: CreateLoadBalancerRequest): void {
  const absent = (['EipAddressId', 'ExclusiveCluster', 'ClusterTag', 'AccessLogTopicId'] as const).find(
    (field) => request[field] !== undefined && request[field] !== '',
  );
  const named = absent ?? ((request.ClusterIds?.length ?? 0) > 0 ? 'ClusterIds' : undefined);
  if (named) throw invalid(`The parameter \`${named}\` names a resource that this account does not have.`);
  if (request.AdvancedRoute || request.AvailableZoneAffinityInfo?.Enable) {
    const field = request.AdvancedRoute ? 'AdvancedRoute' : 'AvailableZoneAffinityInfo';
    throw new ApiError('UnsupportedOperation', `The parameter \`${field}\` is not open to this account.`);
  }
}

function allocateAddresses(
  request: CreateLoadBalancerRequest,
  family: Family,
  count: number,
  context: ActionContext,
): Pick<WorldLoadBalancer, 'vips' | 'ipv6' | 'ipVersion' | 'ipv6Mode'>[] {
  const { Vip: vip } = request;
  if (vip && (count > 1 || family === 'nat64')) {
    throw invalid('The parameter `Vip` takes one instance, and none of IPv6 NAT64.');
  }
  if (family === 'ipv6') {
    return Array.from({ length: count }, () => ({
      vips: [],
      ipv6: vip ?? newIpv6(context),
      ipVersion: 'ipv6',
      ipv6Mode: 'IPv6FullChain',
    }));
  }
  const vips = vip ? [wantedAddress(context, vip)] : freeAddresses(context, count);
  return vips.map((address) =>
    family === 'ipv4'
      ? { vips: [address], ipv6: null, ipVersion: 'ipv4', ipv6Mode: '' }
      : { vips: [address], ipv6: nat64Address(address), ipVersion: 'ipv6', ipv6Mode: 'IPv6Nat64' },
  );
}

/**
 * Returns the name of a new load balancer. A name in use, or given to several, is replaced by a generated one, such as
 * `lb-65e19dc1-Swzo`.
 */
function balancerName(request: CreateLoadBalancerRequest, count: number, context: ActionContext): string {
  const { LoadBalancerName: name } = request;
  const taken = Object.values(context.account.loadBalancers).some((each) => each.name === name);
  if (name && count === 1 && !taken) return name;
  const seconds = Math.floor(context.now / 1000).toString(16);
  return `lb-${seconds}${cloudId('', context.nextId()).slice(0, 5)}`;
}

/**
 * Returns the load balancers of a CreateLoadBalancer, in creation: https://cloud.tencent.com/document/api/214/30692.
 * @throws ApiError MissingParameter, InvalidParameterValue(.Range), ResourceInsufficient, UnsupportedOperation
 */
function newLoadBalancers(request: CreateLoadBalancerRequest, context: ActionContext): WorldLoadBalancer[] {
  const count = request.Number ?? 1;
  refuseAbsent(request);
  const family = getFamily(request, context);
  const network = resolveNetwork(request, family, context);
  const zones = zonesFor(request, family, context);
  const charge = toCharge(request, context);
  if (request.DynamicVip && (request.LoadBalancerType === 'INTERNAL' || family === 'ipv6')) {
    throw invalid('The parameter `DynamicVip` only applies to public IPv4 and NAT64 instances.');
  }
  if ((request.SnatIps?.length ?? 0) > 0 && !request.SnatPro) {
    throw invalid('The parameter `SnatIps` needs `SnatPro`.');
  }
  return allocateAddresses(request, family, count, context).map((addresses): WorldLoadBalancer => {
    const id = cloudId('lb', context.nextId());
    return {
      id,
      name: balancerName(request, count, context),
      region: context.region,
      forward: 1,
      type: request.LoadBalancerType === 'INTERNAL' ? 'INTERNAL' : 'OPEN',
      ...network,
      ...addresses,
      ...zones,
      ...charge,
      domain: request.DynamicVip ? newDomain(id, context) : null,
      status: 0,
      isolated: false,
      blocked: false,
      stopped: false,
      deleteProtected: false,
      projectId: request.ProjectId ?? 0,
      targetRegion: null,
      passToTarget: request.LoadBalancerPassToTarget ?? false,
      snatPro: request.SnatPro ?? false,
      snatIps: (request.SnatIps ?? []).map(({ SubnetId: subnetId, Ip: ip = '' }) => ({ subnetId, ip })),
      tags: Object.fromEntries((request.Tags ?? []).map(({ TagKey: key, TagValue: value }) => [key, value])),
      createdAt: context.now,
      statusAt: context.now,
      listeners: [],
    };
  });
}
