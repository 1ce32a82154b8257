import type {
  ExclusiveCluster,
  InternetAccessible,
  LoadBalancer,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { cloudTime } from '../../clock';
import type { WorldLoadBalancer } from '../../world/clb';
import type { Changed, WithNull } from '../action';

/** What the API description allows to be null. */
export type LoadBalancerAnswer = Changed<
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
    NetworkAttributes: WithNull<InternetAccessible, 'BandwidthpkgSubType'>;
  }
>;

/** A load balancer as DescribeLoadBalancers shows it, in the shape of the official examples. */
export function loadBalancerAnswer(loadBalancer: WorldLoadBalancer): LoadBalancerAnswer {
  const created = cloudTime(loadBalancer.createdAt);
  const domain = loadBalancer.domain ?? '';
  const isPublic = loadBalancer.type === 'OPEN';
  return {
    LoadBalancerId: loadBalancer.id,
    LoadBalancerName: loadBalancer.name,
    LoadBalancerType: loadBalancer.type,
    Forward: loadBalancer.forward,
    Domain: domain,
    LoadBalancerDomain: domain,
    LoadBalancerVips: loadBalancer.vips,
    AddressIPVersion: loadBalancer.ipVersion,
    IPv6Mode: loadBalancer.ipv6Mode || null,
    AddressIPv6: loadBalancer.ipv6,
    Status: loadBalancer.status,
    CreateTime: created,
    StatusTime: created,
    ProjectId: 0,
    VpcId: loadBalancer.vpcId,
    NumericalVpcId: 0,
    TargetRegionInfo: { Region: loadBalancer.region, VpcId: loadBalancer.vpcId, NumericalVpcId: 0 },
    SubnetId: '',
    OpenBgp: 0,
    Snat: false,
    SnatPro: false,
    SnatIps: [],
    Isolation: loadBalancer.isolated ? 1 : 0,
    IsolatedTime: null,
    ExpireTime: null,
    Log: '',
    LogSetId: '',
    LogTopicId: '',
    HealthLogSetId: '',
    HealthLogTopicId: '',
    Tags: [],
    SecureGroups: [],
    AnycastZone: '',
    MasterZone: null,
    BackupZoneSet: null,
    Zones: null,
    ChargeType: 'POSTPAID_BY_HOUR',
    NetworkAttributes: {
      InternetChargeType: isPublic ? 'TRAFFIC_POSTPAID_BY_HOUR' : '',
      InternetMaxBandwidthOut: isPublic ? 100 : 0,
      BandwidthpkgSubType: null,
    },
    PrepaidAttributes: null,
    ExtraInfo: null,
    ExclusiveCluster: { L4Clusters: null, L7Clusters: null, ClassicalCluster: null },
    ConfigId: '',
    LoadBalancerPassToTarget: false,
    IsDDos: false,
    IsBlock: loadBalancer.blocked,
    IsBlockTime: '',
    SlaType: '',
    ClusterTag: null,
    ClusterIds: null,
    LocalBgp: false,
    MixIpTarget: false,
    NfvInfo: '',
    VipIsp: isPublic ? 'BGP' : null,
    Egress: '',
    AttributeFlags: loadBalancer.domain === null ? ['SharedLimitFlag'] : ['SharedLimitFlag', 'IsDomainCLB'],
  };
}
