import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import { grpcCodes, visibleText } from '@/lib/sandbox/services/clb/find/health-check-values';

/** The public API description, the source of all of these. */
const source =
  'https://github.com/TencentCloud/tencentcloud-cli/blob/master/tccli/services/clb/v20180317/api.json';
const code = 'InvalidParameterValue';

const range = (field: string, min: number, max: number): ValueRule => ({
  field,
  range: [min, max],
  source,
  code,
});
/** 0 means unset: the Terraform provider sends it for a group without a port. */
const port = (field: string): ValueRule => ({ ...range(field, 1, 65_535), also: 0 });
const items = (field: string, min: number, max: number): ValueRule => ({ field, items: [min, max], source });

const instances: readonly ValueRule[] = [
  port('TargetGroupInstances[].Port'),
  range('TargetGroupInstances[].NewPort', 1, 65_535),
  range('TargetGroupInstances[].Weight', 0, 100),
];

const attributes: readonly ValueRule[] = [
  { field: 'TargetGroupName', length: [1, 80], source },
  {
    field: 'TargetGroupName',
    pattern: /^[\p{L}\p{M}\p{N}\p{P}\p{Zs}]+$/u,
    hint: 'hold letters, digits, "-", "_" and common characters, and no emoji',
    source,
  },
  port('Port'),
  { field: 'ScheduleAlgorithm', oneOf: ['WRR', 'LEAST_CONN', 'IP_HASH'], source },
  range('Weight', 0, 100),
  { field: 'SessionExpireTime', range: [30, 3600], also: 0, source, code },
  range('HealthCheck.Timeout', 2, 30),
  range('HealthCheck.GapTime', 2, 300),
  range('HealthCheck.GoodLimit', 2, 10),
  range('HealthCheck.BadLimit', 2, 10),
  range('HealthCheck.Port', 1, 65_535),
  range('HealthCheck.HttpCode', 1, 31),
  { field: 'HealthCheck.HttpCheckMethod', oneOf: ['HEAD', 'GET'], ignoreCase: true, source },
  { field: 'HealthCheck.HttpVersion', oneOf: ['HTTP/1.0', 'HTTP/1.1'], source },
  { field: 'HealthCheck.ContextType', oneOf: ['HEX', 'TEXT'], source },
  { field: 'HealthCheck.SendContext', length: [1, 500], source },
  { field: 'HealthCheck.SendContext', ...visibleText, source },
  { field: 'HealthCheck.RecvContext', length: [1, 500], source },
  { field: 'HealthCheck.RecvContext', ...visibleText, source },
  { field: 'HealthCheck.ExtendedCode', ...grpcCodes, source },
];

const groupFilters = { most: 10, mostValues: 100, source, field: 'Filters' } as const;

/** The value rules of the actions on target groups. */
export const targetGroupValues: ValueRules = {
  CreateTargetGroup: [
    ...attributes,
    { field: 'Type', oneOf: ['v1', 'v2'], source },
    { field: 'Protocol', oneOf: ['TCP', 'UDP', 'HTTP', 'HTTPS', 'GRPC'], source },
    { field: 'IpVersion', oneOf: ['IPv4'], ignoreCase: true, source },
    items('TargetGroupInstances', 0, 50),
    ...instances,
  ],
  ModifyTargetGroupAttribute: attributes,
  DescribeTargetGroups: [{ ...groupFilters, filters: ['TargetGroupVpcId', 'TargetGroupName', 'Tag'] }],
  DescribeTargetGroupList: [{ ...groupFilters, filters: ['TargetGroupVpcId', 'TargetGroupName'] }],
  DescribeTargetGroupInstances: [{ ...groupFilters, filters: ['TargetGroupId', 'BindIP', 'InstanceId'] }],
  RegisterTargetGroupInstances: [items('TargetGroupInstances', 1, 50), ...instances],
  DeregisterTargetGroupInstances: [items('TargetGroupInstances', 1, 20), ...instances],
  ModifyTargetGroupInstancesWeight: [items('TargetGroupInstances', 1, 50), ...instances],
  ModifyTargetGroupInstancesPort: [items('TargetGroupInstances', 1, 50), ...instances],
  AssociateTargetGroups: [items('Associations', 1, 20), range('Associations[].Weight', 0, 100)],
  DisassociateTargetGroups: [items('Associations', 1, 20), range('Associations[].Weight', 0, 100)],
  DeleteTargetGroups: [items('TargetGroupIds', 1, 20)],
};
