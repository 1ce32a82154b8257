import type { ScfFunction } from '@/lib/estate/model';
import { CloudError } from '../../errors';
import type { FunctionSpec } from '../../port';
import type { Reader } from '../caller';
import { readPages } from '../pages';
import {
  type FunctionDetail,
  type FunctionTrigger,
  type FunctionVersion,
  type ProvisionedVersion,
  sortVersions,
  toAliasVersions,
  toFunctionDetail,
  toFunctionNames,
  toProvisioned,
  toTriggers,
  toVersions,
} from './convert';

export type FunctionKey = Pick<FunctionSpec, 'region' | 'namespace' | 'name'>;

const pageSize = 100;

function isNotFound(cause: unknown): boolean {
  return cause instanceof CloudError && /^ResourceNotFound(\.|$)/.test(cause.data.code);
}

/** Names of all functions of a namespace; a namespace that does not exist has none. */
export async function listFunctionNames(
  reader: Reader,
  region: string,
  namespace: string,
): Promise<readonly string[]> {
  try {
    return await readPages(pageSize, (window) =>
      reader.read(
        { service: 'scf', action: 'ListFunctions', region, params: { Namespace: namespace, ...window } },
        toFunctionNames,
      ),
    );
  } catch (cause) {
    if (isNotFound(cause)) return [];
    throw cause;
  }
}

/**
 * One function, or one published version of it.
 * @returns null when there is none.
 */
export async function readFunctionDetail(
  reader: Reader,
  key: FunctionKey,
  version = '$LATEST',
): Promise<FunctionDetail | null> {
  const params = { FunctionName: key.name, Namespace: key.namespace, Qualifier: version };
  try {
    return await reader.read(
      { service: 'scf', action: 'GetFunction', region: key.region, params },
      toFunctionDetail,
    );
  } catch (cause) {
    if (isNotFound(cause)) return null;
    throw cause;
  }
}

function listVersions(
  reader: Reader,
  { region, name, namespace }: FunctionKey,
): Promise<readonly FunctionVersion[]> {
  const params = { FunctionName: name, Namespace: namespace };
  return readPages(pageSize, (window) =>
    reader.read(
      { service: 'scf', action: 'ListVersionByFunction', region, params: { ...params, ...window } },
      toVersions,
    ),
  );
}

/** The published version that carries this description, if there is one. */
export async function findVersion(
  reader: Reader,
  key: FunctionKey,
  description: string,
): Promise<string | undefined> {
  const versions = await listVersions(reader, key);
  // $LATEST is among them, with the function's own description.
  return versions.find((v) => v.description === description && v.version !== '$LATEST')?.version;
}

/** All that leads to a function, whatever version or alias it names. */
export function listTriggers(
  reader: Reader,
  { region, name, namespace }: FunctionKey,
): Promise<readonly FunctionTrigger[]> {
  const params = { FunctionName: name, Namespace: namespace };
  return readPages(pageSize, (window) =>
    reader.read(
      { service: 'scf', action: 'ListTriggers', region, params: { ...params, ...window } },
      toTriggers,
    ),
  );
}

/** One function with its versions and the number of its CLB triggers; null when there is none. */
export async function readFunction(reader: Reader, key: FunctionKey): Promise<ScfFunction | null> {
  const detail = await readFunctionDetail(reader, key);
  if (detail === null) return null;
  const { region } = key;
  const [versions, triggers] = await Promise.all([listVersions(reader, key), listTriggers(reader, key)]);
  return {
    ...detail.fn,
    region,
    versions: sortVersions(['$LATEST', ...versions.map((v) => v.version)]),
    clbTriggerCount: triggers.filter(({ kind }) => kind === 'clb').length,
  };
}

/** The versions that an alias leads to: https://www.tencentcloud.com/document/api/583/36323. */
export function readAliasVersions(
  reader: Reader,
  { region, name, namespace }: FunctionKey,
  alias: string,
): Promise<readonly string[]> {
  const params = { FunctionName: name, Namespace: namespace, Name: alias };
  return reader.read({ service: 'scf', action: 'GetAlias', region, params }, toAliasVersions);
}

/** Provisioned concurrency of all versions that have some: https://cloud.tencent.com/document/api/583/51248. */
export function readProvisioned(
  reader: Reader,
  { region, name, namespace }: FunctionKey,
): Promise<readonly ProvisionedVersion[]> {
  const params = { FunctionName: name, Namespace: namespace };
  return reader.read(
    { service: 'scf', action: 'GetProvisionedConcurrencyConfig', region, params },
    toProvisioned,
  );
}
