import type {
  ListTriggersRequest,
  ListTriggersResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import { action } from '../action';
import { page } from '../paging';
import type { TriggerAnswer } from './clb-triggers';
import { requireFunction } from './find/find-objects';
import { listTriggerAnswers } from './trigger-answers';

const filterFields: Readonly<Record<string, (trigger: TriggerAnswer) => string>> = {
  Qualifier: (trigger) => trigger.Qualifier,
  TriggerName: (trigger) => trigger.TriggerName,
  Description: (trigger) => trigger.Description,
};

/** Lists triggers, by default newest change first: https://cloud.tencent.com/document/api/583/44268. */
export const listTriggersAction = action<ListTriggersRequest, ListTriggersResponse>((request, context) => {
  const fn = requireFunction(context, request);
  const tests = (request.Filters ?? []).map(({ Name: name, Values: values }) => {
    const field = entry(filterFields, name);
    if (!field) throw new ApiError('InvalidParameterValue.Filters', `The filter \`${name}\` does not exist.`);
    return (trigger: TriggerAnswer) => values.includes(field(trigger));
  });
  const by = request.OrderBy === 'add_time' ? 'AddTime' : 'ModTime';
  const direction = request.Order === 'ASC' ? 1 : -1;
  const triggers = listTriggerAnswers(context.account, fn)
    .filter((trigger) => tests.every((test) => test(trigger)))
    .sort((a, b) => direction * a[by].localeCompare(b[by]));
  return { TotalCount: triggers.length, Triggers: page(triggers, request, { fallback: 20, max: 100 }) };
});
