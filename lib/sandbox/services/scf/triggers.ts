import type {
  CreateTriggerRequest,
  CreateTriggerResponse,
  DeleteTriggerRequest,
  DeleteTriggerResponse,
  UpdateTriggerRequest,
  UpdateTriggerResponse,
  UpdateTriggerStatusRequest,
  UpdateTriggerStatusResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { parseTimerCron } from '@/lib/sandbox/model/scf/cron';
import type { WorldFunction, WorldTrigger } from '../../world/scf';
import { type ActionContext, action } from '../action';
import { functionKey, hasQualifier, requireFunction } from './find/find-objects';
import { timerAnswer } from './trigger-answers';

/** Maximum of triggers of one kind per function: https://www.tencentcloud.com/document/product/583/11637. */
export const sameTypeMax = 10;

/** The resources that a kind of trigger needs and the sandbox lacks, with the code for their absence. */
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
export const createTrigger = action<CreateTriggerRequest, CreateTriggerResponse>((request, context) => {
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
export const updateTrigger = action<UpdateTriggerRequest, UpdateTriggerResponse>((request, context) => {
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

/** https://cloud.tencent.com/document/api/583/89800. */
export const updateTriggerStatus = action<UpdateTriggerStatusRequest, UpdateTriggerStatusResponse>(
  (request, context) => {
    const fn = requireFunction(context, request);
    const trigger = findTrigger(fn, request);
    trigger.enabled = request.Enable === 'OPEN';
    trigger.modifiedAt = context.now;
    applied(fn, trigger, context);
    return {};
  },
);

/** https://cloud.tencent.com/document/api/583/18588. */
export const deleteTrigger = action<DeleteTriggerRequest, DeleteTriggerResponse>((request, context) => {
  const fn = requireFunction(context, request);
  const trigger = findTrigger(fn, request);
  fn.triggers = fn.triggers.filter((each) => each !== trigger);
  applied(fn, trigger, context);
  return {};
});
