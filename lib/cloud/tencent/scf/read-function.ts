import type { ScfFunction } from '@/lib/estate/model';
import { CloudError } from '../../errors';
import type { Reader } from '../call/caller';
import type { OnOdd } from '../call/pages';
import { type FunctionKey, listAliases, listTriggers, listVersions, readFunctionDetail } from './api';
import { readProvisioned, readReserved } from './concurrency-api';
import { type FunctionRow, sortVersions } from './convert';

/** The parts of a function that may be missing while the rest is known. */
export type FunctionPart = 'aliases' | 'reserved' | 'provisioned';

/** Reads such a part; null if the cloud refuses to return it. */
type Attempt = <T>(part: FunctionPart, read: () => Promise<T>) => Promise<T | null>;

/** The handling of parts of a function that can't be read. */
export type PartialReading = {
  readonly attempt: Attempt;
  /** Reports the entries of a list that can't be read; absent = such an entry fails the read. */
  readonly odd?: (list: 'aliases' | 'versions' | 'triggers') => OnOdd;
};

const orNull: PartialReading = {
  attempt: async (_, read) => {
    try {
      return await read();
    } catch (cause) {
      if (cause instanceof CloudError) return null;
      throw cause;
    }
  },
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

/** Waits for lists that are not needed: a sync has ended when no call of it is under way. */
async function settle(lists: Readonly<Record<string, Promise<unknown>>> | null): Promise<void> {
  await Promise.allSettled(Object.values(lists ?? {}));
}

/**
 * Reads one function with its versions, aliases, triggers and concurrency; null if it does not exist.
 * @param row its entry in the list, which saves calls; null = not known
 * @param partial reads the parts that may be missing
 */
export async function readFunction(
  reader: Reader,
  key: FunctionKey,
  row: FunctionRow | null = null,
  { attempt, odd }: PartialReading = orNull,
): Promise<ScfFunction | null> {
  const oddEntries: (() => void)[] = [];
  const keepOdd = (list: 'aliases' | 'versions' | 'triggers'): OnOdd | undefined => {
    const report = odd?.(list);
    return report && ((id, reason) => void oddEntries.push(() => report(id, reason)));
  };
  const startLists = () => {
    const lists = {
      versions: listVersions(reader, key, keepOdd('versions')),
      triggers: listTriggers(reader, key, keepOdd('triggers')),
      aliases: listAliases(reader, key, keepOdd('aliases')),
    };
    // A failure matters only if the function exists; it is thrown where the list is awaited below.
    for (const list of Object.values(lists)) list.catch(() => {});
    return lists;
  };
  // A function of the list almost certainly exists, so its lists don't wait for its detail.
  const started = row === null ? null : startLists();
  const detail = await readFunctionDetail(reader, key).catch(async (cause: unknown) => {
    await settle(started);
    throw cause;
  });
  if (detail === null) {
    await settle(started);
    return null;
  }
  const lists = started ?? startLists();
  const [versions, triggers, aliases, reservedMb, provisioned] = await Promise.all([
    lists.versions,
    lists.triggers,
    attempt('aliases', () => lists.aliases),
    fetchReserved(reader, key, row, attempt),
    fetchProvisioned(reader, key, row, attempt),
  ]);
  for (const report of oddEntries) report();
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
