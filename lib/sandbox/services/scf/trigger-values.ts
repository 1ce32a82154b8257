import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';

const create = 'https://cloud.tencent.com/document/api/583/18589';
const update = 'https://cloud.tencent.com/document/api/583/96828';
const status = 'https://cloud.tencent.com/document/api/583/89800';
const remove = 'https://cloud.tencent.com/document/api/583/18588';
const list = 'https://cloud.tencent.com/document/api/583/44268';
const timer = 'https://cloud.tencent.com/document/product/583/9708';

function type(source: string, types: readonly string[]): ValueRule {
  return { field: 'Type', source, code: 'InvalidParameterValue.Type', oneOf: types };
}

function enable(source: string): ValueRule {
  return { field: 'Enable', source, code: 'InvalidParameterValue.Enable', oneOf: ['OPEN', 'CLOSE'] };
}

const argument: ValueRule = {
  field: 'CustomArgument',
  source: timer,
  code: 'InvalidParameterValue.CustomArgument',
  length: [0, 4096],
};

/** The value rules of triggers. The kind `clb` is in none of the lists: it is created at the load balancer. */
export const triggerValues: ValueRules = {
  CreateTrigger: [type(create, ['cos', 'cls', 'timer', 'ckafka', 'http']), enable(create), argument],
  UpdateTrigger: [type(update, ['timer', 'ckafka', 'http']), enable(update), argument],
  UpdateTriggerStatus: [type(status, ['timer', 'cos', 'ckafka']), enable(status)],
  DeleteTrigger: [type(remove, ['timer', 'ckafka', 'apigw', 'cls', 'cos', 'cmq', 'http'])],
  ListTriggers: [
    {
      field: 'OrderBy',
      source: list,
      code: 'InvalidParameterValue.OrderBy',
      oneOf: ['add_time', 'mod_time'],
    },
    { field: 'Order', source: list, code: 'InvalidParameterValue.Order', oneOf: ['ASC', 'DESC'] },
  ],
};
