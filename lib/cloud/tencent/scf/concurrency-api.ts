import type { ScfAccount } from '@/lib/estate/account-model';
import type { ProvisionedConcurrency, ScfFunction } from '@/lib/estate/model';
import type { Reader } from '../call/caller';
import type { FunctionKey } from './api';
import { toProvisioned, toReserved, toScfAccount } from './convert-concurrency';

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
