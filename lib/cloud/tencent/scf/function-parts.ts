import { z } from 'zod';
import type { FunctionId } from '@/lib/estate/functions/function-change';
import type {
  FunctionCalls,
  FunctionCode,
  FunctionCount,
  FunctionLogEntry,
  FunctionPartContent,
  ReadingPart,
} from '@/lib/estate/functions/function-reading';
import { cut } from '@/lib/shorten';
import { CloudError } from '../../errors';
import type { Reader } from '../call/caller';
import { toInstant } from '../call/cloud-time';
import { readSeries, readTotals } from '../monitor/api';
import { isNotFound, listVersions } from './api';

const WireCode = z.object({
  FunctionVersion: z.string(),
  Runtime: z.string().nullish(),
  Handler: z.string().nullish(),
  Description: z.string().nullish(),
  MemorySize: z.number().int(),
  Timeout: z.number().int(),
  ModTime: z.string(),
  CodeSize: z.number().int(),
  CodeInfo: z.string().nullish(),
});

/** Reads the code of a version, with what it is run with: https://cloud.tencent.com/document/api/583/18584. */
function readCode(
  reader: Reader,
  { region, namespace, name }: FunctionId,
  version: string,
): Promise<FunctionCode> {
  const params = { FunctionName: name, Namespace: namespace, Qualifier: version, ShowCode: 'TRUE' };
  return reader.read({ service: 'scf', action: 'GetFunction', region, params }, (answer) => {
    const wire = WireCode.parse(answer);
    return {
      version: wire.FunctionVersion,
      runtime: wire.Runtime ?? '',
      handler: wire.Handler ?? '',
      memoryMb: wire.MemorySize,
      timeoutS: wire.Timeout,
      description: wire.Description ?? '',
      modifiedAt: toInstant(wire.ModTime),
      bytes: wire.CodeSize,
      text: wire.CodeInfo || null,
    };
  });
}

const WireLogs = z.object({
  Data: z
    .array(
      z.object({
        RequestId: z.string(),
        StartTime: z.string(),
        RetCode: z.number(),
        Duration: z.number(),
        MemUsage: z.number(),
        RetMsg: z.string().nullish(),
        Log: z.string().nullish(),
      }),
    )
    .nullish(),
});

/** The newest entries that are read. */
const logsMax = 50;
/** Of an answer and of a log this much is kept: the rest is in the log service. */
const textMax = 4000;

/**
 * Reads the newest calls with what they have logged: https://cloud.tencent.com/document/api/583/18583. Some accounts
 * have their logs in the log service alone, and the cloud refuses this there.
 */
function readLogs(
  reader: Reader,
  { region, namespace, name }: FunctionId,
  outcome: 'any' | 'failed',
): Promise<readonly FunctionLogEntry[]> {
  const params = {
    FunctionName: name,
    Namespace: namespace,
    Limit: logsMax,
    Order: 'desc',
    OrderBy: 'start_time',
    ...(outcome === 'failed' ? { Filter: { RetCode: 'not0' } } : {}),
  };
  return reader.read({ service: 'scf', action: 'GetFunctionLogs', region, params }, (answer) =>
    (WireLogs.parse(answer).Data ?? []).map((entry) => ({
      requestId: entry.RequestId,
      at: toInstant(entry.StartTime),
      code: entry.RetCode,
      durationMs: entry.Duration,
      memoryBytes: entry.MemUsage,
      answer: cut(entry.RetMsg ?? '', textMax),
      log: cut(entry.Log ?? '', textMax),
    })),
  );
}

const hourMs = 3_600_000;
/** An hour by the minute, a day by five minutes: at most 288 values. */
const periods = { 1: 60, 24: 300 } as const;

/** The metrics of a function: https://cloud.tencent.com/document/product/248/37207. */
const metrics = {
  calls: 'Invocation',
  errors: 'Error',
  throttles: 'Throttle',
  concurrency: 'ConcurrentExecutions',
  durationMs: 'Duration',
} as const;

/** Reads the calls of a function over the last hours, all of its versions together. */
async function readCalls(
  reader: Reader,
  { region, namespace, name }: FunctionId,
  hours: 1 | 24,
  now: number,
): Promise<FunctionCalls> {
  const periodS = periods[hours];
  const periodMs = periodS * 1000;
  const to = Math.floor(now / periodMs) * periodMs;
  const from = to - hours * hourMs;
  const dimensions = { functionName: name, namespace };
  const object = { region, namespace: 'QCE/SCF_V2', dimensions } as const;
  const read = (metric: string) => readSeries(reader, object, metric, { from, to, periodS });
  const [calls, errors, throttles, concurrency, durations] = await Promise.all([
    read(metrics.calls),
    read(metrics.errors),
    read(metrics.throttles),
    read(metrics.concurrency),
    read(metrics.durationMs),
  ]);
  const starts = Array.from({ length: (to - from) / periodMs + 1 }, (_, index) => from + index * periodMs);
  return {
    periodS,
    points: starts.map((start) => ({
      at: new Date(start).toISOString(),
      calls: calls.get(start) ?? null,
      errors: errors.get(start) ?? null,
      throttles: throttles.get(start) ?? null,
      concurrency: concurrency.get(start) ?? null,
      durationMs: durations.get(start) ?? null,
    })),
  };
}

/** Reads the calls of many functions in the last hour, ten of a region with each request. */
async function readRecent(
  reader: Reader,
  functions: readonly FunctionId[],
  now: number,
): Promise<readonly FunctionCount[]> {
  const periodS = 300;
  const to = Math.floor(now / (periodS * 1000)) * periodS * 1000;
  const span = { from: to - hourMs, to, periodS };
  const regions = [...new Set(functions.map(({ region }) => region))];
  const counts = await Promise.all(
    regions.map(async (region) => {
      const own = functions.filter((each) => each.region === region);
      const objects = own.map(({ namespace, name }) => {
        const dimensions = { functionName: name, namespace };
        return { region, namespace: 'QCE/SCF_V2', dimensions } as const;
      });
      const [calls, errors] = await Promise.all([
        readTotals(reader, objects, metrics.calls, span),
        readTotals(reader, objects, metrics.errors, span),
      ]);
      return own.map((each, index) => ({
        ...each,
        calls: calls[index] ?? null,
        errors: errors[index] ?? null,
      }));
    }),
  );
  return counts.flat();
}

/**
 * Reads a part of a function that syncs leave out.
 * @param now epoch milliseconds
 * @returns null when there is no such function or version
 */
export async function readPart(
  reader: Reader,
  id: FunctionId,
  part: ReadingPart,
  now: number,
): Promise<FunctionPartContent | null> {
  const read = (): Promise<FunctionPartContent> => {
    switch (part.part) {
      case 'code':
        return readCode(reader, id, part.version);
      case 'versions':
        return listVersions(reader, id);
      case 'logs':
        return readLogs(reader, id, part.outcome);
      case 'calls':
        return readCalls(reader, id, part.hours, now);
      case 'recent':
        return readRecent(reader, part.functions, now);
    }
  };
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof CloudError && isNotFound(cause)) return null;
    throw cause;
  }
}
