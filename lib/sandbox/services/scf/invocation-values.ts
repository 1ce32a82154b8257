import type { ValueRules } from '@/lib/sandbox/model/value-rules';

const invoke = 'https://cloud.tencent.com/document/api/583/17243';
const invokeFunction = 'https://cloud.tencent.com/document/api/583/58400';
const logs = 'https://cloud.tencent.com/document/api/583/18583';

const logTypes = ['None', 'Tail'];

/** The value rules of calls and of queries about calls. */
export const invocationValues: ValueRules = {
  Invoke: [
    {
      field: 'InvocationType',
      source: invoke,
      code: 'InvalidParameterValue.InvokeType',
      oneOf: ['RequestResponse', 'Event'],
    },
    { field: 'LogType', source: invoke, code: 'InvalidParameterValue', oneOf: logTypes },
    { field: 'RoutingKey', source: invoke, code: 'InvalidParameterValue.Param', length: [0, 1024] },
  ],
  InvokeFunction: [
    { field: 'LogType', source: invokeFunction, code: 'InvalidParameterValue', oneOf: logTypes },
    { field: 'RoutingKey', source: invokeFunction, code: 'InvalidParameterValue.Param', length: [0, 1024] },
  ],
  GetFunctionLogs: [
    {
      field: 'Order',
      source: logs,
      code: 'InvalidParameterValue.Order',
      oneOf: ['desc', 'asc'],
      ignoreCase: true,
    },
    {
      field: 'OrderBy',
      source: logs,
      code: 'InvalidParameterValue.OrderBy',
      oneOf: ['function_name', 'duration', 'mem_usage', 'start_time'],
    },
    {
      field: 'Filter.RetCode',
      source: logs,
      code: 'InvalidParameterValue.RetCode',
      oneOf: ['not0', 'is0', 'TimeLimitExceeded', 'ResourceLimitExceeded', 'UserCodeException'],
    },
  ],
};
