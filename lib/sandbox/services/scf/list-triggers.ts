import type {
  ListTriggersRequest,
  ListTriggersResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '../../api/api-error';
import { action } from '../action';
import { entry } from '../entry';
import { page } from '../paging';
import { type ClbTrigger, clbTriggers } from './clb-triggers';
import { findFunction } from './look-up';

const filterFields: Readonly<Record<string, (trigger: ClbTrigger) => string>> = {
  Qualifier: (trigger) => trigger.Qualifier,
  TriggerName: (trigger) => trigger.TriggerName,
  Description: (trigger) => trigger.Description,
};

/** https://cloud.tencent.com/document/api/583/53951. In the sandbox a function has no triggers but load balancers. */
export const listTriggers = action<ListTriggersRequest, ListTriggersResponse>((request, context) => {
  const fn = findFunction(context, request);
  const tests = (request.Filters ?? []).map(({ Name: name, Values: values }) => {
    const field = entry(filterFields, name);
    if (!field) throw new ApiError('InvalidParameterValue.Filters', `The filter \`${name}\` does not exist.`);
    return (trigger: ClbTrigger) => values.includes(field(trigger));
  });
  const triggers = clbTriggers(context.account, fn).filter((trigger) => tests.every((test) => test(trigger)));
  return { TotalCount: triggers.length, Triggers: page(triggers, request, { fallback: 20, max: 100 }) };
});
