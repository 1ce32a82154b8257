import type {
  Instance,
  ResourceFilter,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/igtm/v20231024/igtm_models';
import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldIgtmInstance } from '@/lib/sandbox/world/dnspod';
import { type Actions, action } from '../action';
import { page } from '../paging';

const filters: Readonly<Record<string, (instance: WorldIgtmInstance) => string>> = {
  Name: ({ name }) => name,
  Domain: ({ domain }) => domain,
  AccessDomain: ({ accessDomain }) => accessDomain,
};

function matches(instance: WorldIgtmInstance, { Name: name, Value: values }: ResourceFilter): boolean {
  const text = filters[name]?.(instance);
  return text === undefined || values.some((value) => text.includes(value));
}

function instanceAnswer(instance: WorldIgtmInstance): Instance {
  const createdOn = cloudTime(instance.createdAt);
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    ResourceId: `ins-${instance.id}`,
    Domain: instance.domain,
    AccessType: 'CUSTOM',
    AccessDomain: instance.accessDomain,
    AccessSubDomain: instance.accessSubdomain,
    GlobalTtl: 60,
    PackageType: 'STANDARD',
    WorkingStatus: 'NORMAL',
    Status: instance.enabled ? 'ENABLED' : 'DISABLED',
    IsCnameConfigured: true,
    Remark: '',
    StrategyNum: 1,
    AddressPoolNum: 1,
    MonitorNum: 1,
    PoolId: 1,
    PoolName: 'default',
    CreatedOn: createdOn,
    UpdatedOn: createdOn,
  };
}

/** Lists instances of IGTM: DescribeInstanceList of the SDK, igtm/v20231024. The page sizes are assumed. */
const describeInstanceList = action<'igtm.DescribeInstanceList'>((request, { account }) => {
  const found = Object.values(account.igtm ?? {}).filter((instance) =>
    (request.Filters ?? []).every((filter) => matches(instance, filter)),
  );
  return {
    InstanceSet: page(found, request, { fallback: 20, max: 100 }).map(instanceAnswer),
    TotalCount: found.length,
    SystemAccessEnabled: true,
  };
});

export const igtmActions: Actions = { DescribeInstanceList: describeInstanceList };

export const igtmValues: ValueRules = {};
