import type {
  ExclusiveCluster,
  InternetAccessible,
  LBChargePrepaid,
  LoadBalancer,
  TagInfo,
  ZoneInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { clientVips } from '@/lib/sandbox/model/clb/nat64';
import { numericalVpcId } from '@/lib/sandbox/model/clb/numerical-vpc-id';
import { listRegionZones } from '@/lib/sandbox/model/region-table';
import type { WithFields, WithNull } from '@/lib/sandbox/services/action';
import type { WorldLoadBalancer } from '@/lib/sandbox/world/clb';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { AccountWorld } from '@/lib/sandbox/world/world';

/** A load balancer with the fields that the API description allows to be null. */
export type LoadBalancerAnswer = WithFields<
  WithNull<
    LoadBalancer,
    | 'AddressIPv6'
    | 'BackupZoneSet'
    | 'ClusterIds'
    | 'ClusterTag'
    | 'ExpireTime'
    | 'ExtraInfo'
    | 'IPv6Mode'
    | 'IsolatedTime'
    | 'MasterZone'
    | 'PrepaidAttributes'
    | 'VipIsp'
    | 'Zones'
  >,
  {
    ExclusiveCluster: WithNull<ExclusiveCluster, 'ClassicalCluster' | 'L4Clusters' | 'L7Clusters'>;
    NetworkAttributes: NetworkAnswer;
  }
>;
type NetworkAnswer = WithNull<InternetAccessible, 'BandwidthpkgSubType'>;

function zoneAnswer(zone: string | null, region: string): ZoneInfo | null {
  const found = listRegionZones(region, 'zh').find(({ code }) => code === zone);
  if (!found) return null;
  const { id, code, name } = found;
  return {
    ZoneId: Number(id),
    Zone: code,
    ZoneName: name,
    ZoneRegion: region,
    LocalZone: false,
    EdgeZone: false,
  };
}

function networkAnswer(loadBalancer: WorldLoadBalancer): NetworkAnswer {
  return {
    InternetChargeType: loadBalancer.internetChargeType,
    InternetMaxBandwidthOut: loadBalancer.bandwidthMbps,
    BandwidthpkgSubType: loadBalancer.internetChargeType === 'BANDWIDTH_PACKAGE' ? 'BGP' : null,
  };
}

function prepaidAnswer({ prepaid }: WorldLoadBalancer): LBChargePrepaid | null {
  if (prepaid === null) return null;
  return { RenewFlag: prepaid.autoRenew ? 'AUTO_RENEW' : 'MANUAL_RENEW', Period: prepaid.months };
}

function tagsAnswer({ tags }: WorldLoadBalancer): TagInfo[] {
  return Object.entries(tags).map(([key, value]) => ({ TagKey: key, TagValue: value }));
}

function hasWaf({ listeners }: WorldLoadBalancer): boolean {
  return listeners.some(({ rules }) => rules.some(({ wafDomainId }) => wafDomainId !== undefined));
}

/** Returns the `AttributeFlags`: https://cloud.tencent.com/document/api/214/30694#LoadBalancer. */
function attributeFlags(loadBalancer: WorldLoadBalancer): string[] {
  return [
    ...(loadBalancer.slaType === '' ? ['SharedLimitFlag'] : []),
    ...(loadBalancer.domain === null || loadBalancer.forward === 0 ? [] : ['IsDomainCLB']),
    ...(loadBalancer.deleteProtected ? ['DeleteProtect'] : []),
    ...(loadBalancer.stopped ? ['Stop'] : []),
    ...(hasWaf(loadBalancer) ? ['WafFlag'] : []),
    ...(loadBalancer.blocked ? ['BlockStatus'] : []),
  ];
}

/** Returns the comma-separated ids of the custom configurations that apply to the whole load balancer. */
function configIds(account: AccountWorld, loadBalancer: WorldLoadBalancer): string {
  return Object.values(account.customConfigs)
    .filter(({ bindings }) =>
      bindings.some((place) => place.loadBalancerId === loadBalancer.id && place.listenerId === null),
    )
    .map(({ id }) => id)
    .join(',');
}

/** Returns a load balancer as DescribeLoadBalancers shows it, in the shape of the official examples. */
export function loadBalancerAnswer(
  account: AccountWorld,
  loadBalancer: WorldLoadBalancer,
): LoadBalancerAnswer {
  const { region, vpcId, prepaid, backupZone, targetRegion } = loadBalancer;
  const statusTime = cloudTime(loadBalancer.statusAt);
  const domain = loadBalancer.domain ?? '';
  const backup = zoneAnswer(backupZone, region);
  return {
    LoadBalancerId: loadBalancer.id,
    LoadBalancerName: loadBalancer.name,
    LoadBalancerType: loadBalancer.type,
    Forward: loadBalancer.forward,
    Domain: domain,
    LoadBalancerDomain: domain,
    LoadBalancerVips: clientVips(loadBalancer),
    AddressIPVersion: loadBalancer.ipVersion,
    IPv6Mode: loadBalancer.ipv6Mode || null,
    AddressIPv6: loadBalancer.ipv6,
    Status: loadBalancer.status,
    CreateTime: cloudTime(loadBalancer.createdAt),
    StatusTime: statusTime,
    ProjectId: loadBalancer.projectId,
    VpcId: vpcId,
    NumericalVpcId: numericalVpcId(vpcId),
    TargetRegionInfo: {
      Region: targetRegion?.region ?? region,
      VpcId: targetRegion?.vpcId ?? vpcId,
      NumericalVpcId: numericalVpcId(targetRegion?.vpcId ?? vpcId),
    },
    SubnetId: loadBalancer.subnetId,
    OpenBgp: 0,
    Snat: false,
    SnatPro: loadBalancer.snatPro,
    SnatIps: loadBalancer.snatIps.map(({ subnetId, ip }) => ({ SubnetId: subnetId, Ip: ip })),
    Isolation: loadBalancer.isolated ? 1 : 0,
    IsolatedTime: loadBalancer.isolated ? statusTime : null,
    ExpireTime: prepaid && cloudTime(prepaid.expiresAt),
    Log: '',
    LogSetId: '',
    LogTopicId: '',
    HealthLogSetId: '',
    HealthLogTopicId: '',
    Tags: tagsAnswer(loadBalancer),
    SecureGroups: loadBalancer.securityGroups ?? [],
    AnycastZone: '',
    MasterZone: zoneAnswer(loadBalancer.masterZone, region),
    BackupZoneSet: backup && [backup],
    Zones: null,
    ChargeType: loadBalancer.chargeType,
    NetworkAttributes: networkAnswer(loadBalancer),
    PrepaidAttributes: prepaidAnswer(loadBalancer),
    ExtraInfo: null,
    ExclusiveCluster: { L4Clusters: null, L7Clusters: null, ClassicalCluster: null },
    ConfigId: configIds(account, loadBalancer),
    LoadBalancerPassToTarget: loadBalancer.passToTarget,
    IsDDos: false,
    IsBlock: loadBalancer.blocked,
    IsBlockTime: loadBalancer.blocked ? statusTime : '',
    SlaType: loadBalancer.slaType,
    ClusterTag: null,
    ClusterIds: null,
    LocalBgp: false,
    MixIpTarget: false,
    NfvInfo: '',
    VipIsp: loadBalancer.vipIsp,
    Egress: '',
    Exclusive: 0,
    AssociateEndpoint: '',
    AttributeFlags: attributeFlags(loadBalancer),
  };
}
