import type { Result } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { parseBoundedJson } from '@/lib/input/bounded-json';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { routeByKey } from '@/lib/sandbox/model/scf/route-by-key';
import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { InvocationOutcome, Invoker } from '../../world/invoker';
import type { WorldFunction } from '../../world/scf';
import { type ActionContext, action } from '../action';
import { hasQualifier, requireFunction } from './find/find-objects';

const invokePage = 'https://cloud.tencent.com/document/api/583/17243';
const invokeFunctionPage = 'https://cloud.tencent.com/document/api/583/58400';
const logsPage = 'https://cloud.tencent.com/document/api/583/18583';

const logTypes = ['None', 'Tail'];

/** The value rules of calls and of queries about calls. */
export const invocationValues: ValueRules = {
  Invoke: [
    {
      field: 'InvocationType',
      source: invokePage,
      code: 'InvalidParameterValue.InvokeType',
      oneOf: ['RequestResponse', 'Event'],
    },
    { field: 'LogType', source: invokePage, code: 'InvalidParameterValue', oneOf: logTypes },
    { field: 'RoutingKey', source: invokePage, code: 'InvalidParameterValue.Param', length: [0, 1024] },
  ],
  InvokeFunction: [
    { field: 'LogType', source: invokeFunctionPage, code: 'InvalidParameterValue', oneOf: logTypes },
    {
      field: 'RoutingKey',
      source: invokeFunctionPage,
      code: 'InvalidParameterValue.Param',
      length: [0, 1024],
    },
  ],
  GetFunctionLogs: [
    {
      field: 'Order',
      source: logsPage,
      code: 'InvalidParameterValue.Order',
      oneOf: ['desc', 'asc'],
      ignoreCase: true,
    },
    {
      field: 'OrderBy',
      source: logsPage,
      code: 'InvalidParameterValue.OrderBy',
      oneOf: ['function_name', 'duration', 'mem_usage', 'start_time'],
    },
    {
      field: 'Filter.RetCode',
      source: logsPage,
      code: 'InvalidParameterValue.RetCode',
      oneOf: ['not0', 'is0', 'TimeLimitExceeded', 'ResourceLimitExceeded', 'UserCodeException'],
    },
  ],
};

/** Maximum payload of a call, in bytes: https://cloud.tencent.com/document/api/583/17243. */
const syncMax = 6 * 1024 * 1024;
const asyncMax = 128 * 1024;
/** Maximum of log returned in a response, in bytes, same page. */
const logMax = 4096;

type Call = {
  readonly fn: WorldFunction;
  readonly qualifier: string;
  readonly event: unknown;
  readonly invoker: Invoker;
};

type CallRequest = {
  FunctionName: string;
  Namespace?: string;
  Qualifier?: string;
  RoutingKey?: string;
};

/** Checks all that can be checked before the code runs. @throws ApiError */
function prepare(
  request: CallRequest,
  given: { field: string; text: string | undefined; max: number; fallback: string },
  context: ActionContext,
): Call {
  const { invoker } = context;
  const fn = requireFunction(context, request);
  const qualifier = request.Qualifier ?? given.fallback;
  if (!hasQualifier(fn, qualifier)) {
    throw new ApiError(
      'ResourceNotFound.Qualifier',
      `The function ${fn.name} has no version or alias ${qualifier}.`,
    );
  }
  const { field, text = '', max } = given;
  if (Buffer.byteLength(text) > max) {
    throw new ApiError(
      'InvalidParameter.RequestTooLarge',
      `The parameter \`${field}\` is larger than ${max} bytes.`,
    );
  }
  const event = text === '' ? {} : parseJson(text, field);
  const route = chooseVersion(fn, qualifier, request.RoutingKey);
  if (fn.type !== 'Event') {
    throw new ApiError(
      'FailedOperation.InvokeFunction',
      `The function ${fn.name} is of type ${fn.type}; only Event functions are invoked.`,
    );
  }
  if (fn.status === 'Creating' || fn.status === 'CreateFailed') {
    throw new ApiError(
      'FailedOperation.FunctionStatusError',
      `The function ${fn.name} is ${fn.status}; it can’t be invoked.`,
    );
  }
  if (invoker === null) {
    throw new ApiError(
      'FailedOperation.InvokeFunction',
      'This sandbox runs its API alone, without functions; nothing was invoked.',
    );
  }
  return { fn, qualifier: route ?? qualifier, event, invoker };
}

/** An event may be any JSON, but must not nest deeper than a runtime can read. */
const eventLimits = { depth: 500, values: 2_000_000, members: 2_000_000 } as const;

