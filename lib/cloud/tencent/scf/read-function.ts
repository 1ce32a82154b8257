import type { ScfFunction } from '@/lib/estate/model';
import { CloudError } from '../../errors';
import type { Reader } from '../call/caller';
import { type FunctionKey, listAliases, listTriggers, listVersions, readFunctionDetail } from './api';
import { readProvisioned, readReserved } from './concurrency-api';
import { type FunctionRow, sortVersions } from './convert';

/** The parts of a function that may be missing while the rest is known. */
export type FunctionPart = 'aliases' | 'reserved' | 'provisioned';

/** Reads such a part; null if the cloud refuses to return it. */
type Attempt = <T>(part: FunctionPart, read: () => Promise<T>) => Promise<T | null>;

const orNull: Attempt = async (_, read) => {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof CloudError) return null;
    throw cause;
  }
};

/**
 * Returns the reserved share, from the list if it is unambiguous: 0 there may mean "none" or "stopped", which the
 * dedicated action distinguishes (https://cloud.tencent.com/document/api/583/51247).
 */
async function fetchReserved(
  reader: Reader,
  key: FunctionKey,
  row: FunctionRow | null,
  attempt: Attempt,
): Promise<ScfFunction['reservedMb']> {
  if (row?.reservedMb === null) return 'none';
  if (row?.reservedMb) return row.reservedMb;
  return attempt('reserved', () => readReserved(reader, key));
}

/** Reads provisioned concurrency; the list shows if the function has none. */
async function fetchProvisioned(reader: Reader, key: FunctionKey, row: FunctionRow | null, attempt: Attempt) {
  if (row?.provisionedMb === 0) return [];
  const found = await attempt('provisioned', () => readProvisioned(reader, key));
  return found === null ? null : [...found];
}

/**
 * Reads one function with its versions, aliases, triggers and concurrency; null if it does not exist.
 * @param row its entry in the list, which saves calls; null = not known
 * @param attempt reads the parts that may be missing
 */
export async function readFunction(
  reader: Reader,
  key: FunctionKey,
  row: FunctionRow | null = null,
  attempt: Attempt = orNull,
): Promise<ScfFunction | null> {
  const detail = await readFunctionDetail(reader, key);
  if (detail === null) return null;
  const [versions, triggers, aliases, reservedMb, provisioned] = await Promise.all([
    listVersions(reader, key),
    listTriggers(reader, key),
    attempt('aliases', () => listAliases(reader, key)),
    fetchReserved(reader, key, row, attempt),
    fetchProvisioned(reader, key, row, attempt),
  ]);
  return {
    ...detail.fn,
    region: key.region,
    versions: sortVersions(['$LATEST', ...versions.map((v) => v.version)]),
    clbTriggerCount: triggers.filter(({ kind }) => kind === 'clb').length,
    aliases: aliases === null ? null : [...aliases].sort((a, b) => (a.name < b.name ? -1 : 1)),
    reservedMb,
    provisioned,
    triggers: triggers.toSorted((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1)),
  };
}
