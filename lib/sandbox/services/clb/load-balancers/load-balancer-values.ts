import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import { nameRules } from '@/lib/sandbox/services/clb/listeners/listener-values';
import { loadBalancerFilters, loadBalancerOrders } from './describe-load-balancers';

const describe = 'https://cloud.tencent.com/document/api/214/30685';
const create = 'https://cloud.tencent.com/document/api/214/30692';
const remove = 'https://cloud.tencent.com/document/api/214/30689';
const modify = 'https://cloud.tencent.com/document/api/214/30680';
const internet = 'https://cloud.tencent.com/document/api/214/30694#InternetAccessible';
const startStop = 'https://cloud.tencent.com/document/api/214/104002';

const networks = ['OPEN', 'INTERNAL'];

function internetRules(field: string): ValueRule[] {
  return [
    {
      field: `${field}.InternetChargeType`,
      oneOf: [
        'TRAFFIC_POSTPAID_BY_HOUR',
        'BANDWIDTH_POSTPAID_BY_HOUR',
        'BANDWIDTH_PACKAGE',
        'BANDWIDTH_PREPAID',
      ],
      source: internet,
    },
    // Shared instances allow less, which is checked in code.
    { field: `${field}.InternetMaxBandwidthOut`, range: [1, 61_440], source: internet },
  ];
}

/** Specifications of LCU-supported instances: https://cloud.tencent.com/document/api/214/30692. */
const slaTypes: readonly string[] = [
  'clb.c2.medium',
  'clb.c3.small',
  'clb.c3.medium',
  'clb.c4.small',
  'clb.c4.medium',
  'clb.c4.large',
  'clb.c4.xlarge',
];

/** The public API description, the source of all of these. */
const description =
  'https://github.com/TencentCloud/tencentcloud-cli/blob/master/tccli/services/clb/v20180317/api.json';

/** The value rules of the actions on load balancers themselves. */
export const loadBalancerValues: ValueRules = {
  DescribeLoadBalancers: [
    { field: 'LoadBalancerIds', items: [0, 20], source: describe },
    { field: 'LoadBalancerType', oneOf: networks, source: describe },
    { field: 'Forward', oneOf: [0, 1], source: describe },
    { field: 'WithRs', oneOf: [-1, 0, 1], source: describe },
    { field: 'Limit', range: [0, 100], source: describe },
    { field: 'OrderBy', oneOf: loadBalancerOrders, source: describe },
    { field: 'OrderType', oneOf: [0, 1], source: describe },
    { field: 'Filters', filters: loadBalancerFilters, most: 10, mostValues: 100, source: describe },
    { field: 'AdditionalFields[]', oneOf: ['TargetCount'], source: describe },
  ],
  CreateLoadBalancer: [
    { field: 'LoadBalancerType', oneOf: networks, source: create },
    { field: 'Forward', oneOf: [1], source: create },
    ...nameRules('LoadBalancerName', create),
    { field: 'AddressIPVersion', oneOf: ['IPV4', 'IPV6', 'IPv6FullChain'], ignoreCase: true, source: create },
    { field: 'Number', range: [1, 20], source: create },
    {
      field: 'ClientToken',
      length: [1, 64],
      source: create,
      code: 'InvalidParameter.ClientTokenLimitExceeded',
    },
    { field: 'ClientToken', pattern: /^[\x20-\x7e]*$/, hint: 'hold ASCII characters only', source: create },
    { field: 'Tags', items: [0, 20], source: create },
    { field: 'VipIsp', oneOf: ['BGP', 'CMCC', 'CTCC', 'CUCC'], source: create },
    {
      field: 'SlaType',
      oneOf: ['', ...slaTypes],
      source: create,
    },
    { field: 'LBChargeType', oneOf: ['POSTPAID_BY_HOUR', 'PREPAID'], source: create },
    // No page documents the maximum; ten years keep dates sensible.
    { field: 'LBChargePrepaid.Period', range: [1, 120], source: create },
    { field: 'LBChargePrepaid.RenewFlag', oneOf: ['AUTO_RENEW', 'MANUAL_RENEW'], source: create },
    ...internetRules('InternetAccessible'),
  ],
  DeleteLoadBalancer: [{ field: 'LoadBalancerIds', items: [1, 20], source: remove }],
  ModifyLoadBalancerAttributes: [
    ...nameRules('LoadBalancerName', modify),
    { field: 'SwitchFlag', oneOf: [0, 1, 2], source: modify },
    ...internetRules('InternetChargeInfo'),
  ],
  ModifyLoadBalancerSla: [
    { field: 'LoadBalancerSla', items: [1, 20], source: description },
    { field: 'LoadBalancerSla[].SlaType', oneOf: slaTypes, source: description },
  ],
  SetLoadBalancerSecurityGroups: [{ field: 'SecurityGroups', items: [0, 50], source: description }],
  DescribeClassicalLBListeners: [
    { field: 'Protocol', oneOf: ['TCP', 'UDP', 'HTTP', 'HTTPS'], ignoreCase: true, source: description },
    { field: 'ListenerPort', range: [1, 65_535], source: description },
    { field: 'Status', oneOf: [0, 1], source: description },
  ],
  SetLoadBalancerStartStatus: [{ field: 'OperationType', oneOf: ['Start', 'Stop'], source: startStop }],
};