/** @throws ApiError InvalidParameterValue.Param */
function parseJson(text: string, field: string): unknown {
  const parsed = parseBoundedJson(text, { ...eventLimits, length: text.length });
  if (parsed.ok) return parsed.value;
  const what =
    parsed.error.kind === 'notJson'
      ? 'is not JSON'
      : `nests deeper than ${eventLimits.depth} levels or has more than ${eventLimits.values} values`;
  throw new ApiError('InvalidParameterValue.Param', `The parameter \`${field}\` ${what}.`);
}

function chooseVersion(fn: WorldFunction, qualifier: string, routingKey: string | undefined): string | null {
  if (routingKey === undefined || routingKey === '') return null;
  const key = parseJson(routingKey, 'RoutingKey');
  const entries = typeof key === 'object' && key !== null && !Array.isArray(key) ? Object.entries(key) : null;
  const texts = entries?.flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  if (!entries || texts?.length !== entries.length) {
    throw new ApiError(
      'InvalidParameterValue.Param',
      '`RoutingKey` must be a JSON object whose values are strings.',
    );
  }
  const alias = fn.aliases.find((each) => each.name === qualifier);
  return alias ? routeByKey(alias, Object.fromEntries(texts)) : null;
}

function start({ fn, qualifier, event, invoker }: Call, context: ActionContext): Promise<InvocationOutcome> {
  const { account, region, requestId } = context;
  const { namespace, name } = fn;
  return invoker.invoke({ account, region, namespace, name, qualifier, event, requestId });
}

/** Waits for the call. @throws ApiError when it never reached the code */
async function answer(call: Call, logType: string | undefined, context: ActionContext): Promise<Result> {
  const outcome = await start(call, context);
  const { kind } = outcome.result;
  if (kind === 'refused' || kind === 'noRuntime') {
    throw new ApiError('FailedOperation.InvokeFunction', outcome.errorMessage);
  }
  const throttled = context.assumptions.get('invoke.throttled');
  if ((kind === 'throttled' || kind === 'burst') && throttled !== 'result') {
    throw new ApiError(throttled, `${outcome.errorMessage} (${outcome.status}).`);
  }
  return {
    FunctionRequestId: context.requestId,
    Log: logType === 'Tail' ? logTail(outcome.log) : '',
    RetMsg: outcome.result.kind === 'answer' ? outcome.result.json : '',
    ErrMsg: outcome.status === 200 ? '' : toErrorText(outcome, context.requestId),
    Duration: outcome.durationMs,
    BillDuration: billedMs(outcome.durationMs),
    MemUsage: memoryBytes(outcome.memoryMb),
    InvokeResult: outcome.status === 200 ? 0 : 1,
  };
}

function logTail(log: string): string {
  const bytes = Buffer.from(log);
  return bytes.byteLength <= logMax ? log : bytes.subarray(-logMax).toString();
}

/** Formats an error in the form that other callers have received: github.com/easychen/wecomchan/issues/24. */
function toErrorText({ status, errorMessage }: InvocationOutcome, requestId: string): string {
  return JSON.stringify({ errorCode: 1, errorMessage, requestId, statusCode: status });
}

/**
 * Invokes a function: https://cloud.tencent.com/document/api/583/17243. The response to an asynchronous call is sent
 * before it runs.
 */
export const invoke = action<'scf.Invoke'>(async (request, context) => {
  const later = request.InvocationType === 'Event';
  const payload = {
    field: 'ClientContext',
    text: request.ClientContext,
    fallback: '$LATEST',
    max: later ? asyncMax : syncMax,
  };
  const call = prepare(request, payload, context);
  if (!later) return { Result: await answer(call, request.LogType, context) };
  // Its outcome is recorded with the call; no caller waits for it, so the sandbox may stop.
  start(call, context).catch(() => undefined);
  const nothing = { Log: '', RetMsg: '', ErrMsg: '', Duration: 0, BillDuration: 0, MemUsage: 0 };
  return { Result: { ...nothing, FunctionRequestId: context.requestId, InvokeResult: 0 } };
});

/** https://cloud.tencent.com/document/api/583/58400. */
export const invokeFunctionAction = action<'scf.InvokeFunction'>(async (request, context) => {
  const payload = { field: 'Event', text: request.Event, max: syncMax, fallback: '$DEFAULT' };
  const call = prepare(request, payload, context);
  return { Result: await answer(call, request.LogType, context) };
});

/**
 * Returns the billed duration of a call in ms: rounded up to the next 100
 * (https://cloud.tencent.com/document/api/583/17244#FunctionLog).
 */
export function billedMs(durationMs: number): number {
  return Math.ceil(durationMs / 100) * 100;
}

/** Returns the memory that a call used, in bytes, as the API shows it. */
export function memoryBytes(memoryMb: number): number {
  return Math.round(memoryMb * 1024 * 1024);
}
