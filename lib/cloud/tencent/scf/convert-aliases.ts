import type {
  GetAliasResponse,
  ListAliasesResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models.js';
import { z } from 'zod';
import type { FunctionAlias } from '@/lib/estate/model';
import type { Page } from '../call/pages';

const furtherVersions = z.array(z.object({ Version: z.string() })).nullish();
const AliasVersionsAnswer = z.object({
  FunctionVersion: z.string(),
  RoutingConfig: z
    .object({ AdditionalVersionWeights: furtherVersions, AddtionVersionMatchs: furtherVersions })
    .nullish(),
});

/** Converts the version that an alias points at, and those that also take a share of its calls. */
export function toAliasVersions(answer: GetAliasResponse): readonly string[] {
  const wire = AliasVersionsAnswer.parse(answer);
  const { AdditionalVersionWeights: weighted, AddtionVersionMatchs: matched } = wire.RoutingConfig ?? {};
  return [wire.FunctionVersion, ...[...(weighted ?? []), ...(matched ?? [])].map(({ Version }) => Version)];
}

const WireAliases = z.object({
  TotalCount: z.number().int().nullish(),
  Aliases: z
    .array(
      z.object({
        Name: z.string().min(1),
        FunctionVersion: z.string().min(1),
        RoutingConfig: z
          .object({
            AdditionalVersionWeights: z
              .array(z.object({ Version: z.string(), Weight: z.number() }))
              .nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});

/** Converts the aliases of a function, `$DEFAULT` among them. At most one more version takes a share. */
export function toAliases(answer: ListAliasesResponse): Page<FunctionAlias> {
  const wire = WireAliases.parse(answer);
  const items = (wire.Aliases ?? []).map(
    ({ Name: name, FunctionVersion: version, RoutingConfig: routing }) => {
      const [more] = routing?.AdditionalVersionWeights ?? [];
      return {
        name,
        version,
        additional: more === undefined ? null : { version: more.Version, weight: more.Weight },
      };
    },
  );
  return { items, total: wire.TotalCount ?? items.length };
}
