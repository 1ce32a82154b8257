import type { ValueRules } from '@/lib/sandbox/model/value-rules';

const reserved = 'https://www.tencentcloud.com/document/api/583/39224';
const provisioned = 'https://cloud.tencent.com/document/api/583/51246';
const total = 'https://cloud.tencent.com/document/api/583/51244';

/** Upper bounds of values that count up to a quota: the action itself reports which quota is exceeded. */
const any = Number.MAX_SAFE_INTEGER;

/** The value rules of concurrency settings. */
export const concurrencyValues: ValueRules = {
  PutReservedConcurrencyConfig: [
    { field: 'ReservedConcurrencyMem', source: reserved, code: 'InvalidParameterValue', range: [0, any] },
  ],
  PutTotalConcurrencyConfig: [
    { field: 'TotalConcurrencyMem', source: total, code: 'InvalidParameterValue', range: [0, any] },
  ],
  PutProvisionedConcurrencyConfig: [
    {
      field: 'VersionProvisionedConcurrencyNum',
      source: provisioned,
      code: 'InvalidParameterValue',
      range: [0, any],
    },
    {
      field: 'ProvisionedType',
      source: provisioned,
      code: 'InvalidParameterValue.ProvisionType',
      oneOf: ['Default', 'ConcurrencyUtilizationTracking'],
    },
    {
      field: 'MinCapacity',
      source: provisioned,
      code: 'InvalidParameterValue.MinCapacity',
      range: [1, any],
    },
    {
      field: 'TriggerActions[].TriggerName',
      source: provisioned,
      code: 'InvalidParameterValue.ProvisionTriggerName',
      pattern: /^[A-Za-z0-9_-]{1,100}$/,
      hint: 'have 1 to 100 letters, digits, - and _',
    },
    {
      field: 'TriggerActions[].TriggerProvisionedConcurrencyNum',
      source: provisioned,
      code: 'InvalidParameterValue.TriggerProvisionedConcurrencyNum',
      range: [0, any],
    },
    {
      field: 'TriggerActions[].ProvisionedType',
      source: provisioned,
      code: 'InvalidParameterValue.ProvisionType',
      oneOf: ['Default'],
    },
  ],
};
