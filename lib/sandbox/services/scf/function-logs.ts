import type { FunctionLog } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { InvocationRecord } from '../../telemetry/invocation-log';
import { type ActionContext, action } from '../action';
import { defaultNamespace, requireFunction, requireNamespace } from './find/find-objects';
import { billedMs, memoryBytes } from './invoke';

const dayMs = 86_400_000;

/** Start and end, epoch ms, both inclusive. */
type LogWindow = { readonly from: number; readonly to: number };

/**
 * Returns the time span of a request, with both ends in the form `2017-05-16 20:00:00`.
 * @returns null when it names none
 * @throws ApiError InvalidParameterValue.StartTimeOrEndTime, .DateTime
 */
function logWindow(start: string | undefined, end: string | undefined): LogWindow | null {
  if (start === undefined && end === undefined) return null;
  if (start === undefined || end === undefined) {
    throw new ApiError(
      'InvalidParameterValue.StartTimeOrEndTime',
      '`StartTime` and `EndTime` must both be given, or neither.',
    );
  }
  const from = parseInstant(start, 'StartTime');
  // The end names a second: events within it count.
  const to = parseInstant(end, 'EndTime') + 999;
  if (to < from || to - from > dayMs) {
    throw new ApiError(
      'InvalidParameterValue.DateTime',
      '`EndTime` must be after `StartTime`, and within one day of it.',
    );
  }
  return { from, to };
}

const form = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;

/** In Beijing time, like the responses. */
function parseInstant(text: string, field: string): number {
  const instant = form.test(text) ? Date.parse(`${text.replace(' ', 'T')}+08:00`) : Number.NaN;
  if (!Number.isNaN(instant)) return instant;
  throw new ApiError(
    'InvalidParameterValue.DateTime',
    `The parameter \`${field}\` must have the form 2017-05-16 20:00:00.`,
  );
}

/** Maximum sum of `Offset` and `Limit`: https://cloud.tencent.com/document/api/583/18583. */
const reachMax = 10_000;
const limitDefault = 20;

function callsIn({ account, region, telemetry }: ActionContext, namespace: string): InvocationRecord[] {
  return telemetry.invocations
    .records()
    .filter((call) => call.uin === account.uin && call.region === region && call.namespace === namespace);
}

/** The calls that a `RetCode` filter selects: https://cloud.tencent.com/document/api/583/17244#LogFilter. */
const outcomes: Readonly<Record<string, (status: number) => boolean>> = {
  is0: (status) => status === 200,
  not0: (status) => status !== 200,
  TimeLimitExceeded: (status) => status === 433 || status === 450,
  ResourceLimitExceeded: (status) => status === 429 || status === 432 || status === 434,
  UserCodeException: (status) => status === 430,
};

const sortKeys: Readonly<Record<string, (call: InvocationRecord) => number | string>> = {
  function_name: (call) => call.name,
  duration: (call) => call.durationMs,
  mem_usage: (call) => call.memoryMb,
  start_time: (call) => call.at,
};

function toFunctionLog(call: InvocationRecord): FunctionLog {
  const isFine = call.status === 200;
  return {
    FunctionName: call.name,
    RequestId: call.requestId,
    StartTime: cloudTime(call.at),
    RetMsg: isFine ? call.answer : call.errorMessage,
    // 2 and 3 have other meanings: SCF's status distinguishes failures.
    RetCode: isFine ? 0 : call.status,
    InvokeFinished: 1,
    Duration: call.durationMs,
    BillDuration: billedMs(call.durationMs),
    MemUsage: memoryBytes(call.memoryMb),
    Log: call.log,
    Level: '',
    Source: '',
    RetryNum: 0,
  };
}

/** Returns logs, by default newest first and of any time: https://cloud.tencent.com/document/api/583/18583. */
export const getFunctionLogs = action<'scf.GetFunctionLogs'>((request, context) => {
  const { FunctionName: name, Namespace: namespace = defaultNamespace, Qualifier: qualifier } = request;
  const { Offset: offset = 0, Limit: limit = limitDefault, FunctionRequestId: requestId } = request;
  if (offset < 0 || limit < 0) {
    throw new ApiError('InvalidParameterValue.Offset', '`Offset` and `Limit` must not be negative.');
  }
  if (offset + limit > reachMax) {
    throw new ApiError(
      'LimitExceeded.Offset',
      `\`Offset\` and \`Limit\` together must be at most ${reachMax}.`,
    );
  }
  const window = logWindow(request.StartTime, request.EndTime);
  if (name === undefined) requireNamespace(context, namespace);
  else requireFunction(context, { FunctionName: name, Namespace: namespace });
  const isWanted = outcomes[request.Filter?.RetCode ?? ''] ?? (() => true);
  const found = callsIn(context, namespace).filter(
    (call) =>
      (name === undefined || call.name === name) &&
      (qualifier === undefined || call.qualifier === qualifier || call.version === qualifier) &&
      (requestId === undefined || call.requestId === requestId) &&
      (window === null || (call.at >= window.from && call.at <= window.to)) &&
      isWanted(call.status),
  );
  const key = sortKeys[request.OrderBy ?? 'start_time'] ?? (() => 0);
  const direction = request.Order?.toLowerCase() === 'asc' ? 1 : -1;
  found.sort((a, b) => (key(a) < key(b) ? -direction : key(a) > key(b) ? direction : 0));
  return {
    TotalCount: found.length,
    Data: found.slice(offset, offset + limit).map(toFunctionLog),
    SearchContext: { Offset: '', Limit: 0, Keyword: '', Type: '' },
  };
});

/** The default period, in ms: github.com/TencentCloud/tencentcloud-sdk-nodejs, scf v20180416. */
const recentMs = 15 * 60_000;

/** Returns the status of calls that have ended; a running one appears once it has ended. Same source. */
export const getRequestStatus = action<'scf.GetRequestStatus'>((request, context) => {
  const fn = requireFunction(context, request);
  const recent = { from: context.now - recentMs, to: context.now };
  const window =
    request.StartTime === undefined && request.EndTime !== undefined
      ? recent
      : (logWindow(request.StartTime, request.EndTime) ?? recent);
  const found = callsIn(context, fn.namespace).filter(
    (call) =>
      call.name === fn.name &&
      call.requestId === request.FunctionRequestId &&
      call.at >= window.from &&
      call.at <= window.to,
  );
  return {
    TotalCount: found.length,
    Data: found.map((call) => ({
      FunctionName: call.name,
      RequestId: call.requestId,
      StartTime: cloudTime(call.at),
      RetMsg: call.status === 200 ? call.answer : call.errorMessage,
      RetCode: call.status === 200 ? 0 : -1,
      Duration: call.durationMs,
      MemUsage: call.memoryMb,
      RetryNum: 0,
    })),
  };
});
