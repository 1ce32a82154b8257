import type {
  RoutingConfig,
  VersionMatch,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { parseRange } from '@/lib/sandbox/model/scf/route-by-key';
import type { WorldAlias, WorldFunction } from '../../world/scf';
import { resolveVersion } from './find/look-up';

type Routing = Pick<WorldAlias, 'extra' | 'match'>;

/**
 * Returns the additional version of an alias, by share or by routing key:
 * https://cloud.tencent.com/document/api/583/17244#RoutingConfig.
 * @param main the alias's own version
 * @throws ApiError InvalidParameterValue.RoutingConfig, .AdditionalVersionWeights, ResourceNotFound.FunctionVersion
 */
export function toRouting(fn: WorldFunction, main: string, config: RoutingConfig | undefined): Routing {
  const weights = config?.AdditionalVersionWeights ?? [];
  const matches = config?.AddtionVersionMatchs ?? [];
  if (weights.length > 0 && matches.length > 0) {
    throw new ApiError(
      'InvalidParameterValue.RoutingConfig',
      '`RoutingConfig` takes `AdditionalVersionWeights` or `AddtionVersionMatchs`, not both.',
    );
  }
  const [weight, secondWeight] = weights;
  if (secondWeight) {
    throw new ApiError(
      'InvalidParameterValue.AdditionalVersionWeights',
      `An alias takes one further version; \`AdditionalVersionWeights\` has ${weights.length}.`,
    );
  }
  const [match, secondMatch] = matches;
  if (secondMatch) {
    throw new ApiError(
      'InvalidParameterValue.RoutingConfig',
      `An alias takes one further version; \`AddtionVersionMatchs\` has ${matches.length}.`,
    );
  }
  if (weight) {
    requireFurther(fn, main, weight.Version, 'InvalidParameterValue.AdditionalVersionWeights');
    return { extra: { version: weight.Version, weight: weight.Weight }, match: null };
  }
  if (match) {
    requireFurther(fn, main, match.Version, 'InvalidParameterValue.RoutingConfig');
    return { extra: null, match: toMatch(match) };
  }
  return { extra: null, match: null };
}

function requireFurther(fn: WorldFunction, main: string, version: string, code: string): void {
  if (version === main) {
    throw new ApiError(code, `The further version ${version} in \`RoutingConfig\` is the alias’s own.`);
  }
  if (version !== '$LATEST') resolveVersion(fn, version, 'ResourceNotFound.FunctionVersion');
}

function toMatch({ Version, Key, Method, Expression }: VersionMatch): WorldAlias['match'] {
  const refuse = (must: string) =>
    new ApiError('InvalidParameterValue.RoutingConfig', `\`AddtionVersionMatchs.0.${must}.`);
  if (!/^invoke\.headers\..+$/.test(Key)) throw refuse('Key` must be invoke.headers. and a name');
  if (Method !== 'exact' && Method !== 'range') throw refuse('Method` must be range or exact');
  if (Method === 'range' && parseRange(Expression) === null) {
    throw refuse('Expression` must be a range of whole numbers, as (1,5) or [1,5]');
  }
  return { version: Version, key: Key, method: Method, expression: Expression };
}
