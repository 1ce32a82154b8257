import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';

/** The public API description. */
const source =
  'https://github.com/TencentCloud/tencentcloud-cli/blob/master/tccli/services/clb/v20180317/api.json';
/** These actions list no separate code for a number out of range. */
const code = 'InvalidParameterValue';

const port = (field: string): ValueRule => ({ field, range: [1, 65_535], source, code });
const weight = (field: string): ValueRule => ({ field, range: [0, 100], source, code });
const items = (field: string, min: number, max: number): ValueRule => ({ field, items: [min, max], source });

const targets = [items('Targets', 1, 20), port('Targets[].Port'), weight('Targets[].Weight')];
const batch = [
  items('Targets', 1, 500),
  { ...port('Targets[].Port'), code: 'InvalidParameter.PortCheckFailed' },
  weight('Targets[].Weight'),
];
const functions: readonly ValueRule[] = [
  // More than one is refused as a binding restriction, so that its code can be chosen.
  items('FunctionTargets', 1, 100),
  weight('FunctionTargets[].Weight'),
  { field: 'FunctionTargets[].Function.FunctionQualifierType', oneOf: ['VERSION', 'ALIAS'], source },
];
const rewriteCodes = [301, 302, 307];

/** The value rules of the actions on targets, functions and redirects. */
export const targetValues: ValueRules = {
  DescribeTargets: [
    items('ListenerIds', 0, 20),
    {
      field: 'Filters',
      filters: ['location-id', 'private-ip-address', 'tag'],
      most: 10,
      mostValues: 100,
      source,
    },
  ],
  DescribeTargetHealth: [items('LoadBalancerIds', 1, 30)],
  RegisterTargets: targets,
  DeregisterTargets: targets,
  ModifyTargetWeight: [...targets, weight('Weight')],
  ModifyTargetPort: [...targets, port('NewPort')],
  BatchRegisterTargets: batch,
  BatchDeregisterTargets: batch,
  BatchModifyTargetWeight: [
    items('ModifyList', 1, 100),
    items('ModifyList[].Targets', 1, 50),
    port('ModifyList[].Targets[].Port'),
    weight('ModifyList[].Targets[].Weight'),
    weight('ModifyList[].Weight'),
  ],
  RegisterFunctionTargets: functions,
  ModifyFunctionTargets: functions,
  DeregisterFunctionTargets: functions,
  ManualRewrite: [
    items('RewriteInfos', 1, 100),
    { field: 'RewriteInfos[].RewriteCode', oneOf: rewriteCodes, source },
  ],
  AutoRewrite: [{ field: 'RewriteCodes[]', oneOf: rewriteCodes, source }],
  DeleteRewrite: [items('RewriteInfos', 1, 100)],
};
