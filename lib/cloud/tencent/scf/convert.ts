import type {
  GetAliasResponse,
  GetFunctionResponse,
  GetProvisionedConcurrencyConfigResponse,
  ListFunctionsResponse,
  ListTriggersResponse,
  ListVersionByFunctionResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models.js';
import { z } from 'zod';
import type { ScfFunction } from '@/lib/estate/model';
import { toInstant } from '../cloud-time';
import type { Page } from '../pages';

/** Names of the functions of a namespace. */
export function toFunctionNames(answer: ListFunctionsResponse): Page<string> {
  const wire = z
    .object({
      TotalCount: z.number().int(),
      Functions: z.array(z.object({ FunctionName: z.string().min(1) })).nullish(),
    })
    .parse(answer);
  return { items: (wire.Functions ?? []).map((f) => f.FunctionName), total: wire.TotalCount };
}

/** A kind that is not documented is no Event function: the answer is refused, and the function becomes a gap. */
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
});

/** One function (or one version of it) without its lists, and why it is in its state. */
export type FunctionDetail = {
  readonly fn: Omit<ScfFunction, 'versions' | 'clbTriggerCount' | 'region'>;
  readonly reason: string;
  readonly description: string;
};

/** What GetFunction tells. @throws ZodError when a field that we rely on is not as documented. */
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
    },
    reason: reasons.join('; ') || (wire.StatusDesc ?? ''),
    description: wire.Description ?? '',
  };
}

export type FunctionVersion = { readonly version: string; readonly description: string };

/** Versions of a function as the cloud orders them. */
export function toVersions(answer: ListVersionByFunctionResponse): Page<FunctionVersion> {
  const wire = z
    .object({
      TotalCount: z.number().int().nullish(),
      Versions: z
        .array(z.object({ Version: z.string().min(1), Description: z.string().nullish() }))
        .nullish(),
      FunctionVersion: z.array(z.string()).nullish(),
    })
    .parse(answer);
  const named = wire.FunctionVersion?.map((version) => ({ version, description: '' }));
  const described = wire.Versions?.map((v) => ({ version: v.Version, description: v.Description ?? '' }));
  const items = described ?? named ?? [];
  return { items, total: wire.TotalCount ?? items.length };
}

/** `$LATEST` first, then published versions, newest first. */
export function sortVersions(versions: readonly string[]): string[] {
  const rank = (version: string) => (version === '$LATEST' ? Number.POSITIVE_INFINITY : Number(version));
  return [...new Set(versions)].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
}

export type FunctionTrigger = {
  /** Lower-cased: `clb`, `timer` … */
  readonly kind: string;
  /** The version or alias that it leads to; null where the cloud doesn't say. */
  readonly qualifier: string | null;
};

/** What leads to a function. */
export function toTriggers(answer: ListTriggersResponse): Page<FunctionTrigger> {
  const wire = z
    .object({
      TotalCount: z.number().int().nullish(),
      Triggers: z.array(z.object({ Type: z.string(), Qualifier: z.string().nullish() })).nullish(),
    })
    .parse(answer);
  const items = (wire.Triggers ?? []).map(({ Type, Qualifier }) => ({
    kind: Type.toLowerCase(),
    qualifier: Qualifier || null,
  }));
  return { items, total: wire.TotalCount ?? items.length };
}

/** The version that an alias leads to, and those that take a share of its calls beside it. */
export function toAliasVersions(answer: GetAliasResponse): readonly string[] {
  const further = z.array(z.object({ Version: z.string() })).nullish();
  const wire = z
    .object({
      FunctionVersion: z.string(),
      RoutingConfig: z.object({ AdditionalVersionWeights: further, AddtionVersionMatchs: further }).nullish(),
    })
    .parse(answer);
  const { AdditionalVersionWeights: weighted, AddtionVersionMatchs: matched } = wire.RoutingConfig ?? {};
  return [wire.FunctionVersion, ...[...(weighted ?? []), ...(matched ?? [])].map(({ Version }) => Version)];
}

/** Instances that are kept ready for a version: how many are wanted, and how many of them are not ready. */
export type ProvisionedVersion = {
  readonly version: string;
  readonly wanted: number;
  readonly missing: number;
};

/** Provisioned concurrency by version. While fewer are wanted than there were, more are ready than wanted. */
export function toProvisioned(
  answer: GetProvisionedConcurrencyConfigResponse,
): readonly ProvisionedVersion[] {
  const wire = z
    .object({
      Allocated: z
        .array(
          z.object({
            Qualifier: z.string(),
            AllocatedProvisionedConcurrencyNum: z.number().int(),
            AvailableProvisionedConcurrencyNum: z.number().int(),
          }),
        )
        .nullish(),
    })
    .parse(answer);
  return (wire.Allocated ?? []).map((row) => ({
    version: row.Qualifier,
    wanted: row.AllocatedProvisionedConcurrencyNum,
    missing: Math.max(0, row.AllocatedProvisionedConcurrencyNum - row.AvailableProvisionedConcurrencyNum),
  }));
}
