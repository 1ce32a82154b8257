import type {
  DescribeInstancesRequest,
  DescribeInstancesResponse,
  Filter,
  Instance,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_models';
import { ApiError } from '../../api/api-error';
import type { WorldInstance } from '../../world/network';
import { action, type Changed, type WithNull } from '../action';
import { entry } from '../entry';
import { page } from '../paging';

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
type Answer = Changed<DescribeInstancesResponse, { InstanceSet: InstanceAnswer[] }>;

const filterFields: Readonly<Record<string, (instance: WorldInstance) => string>> = {
  zone: (instance) => instance.zone,
  'vpc-id': (instance) => instance.vpcId,
  'instance-id': (instance) => instance.id,
  'instance-name': (instance) => instance.name,
  'instance-state': (instance) => instance.state,
  'private-ip-address': (instance) => instance.privateIp,
};

function filterTest({ Name: name, Values: values }: Filter): (instance: WorldInstance) => boolean {
  const field = entry(filterFields, name);
  if (!field) throw new ApiError('InvalidFilter', `The filter \`${name}\` is not known to the sandbox.`);
  if (values.length > 5) {
    throw new ApiError('InvalidFilterValue.LimitExceeded', `The filter \`${name}\` takes at most 5 values.`);
  }
  return (instance) => values.includes(field(instance));
}

/** The world keeps no time of birth for its servers; nothing reads it. */
const createdTime = '2024-01-15T02:00:00Z';

function instanceAnswer(instance: WorldInstance): InstanceAnswer {
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    InstanceState: instance.state,
    RestrictState: 'NORMAL',
    InstanceType: 'S5.MEDIUM4',
    CPU: 2,
    Memory: 4,
    InstanceChargeType: 'POSTPAID_BY_HOUR',
    Placement: { Zone: instance.zone, ProjectId: 0 },
    PrivateIpAddresses: [instance.privateIp],
    PublicIpAddresses: null,
    IPv6Addresses: null,
    VirtualPrivateCloud: { VpcId: instance.vpcId, SubnetId: '', AsVpcGateway: false },
    InternetAccessible: { InternetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR', InternetMaxBandwidthOut: 0 },
    SystemDisk: { DiskType: 'CLOUD_BSSD', DiskSize: 50, Encrypt: false, KmsKeyId: '' },
    DataDisks: [],
    ImageId: '',
    OsName: '',
    SecurityGroupIds: [],
    LoginSettings: {},
    Tags: [],
    StopChargingMode: 'NOT_APPLICABLE',
    Uuid: '',
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
    CreatedTime: createdTime,
    ExpiredTime: null,
    DisableApiTermination: false,
  };
}

/** https://www.tencentcloud.com/document/api/213/15728 (ids ≤ 100 or filters, ≤ 10 filters of ≤ 5 values, limit ≤ 100). */
export const describeInstances = action<DescribeInstancesRequest, Answer>((request, context) => {
  const { InstanceIds: ids = [], Filters: filters = [] } = request;
  if (ids.length > 0 && filters.length > 0) {
    throw new ApiError('InvalidParameter', 'The parameters `InstanceIds` and `Filters` exclude each other.');
  }
  if (ids.length > 100 || filters.length > 10) {
    throw new ApiError(
      'InvalidParameterValue.LimitExceeded',
      'At most 100 `InstanceIds` or 10 `Filters` are taken.',
    );
  }
  const tests = filters.map(filterTest);
  const found = Object.values(context.account.instances).filter(
    (instance) =>
      instance.region === context.region &&
      (ids.length === 0 || ids.includes(instance.id)) &&
      tests.every((test) => test(instance)),
  );
  const missing = ids.find((id) => !found.some((instance) => instance.id === id));
  if (missing !== undefined) {
    throw new ApiError(
      'InvalidInstanceId.NotFound',
      `The instance ${missing} does not exist in ${context.region}.`,
    );
  }
  return {
    TotalCount: found.length,
    InstanceSet: page(found, request, { fallback: 20, max: 100 }).map(instanceAnswer),
  };
});
