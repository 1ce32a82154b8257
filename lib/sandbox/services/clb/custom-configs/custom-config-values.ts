import type { ValueRules } from '@/lib/sandbox/model/value-rules';

const guide = 'https://www.tencentcloud.com/document/product/214/32427';
const description =
  'https://github.com/TencentCloud/tencentcloud-sdk-nodejs/tree/master/tencentcloud/services/clb/v20180317';

/** The value rules of the actions on custom configurations. */
export const customConfigValues: ValueRules = {
  SetCustomizedConfigForLoadBalancer: [
    {
      field: 'OperationType',
      oneOf: ['ADD', 'DELETE', 'UPDATE', 'BIND', 'UNBIND'],
      source: 'https://www.tencentcloud.com/document/api/214/51215',
    },
    // 64 KB, as the pages up to 2024 state; the current page does not mention it.
    { field: 'ConfigContent', length: [1, 65_536], source: guide },
    { field: 'ConfigName', length: [1, 80], source: description },
  ],
  AssociateCustomizedConfig: [{ field: 'BindList', items: [1, 100], source: description }],
  DisassociateCustomizedConfig: [{ field: 'BindList', items: [1, 100], source: description }],
  DescribeCustomizedConfigList: [
    { field: 'ConfigType', oneOf: ['CLB', 'SERVER', 'LOCATION'], source: description },
    {
      field: 'Filters',
      filters: ['loadbalancer-id', 'vip'],
      most: 10,
      mostValues: 100,
      source: description,
    },
  ],
};
