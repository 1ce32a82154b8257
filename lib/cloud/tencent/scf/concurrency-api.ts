import type {
  GetAccountResponse,
  GetProvisionedConcurrencyConfigResponse,
  GetReservedConcurrencyConfigResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models.js';
import { z } from 'zod';
import type { ScfAccount } from '@/lib/estate/account-model';
import type { ProvisionedConcurrency, ScfFunction } from '@/lib/estate/model';
import type { Reader } from '../call/caller';
import type { FunctionKey } from './api';

const ProvisionedAnswer = z.object({
  Allocated: z
    .array(
      z.object({
        Qualifier: z.string(),
        AllocatedProvisionedConcurrencyNum: z.number().int(),
        AvailableProvisionedConcurrencyNum: z.number().int(),
        Status: z.string().nullish(),
      }),
    )
    .nullish(),
});

/** Converts provisioned concurrency by version. While it scales down, more instances are ready than requested. */
function toProvisioned(answer: GetProvisionedConcurrencyConfigResponse): readonly ProvisionedConcurrency[] {
  const wire = ProvisionedAnswer.parse(answer);
  return (wire.Allocated ?? []).map((row) => ({
    qualifier: row.Qualifier,
    allocated: row.AllocatedProvisionedConcurrencyNum,
    available: row.AvailableProvisionedConcurrencyNum,
    status: row.Status ?? '',
  }));
}

const ReservedAnswer = z.object({ ReservedMem: z.number().int().nullish() });

/**
 * Converts a function's reserved share; the cloud represents "none" as null.
 * https://cloud.tencent.com/document/api/583/51247
 */
function toReserved(answer: GetReservedConcurrencyConfigResponse): ScfFunction['reservedMb'] {
  const wire = ReservedAnswer.parse(answer);
  return wire.ReservedMem ?? 'none';
}

const amount = z.number().int().nullish();

const WireAccount = z.object({
  AccountUsage: z.object({
    TotalConcurrencyMem: amount,
    TotalAllocatedConcurrencyMem: amount,
    UserConcurrencyMemLimit: amount,
    Namespace: z.array(z.object({ Namespace: z.string(), TotalAllocatedProvisionedMem: amount })).nullish(),
  }),
  AccountLimit: z.object({
    Namespace: z
      .array(z.object({ Namespace: z.string(), Trigger: z.object({ Clb: amount }).nullish() }))
      .nullish(),
  }),
});

/** Converts the quota that a region's functions share. https://cloud.tencent.com/document/api/583/53437 */
function toScfAccount(answer: GetAccountResponse, region: string): ScfAccount {
  const { AccountUsage: usage, AccountLimit: limit } = WireAccount.parse(answer);
  const limits = limit.Namespace ?? [];
  return {
    region,
    quotaMb: usage.UserConcurrencyMemLimit ?? usage.TotalConcurrencyMem ?? null,
    allocatedMb: usage.TotalAllocatedConcurrencyMem ?? null,
    namespaces: (usage.Namespace ?? []).map(({ Namespace: name, TotalAllocatedProvisionedMem: mb }) => ({
      name,
      provisionedMb: mb ?? null,
      clbTriggersMax: limits.find((row) => row.Namespace === name)?.Trigger?.Clb ?? null,
    })),
  };
}

/**
 * Reads the provisioned concurrency of all versions that have some: https://cloud.tencent.com/document/api/583/51248.
 */
export function readProvisioned(
  reader: Reader,
  { region, name, namespace }: FunctionKey,
): Promise<readonly ProvisionedConcurrency[]> {
  const params = { FunctionName: name, Namespace: namespace };
  return reader.read(
    { service: 'scf', action: 'GetProvisionedConcurrencyConfig', region, params },
    toProvisioned,
  );
}

/** Reads the reserved share of one function. */
export function readReserved(
  reader: Reader,
  { region, name, namespace }: FunctionKey,
): Promise<ScfFunction['reservedMb']> {
  const params = { FunctionName: name, Namespace: namespace };
  return reader.read({ service: 'scf', action: 'GetReservedConcurrencyConfig', region, params }, toReserved);
}

/** Reads the quota that a region's functions share. */
export function readScfAccount(reader: Reader, region: string): Promise<ScfAccount> {
  return reader.read({ service: 'scf', action: 'GetAccount', region, params: null }, (answer) =>
    toScfAccount(answer, region),
  );
}
