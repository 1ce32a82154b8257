import type {
  GetAliasResponse,
  ListAliasesResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models.js';
import { z } from 'zod';
import type { FunctionVersionFacts } from '@/lib/estate/functions/function-reading';
import type { FunctionAlias, FunctionTrigger } from '@/lib/estate/model';
import { CloudError } from '../../errors';
import type { FunctionSpec } from '../../port';
import type { Reader } from '../call/caller';
import { type OnOdd, type Page, readEach, readPages } from '../call/pages';
import {
  type FunctionDetail,
  type FunctionRow,
  toFunctionDetail,
  toFunctionRows,
  toNamespaces,
  toTriggers,
  toVersions,
} from './convert';

const AliasAnswer = z.object({
  FunctionVersion: z.string(),
  RoutingConfig: z
    .object({
      AdditionalVersionWeights: z.array(z.object({ Version: z.string(), Weight: z.number() })).nullish(),
      AddtionVersionMatchs: z.array(z.object({ Version: z.string() })).nullish(),
    })
    .nullish(),
});

/**
 * The versions of an alias: its own, those that take a share of its calls, and those that calls with a routing key
 * take.
 */
type AliasRouting = {
  readonly version: string;
  readonly weighted: readonly { readonly version: string; readonly weight: number }[];
  readonly matched: readonly string[];
};

function toAliasRouting(answer: GetAliasResponse): AliasRouting {
  const { FunctionVersion: version, RoutingConfig: routing } = AliasAnswer.parse(answer);
  return {
    version,
    weighted: (routing?.AdditionalVersionWeights ?? []).map(({ Version, Weight }) => ({
      version: Version,
      weight: Weight,
    })),
    matched: (routing?.AddtionVersionMatchs ?? []).map(({ Version }) => Version),
  };
}

const WireAlias = z.object({
  Name: z.string().min(1),
  FunctionVersion: z.string().min(1),
  RoutingConfig: z
    .object({
      AdditionalVersionWeights: z.array(z.object({ Version: z.string(), Weight: z.number() })).nullish(),
    })
    .nullish(),
});

const AliasesAnswer = z.object({
  TotalCount: z.number().int().nullish(),
  Aliases: z.array(z.unknown()).nullish(),
});

/** Converts the aliases of a function, `$DEFAULT` among them. At most one more version takes a share. */
function toAliases(answer: ListAliasesResponse, onOdd?: OnOdd): Page<FunctionAlias> {
  const wire = AliasesAnswer.parse(answer);
  const count = wire.Aliases?.length ?? 0;
  const items = readEach(WireAlias, wire.Aliases, 'Name', onOdd).map(
    ({ Name: name, FunctionVersion: version, RoutingConfig: routing }) => {
      const [more] = routing?.AdditionalVersionWeights ?? [];
      return {
        name,
        version,
        additional: more === undefined ? null : { version: more.Version, weight: more.Weight },
      };
    },
  );
  return { items, total: wire.TotalCount ?? count, count };
}

export type FunctionKey = Pick<FunctionSpec, 'region' | 'namespace' | 'name'>;

const pageSize = 100;

/** Returns whether the cloud reports that the function, version or namespace of a call does not exist. */
export function isNotFound(cause: unknown): boolean {
  return cause instanceof CloudError && /^ResourceNotFound(\.|$)/.test(cause.data.code);
}

/** Returns the names of all namespaces of a region: https://cloud.tencent.com/document/api/583/37158. */
export function listNamespaces(reader: Reader, region: string, onOdd: OnOdd): Promise<readonly string[]> {
  return readPages(pageSize, (window) =>
    reader.read({ service: 'scf', action: 'ListNamespaces', region, params: window }, (answer) =>
      toNamespaces(answer, onOdd),
    ),
  );
}

/** Lists all functions of a namespace; one that was deleted meanwhile has none. */
export async function listFunctions(
  reader: Reader,
  region: string,
  namespace: string,
  onOdd?: OnOdd,
): Promise<readonly FunctionRow[]> {
  try {
    return await readPages(pageSize, (window) =>
      reader.read(
        { service: 'scf', action: 'ListFunctions', region, params: { Namespace: namespace, ...window } },
        (answer) => toFunctionRows(answer, onOdd),
      ),
    );
  } catch (cause) {
    if (isNotFound(cause)) return [];
    throw cause;
  }
}

/**
 * Reads one function, or one published version of it.
 * @returns null if it does not exist.
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

/** Lists the published versions of a function, and `$LATEST`. */
export function listVersions(
  reader: Reader,
  { region, name, namespace }: FunctionKey,
  onOdd?: OnOdd,
): Promise<readonly FunctionVersionFacts[]> {
  const params = { FunctionName: name, Namespace: namespace };
  return readPages(pageSize, (window) =>
    reader.read(
      { service: 'scf', action: 'ListVersionByFunction', region, params: { ...params, ...window } },
      (answer) => toVersions(answer, onOdd),
    ),
  );
}

/** Finds the published version that carries this description, if there is one. */
export async function findVersion(
  reader: Reader,
  key: FunctionKey,
  description: string,
): Promise<string | undefined> {
  const versions = await listVersions(reader, key);
  // $LATEST is among them, with the function's own description.
  return versions.find((v) => v.description === description && v.version !== '$LATEST')?.version;
}

/** Lists all triggers of a function, for any version or alias. */
export function listTriggers(
  reader: Reader,
  { region, name, namespace }: FunctionKey,
  onOdd?: OnOdd,
): Promise<readonly FunctionTrigger[]> {
  const params = { FunctionName: name, Namespace: namespace };
  return readPages(pageSize, (window) =>
    reader.read(
      { service: 'scf', action: 'ListTriggers', region, params: { ...params, ...window } },
      (answer) => toTriggers(answer, onOdd),
    ),
  );
}

/** Reads the versions of an alias: https://www.tencentcloud.com/document/api/583/36323. */
export function readAlias(
  reader: Reader,
  { region, name, namespace }: FunctionKey,
  alias: string,
): Promise<AliasRouting> {
  const params = { FunctionName: name, Namespace: namespace, Name: alias };
  return reader.read({ service: 'scf', action: 'GetAlias', region, params }, toAliasRouting);
}

/** Lists all aliases of a function. */
export function listAliases(
  reader: Reader,
  { region, name, namespace }: FunctionKey,
  onOdd?: OnOdd,
): Promise<readonly FunctionAlias[]> {
  const params = { FunctionName: name, Namespace: namespace };
  return readPages(pageSize, ({ Offset, Limit }) =>
    reader.read(
      {
        service: 'scf',
        action: 'ListAliases',
        region,
        // Only this action takes them as text.
        params: { ...params, Offset: String(Offset), Limit: String(Limit) },
      },
      (answer) => toAliases(answer, onOdd),
    ),
  );
}
