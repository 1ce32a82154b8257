import { createHash } from 'node:crypto';
import type { Instance } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { isoTime } from '@/lib/sandbox/world/clock';
import type { WorldInstance } from '../../world/network';
import { action, type WithNull } from '../action';
import { page } from '../paging';
import { type FilterTests, passesFilters, tagList } from '../tag-filters';

type InstanceAnswer = WithNull<
  Instance,
  | 'CamRoleName'
  | 'ExpiredTime'
  | 'IPv6Addresses'
  | 'LatestOperation'
  | 'LatestOperationErrorMsg'
  | 'LatestOperationRequestId'
  | 'LatestOperationState'
  | 'PublicIpAddresses'
  | 'RdmaIpAddresses'
>;
type Answer = { InstanceSet: InstanceAnswer[] };

function instanceUuid(id: string): string {
  const hex = createHash('md5').update(id).digest('hex');
  return [0, 8, 12, 16, 20].map((at, index, all) => hex.slice(at, all[index + 1])).join('-');
}

const all = () => true;
const none = () => false;

/** The filters of https://www.tencentcloud.com/document/api/213/15728, except those of tags. */
export const instanceFilters: FilterTests<WorldInstance> = {
  zone: (instance, value) => instance.zone === value,
  'project-id': (_, value) => value === '0',
  'host-id': none,
  'dedicated-cluster-id': none,
  'vpc-id': (instance, value) => instance.vpcId === value,
  'subnet-id': (instance, value) => instance.subnetId === value,
  'instance-id': (instance, value) => instance.id === value,
  uuid: (instance, value) => instanceUuid(instance.id) === value,
  'security-group-id': (instance, value) => instance.securityGroupIds.includes(value),
  'instance-name': (instance, value) => instance.name === value,
  'instance-charge-type': (_, value) => value === 'POSTPAID_BY_HOUR',
  'instance-state': (instance, value) => instance.state === value,
  'private-ip-address': (instance, value) => instance.privateIp === value,
  'public-ip-address': (instance, value) => instance.publicIps.includes(value),
  'ipv6-address': none,
  'creation-start-time': (instance, value) => instance.createdAt >= parseTime(value),
  'creation-end-time': (instance, value) => instance.createdAt <= parseTime(value),
};

/** Parses a time such as `2023-06-01 00:00:00`, in Beijing time like all times of the cloud without a zone. */
function parseTime(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}+08:00`);
}

function instanceAnswer(instance: WorldInstance): InstanceAnswer {
  const [publicIp] = instance.publicIps;
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    InstanceState: instance.state,
    RestrictState: 'NORMAL',
    InstanceType: instance.instanceType,
    CPU: instance.cpu,
    Memory: instance.memoryGb,
    InstanceChargeType: 'POSTPAID_BY_HOUR',
    Placement: { Zone: instance.zone, ProjectId: 0 },
    PrivateIpAddresses: [instance.privateIp],
    PublicIpAddresses: publicIp === undefined ? null : instance.publicIps,
    IPv6Addresses: null,
    VirtualPrivateCloud: {
      VpcId: instance.vpcId,
      SubnetId: instance.subnetId,
      AsVpcGateway: false,
      PrivateIpAddresses: [instance.privateIp],
      Ipv6AddressCount: 0,
    },
    InternetAccessible: {
      InternetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
      InternetMaxBandwidthOut: publicIp === undefined ? 0 : 100,
    },
    SystemDisk: {
      DiskType: 'CLOUD_BSSD',
      DiskId: `disk-${instance.id.slice(4)}`,
      DiskSize: 50,
      Encrypt: false,
      KmsKeyId: '',
    },
    DataDisks: [],
    ImageId: instance.imageId,
    OsName: instance.osName,
    SecurityGroupIds: instance.securityGroupIds,
    LoginSettings: { KeyIds: [] },
    Tags: tagList(instance.tags),
    StopChargingMode: instance.state === 'STOPPED' ? 'KEEP_CHARGING' : 'NOT_APPLICABLE',
    Uuid: instanceUuid(instance.id),
    RenewFlag: 'NOTIFY_AND_MANUAL_RENEW',
    LatestOperation: null,
    LatestOperationState: null,
    LatestOperationRequestId: null,
    LatestOperationErrorMsg: null,
    CamRoleName: null,
    RdmaIpAddresses: null,
    DisasterRecoverGroupId: '',
    DisasterRecoverGroupIds: [],
    HpcClusterId: '',
    DedicatedClusterId: '',
    IsolatedSource: 'NOTISOLATED',
    LicenseType: 'TencentCloud',
    DefaultLoginUser: 'root',
    DefaultLoginPort: 22,
    CreatedTime: isoTime(instance.createdAt),
    ExpiredTime: null,
    DisableApiTermination: false,
  };
}

/** https://www.tencentcloud.com/document/api/213/15728 */
export const describeInstances = action<'cvm.DescribeInstances', Answer>((request, context) => {
  const { InstanceIds: ids = [], Filters: filters = [] } = request;
  if (ids.length > 0 && filters.length > 0) {
    throw new ApiError(
      'InvalidParameterConflict',
      'The parameters `InstanceIds` and `Filters` exclude each other.',
    );
  }
  const isWanted = ids.length === 0 ? all : (instance: WorldInstance) => ids.includes(instance.id);
  const found = Object.values(context.account.instances).filter(
    (instance) =>
      instance.region === context.region &&
      isWanted(instance) &&
      passesFilters(instance, filters, instanceFilters),
  );
  const missing = ids.find((id) => !found.some((instance) => instance.id === id));
  if (missing !== undefined) {
    throw new ApiError(
      'InvalidInstanceId.NotFound',
      `The instance \`${missing}\` of \`InstanceIds\` does not exist in ${context.region}.`,
    );
  }
  return {
    TotalCount: found.length,
    InstanceSet: page(found, request, { fallback: 20, max: 100 }).map(instanceAnswer),
  };
});
