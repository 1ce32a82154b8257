import type {
  GetFunctionResponse,
  ListFunctionsResponse,
  ListNamespacesResponse,
  ListTriggersResponse,
  ListVersionByFunctionResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models.js';
import { z } from 'zod';
import type { FunctionVersionFacts } from '@/lib/estate/functions/function-reading';
import type { FunctionTrigger, ScfFunction } from '@/lib/estate/model';
import { toInstant } from '../call/cloud-time';
import { type OnOdd, type Page, readEach } from '../call/pages';

const concurrency = z.number().int().nullish();

/** An entry in the list of functions. */
export type FunctionRow = {
  readonly name: string;
  readonly status: string;
  readonly modifiedAt: string;
  /** The cloud's value: null = none, undefined = not reported. */
  readonly reservedMb: number | null | undefined;
  /** The sum over all its versions; null or undefined = not reported. */
  readonly provisionedMb: number | null | undefined;
};

const WireNamespace = z.object({ Name: z.string().min(1) });

const NamespacesAnswer = z.object({
  TotalCount: z.number().int(),
  Namespaces: z.array(z.unknown()).nullish(),
});

/** Returns the names of a region's namespaces. */
export function toNamespaces(answer: ListNamespacesResponse, onOdd?: OnOdd): Page<string> {
  const wire = NamespacesAnswer.parse(answer);
  const items = readEach(WireNamespace, wire.Namespaces, 'Name', onOdd).map(({ Name }) => Name);
  return { items, total: wire.TotalCount, count: wire.Namespaces?.length ?? 0 };
}

const WireRow = z.object({
  FunctionName: z.string().min(1),
  Status: z.string(),
  ModTime: z.string(),
  ReservedConcurrencyMem: concurrency,
  TotalProvisionedConcurrencyMem: concurrency,
});

const FunctionRowsAnswer = z.object({
  TotalCount: z.number().int(),
  Functions: z.array(z.unknown()).nullish(),
});

/** Converts the functions of a namespace. */
export function toFunctionRows(answer: ListFunctionsResponse, onOdd?: OnOdd): Page<FunctionRow> {
  const wire = FunctionRowsAnswer.parse(answer);
  const items = readEach(WireRow, wire.Functions, 'FunctionName', onOdd).map((row) => ({
    name: row.FunctionName,
    status: row.Status,
    modifiedAt: toInstant(row.ModTime),
    reservedMb: row.ReservedConcurrencyMem,
    provisionedMb: row.TotalProvisionedConcurrencyMem,
  }));
  return { items, total: wire.TotalCount, count: wire.Functions?.length ?? 0 };
}

/** An undocumented kind must not pass as an Event function: the response is refused, and the function becomes a gap. */
const FunctionType = z
  .string()
  .transform((type) => type.toUpperCase())
  .pipe(z.enum(['EVENT', 'HTTP']));

const WireFunction = z.object({
  FunctionName: z.string().min(1),
  Namespace: z.string().min(1),
  Type: FunctionType,
  Runtime: z.string().nullish(),
  Handler: z.string().nullish(),
  Description: z.string().nullish(),
  Status: z.string(),
  StatusDesc: z.string().nullish(),
  StatusReasons: z.array(z.object({ ErrorMessage: z.string().nullish() })).nullish(),
  MemorySize: z.number().int(),
  Timeout: z.number().int(),
  ModTime: z.string(),
  AvailableStatus: z.string().nullish(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).nullish(),
});

/** One function (or one version of it) without its lists, and the reason for its state. */
export type FunctionDetail = {
  readonly fn: Omit<
    ScfFunction,
    'region' | 'versions' | 'clbTriggerCount' | 'aliases' | 'reservedMb' | 'provisioned' | 'triggers'
  >;
  readonly reason: string;
  readonly description: string;
};

/**
 * Converts the response of GetFunction.
 * @throws ZodError when a field that we rely on is not as documented.
 */
export function toFunctionDetail(answer: GetFunctionResponse): FunctionDetail {
  const wire = WireFunction.parse(answer);
  const reasons = (wire.StatusReasons ?? []).map((reason) => reason.ErrorMessage ?? '').filter(Boolean);
  return {
    fn: {
      namespace: wire.Namespace,
      name: wire.FunctionName,
      type: wire.Type === 'HTTP' ? 'HTTP' : 'Event',
      runtime: wire.Runtime ?? '',
      handler: wire.Handler ?? '',
      status: wire.Status,
      memoryMb: wire.MemorySize,
      timeoutS: wire.Timeout,
      modifiedAt: toInstant(wire.ModTime),
      availableStatus: wire.AvailableStatus || null,
      tags: Object.fromEntries((wire.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    },
    reason: reasons.join('; ') || (wire.StatusDesc ?? ''),
    description: wire.Description ?? '',
  };
}

const WireVersion = z.object({
  Version: z.string().min(1),
  Description: z.string().nullish(),
  AddTime: z.string().nullish(),
  Status: z.string().nullish(),
});

const VersionsAnswer = z.object({
  TotalCount: z.number().int().nullish(),
  Versions: z.array(z.unknown()).nullish(),
  FunctionVersion: z.array(z.string()).nullish(),
});

/** Converts the versions of a function, in the cloud's order. Older answers have their names alone. */
export function toVersions(answer: ListVersionByFunctionResponse, onOdd?: OnOdd): Page<FunctionVersionFacts> {
  const wire = VersionsAnswer.parse(answer);
  const described = wire.Versions ?? (wire.FunctionVersion ?? []).map((Version) => ({ Version }));
  const items = readEach(WireVersion, described, 'Version', onOdd).map((each) => ({
    version: each.Version,
    description: each.Description ?? '',
    createdAt: each.AddTime ? toInstant(each.AddTime) : null,
    status: each.Status ?? '',
  }));
  return { items, total: wire.TotalCount ?? described.length, count: described.length };
}

/** Sorts `$LATEST` first, then published versions, newest first. */
export function sortVersions(versions: readonly string[]): string[] {
  const rank = (version: string) => (version === '$LATEST' ? Number.POSITIVE_INFINITY : Number(version));
  return [...new Set(versions)].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
}

const WireTrigger = z.object({
  Type: z.string(),
  TriggerName: z.string().nullish(),
  TriggerDesc: z.string().nullish(),
  Description: z.string().nullish(),
  Enable: z
    .union([z.literal(0), z.literal(1)])
    .nullish()
    .catch(null),
  Qualifier: z.string().nullish(),
});

/** A timer's setting is JSON around its expression: https://www.tencentcloud.com/document/product/583/34880. */
function settingOf(desc: string): string {
  try {
    const { cron } = Object(JSON.parse(desc));
    return typeof cron === 'string' ? cron : desc;
  } catch {
    return desc;
  }
}

const TriggersAnswer = z.object({
  TotalCount: z.number().int().nullish(),
  Triggers: z.array(z.unknown()).nullish(),
});

/** Returns the triggers of a function. */
export function toTriggers(answer: ListTriggersResponse, onOdd?: OnOdd): Page<FunctionTrigger> {
  const wire = TriggersAnswer.parse(answer);
  const count = wire.Triggers?.length ?? 0;
  const items = readEach(WireTrigger, wire.Triggers, 'TriggerName', onOdd).map((trigger) => ({
    kind: trigger.Type.toLowerCase(),
    name: trigger.TriggerName ?? '',
    enabled: typeof trigger.Enable === 'number' ? trigger.Enable === 1 : null,
    setting: settingOf(trigger.TriggerDesc ?? ''),
    description: trigger.Description ?? '',
    qualifier: trigger.Qualifier || null,
  }));
  return { items, total: wire.TotalCount ?? count, count };
}
