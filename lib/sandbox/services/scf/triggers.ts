import { ApiError } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import { parseTimerCron } from '@/lib/sandbox/model/scf/cron';
import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldFunction, WorldTrigger } from '../../world/scf';
import type { AccountWorld } from '../../world/world';
import { type ActionContext, action } from '../action';
import { page } from '../paging';
import { clbTriggers, type TriggerAnswer } from './clb-triggers';
import { functionKey, hasQualifier, requireFunction } from './find/find-objects';

const filterFields: Readonly<Record<string, (trigger: TriggerAnswer) => string>> = {
  Qualifier: (trigger) => trigger.Qualifier,
  TriggerName: (trigger) => trigger.TriggerName,
  Description: (trigger) => trigger.Description,
};

/** Lists triggers, by default newest change first: https://cloud.tencent.com/document/api/583/44268. */
export const listTriggersAction = action<'scf.ListTriggers'>((request, context) => {
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

const create = 'https://cloud.tencent.com/document/api/583/18589';
const update = 'https://cloud.tencent.com/document/api/583/96828';
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

/** Maximum of triggers of one kind per function: https://www.tencentcloud.com/document/product/583/11637. */
export const sameTypeMax = 10;

const absent: Readonly<Record<string, { readonly code: string; readonly what: string }>> = {
  cos: { code: 'ResourceNotFound.Cos', what: 'The bucket does not exist' },
  ckafka: { code: 'ResourceNotFound.Ckafka', what: 'The CKafka instance does not exist' },
  cls: { code: 'InvalidParameterValue.Cls', what: 'The log topic does not exist' },
  http: { code: 'UnsupportedOperation.Trigger', what: 'Function URLs are not supported' },
};

/**
 * The form of a timer's name; other kinds are named after their source:
 * https://cloud.tencent.com/document/api/583/18589.
 */
const nameForm = /^[A-Za-z0-9_-]{1,100}$/;

function timerExpression(expression: string | undefined): string {
  const parsed = parseTimerCron(expression ?? '');
  if (parsed.ok) return expression ?? '';
  throw new ApiError(
    'InvalidParameterValue.TriggerDesc',
    `The parameter \`TriggerDesc\` is not a cron expression: ${parsed.error}`,
  );
}

/**
 * Creates a trigger: https://cloud.tencent.com/document/api/583/18589. Load balancer bindings are created at the load
 * balancer, not here.
 */
export const createTrigger = action<'scf.CreateTrigger'>((request, context) => {
  const fn = requireFunction(context, request);
  const { TriggerName: name, Qualifier: qualifier = '$LATEST', Type: type } = request;
  const lack = absent[type];
  if (lack)
    throw new ApiError(lack.code, `${lack.what}: the sandbox has none, and no trigger of type ${type}.`);
  if (!nameForm.test(name)) {
    throw new ApiError(
      'InvalidParameterValue.TriggerName',
      'The parameter `TriggerName` must have 1 to 100 letters, digits, - and _.',
    );
  }
  if (!hasQualifier(fn, qualifier)) {
    throw new ApiError(
      'ResourceNotFound.Qualifier',
      `The function ${fn.name} has no version or alias ${qualifier}.`,
    );
  }
  if (fn.triggers.some((each) => each.name === name)) {
    throw new ApiError('ResourceInUse.Trigger', `The function ${fn.name} has a timer ${name} already.`);
  }
  if (fn.triggers.length >= sameTypeMax) {
    throw new ApiError('LimitExceeded.Trigger', `A function takes at most ${sameTypeMax} timers.`);
  }
  const trigger: WorldTrigger = {
    name,
    type: 'timer',
    cron: timerExpression(request.TriggerDesc),
    qualifier,
    enabled: request.Enable !== 'CLOSE',
    customArgument: request.CustomArgument ?? '',
    description: request.Description ?? '',
    createdAt: context.now,
    modifiedAt: context.now,
  };
  fn.triggers.push(trigger);
  applied(fn, trigger, context);
  return { TriggerInfo: timerAnswer(trigger) };
});

function applied(fn: WorldFunction, trigger: WorldTrigger, context: ActionContext): void {
  context.applied(`${functionKey(fn)}/${trigger.name}`);
}

type TriggerAddress = { TriggerName: string; Type: string; Qualifier?: string };

function findTrigger(
  fn: WorldFunction,
  { TriggerName, Type, Qualifier = '$LATEST' }: TriggerAddress,
): WorldTrigger {
  const found = fn.triggers.find(
    (each) => each.type === Type && each.name === TriggerName && each.qualifier === Qualifier,
  );
  if (!found) {
    throw new ApiError(
      'ResourceNotFound.Trigger',
      `The function ${fn.name} has no ${Type} trigger ${TriggerName} on ${Qualifier}.`,
    );
  }
  return found;
}

/** Updates a trigger; unnamed fields stay unchanged: https://cloud.tencent.com/document/api/583/96828. */
export const updateTrigger = action<'scf.UpdateTrigger'>((request, context) => {
  const fn = requireFunction(context, request);
  const trigger = findTrigger(fn, request);
  const { Enable: enable, TriggerDesc: cron, Description: description, CustomArgument: argument } = request;
  Object.assign(trigger, {
    cron: cron === undefined ? trigger.cron : timerExpression(cron),
    enabled: enable === undefined ? trigger.enabled : enable === 'OPEN',
    description: description ?? trigger.description,
    customArgument: argument ?? trigger.customArgument,
    modifiedAt: context.now,
  });
  applied(fn, trigger, context);
  return {};
});

/** https://cloud.tencent.com/document/api/583/18588. */
export const deleteTrigger = action<'scf.DeleteTrigger'>((request, context) => {
  const fn = requireFunction(context, request);
  const trigger = findTrigger(fn, request);
  fn.triggers = fn.triggers.filter((each) => each !== trigger);
  applied(fn, trigger, context);
  return {};
});

/**
 * Returns a timer in the fields of the API: its description is JSON with the expression. Its format is that of the
 * examples: github.com/TencentCloud/tencentcloud-cli, tccli/examples/scf/v20180416/CreateTrigger.md.
 */
function timerAnswer(timer: WorldTrigger): TriggerAnswer {
  return {
    Type: timer.type,
    TriggerName: timer.name,
    TriggerDesc: JSON.stringify({ cron: timer.cron }),
    ResourceId: '',
    Qualifier: timer.qualifier,
    Enable: timer.enabled ? 1 : 0,
    AvailableStatus: 'Available',
    BindStatus: 'on',
    TriggerAttribute: 'single',
    CustomArgument: timer.customArgument,
    Description: timer.description,
    AddTime: cloudTime(timer.createdAt),
    ModTime: cloudTime(timer.modifiedAt),
  };
}

/** Returns all triggers of a function: its load balancer bindings, then its timers. */
export function listTriggerAnswers(account: AccountWorld, fn: WorldFunction): TriggerAnswer[] {
  return [...clbTriggers(account, fn), ...fn.triggers.map(timerAnswer)];
}
