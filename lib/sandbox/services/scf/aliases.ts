import type {
  Alias,
  RoutingConfig,
  VersionMatch,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { parseRange } from '@/lib/sandbox/model/scf/route-by-key';
import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldAlias, WorldFunction } from '../../world/scf';
import { action } from '../action';
import { page } from '../paging';
import { requireUnbound } from './clb-triggers';
import { functionKey, requireFunction, resolveVersion } from './find/find-objects';

const create = 'https://cloud.tencent.com/document/api/583/44164';
const update = 'https://cloud.tencent.com/document/api/583/44161';
const list = 'https://cloud.tencent.com/document/api/583/44162';

function name(source: string, pattern: RegExp): ValueRule {
  return {
    field: 'Name',
    source,
    code: 'InvalidParameterValue.Name',
    pattern,
    hint: 'have 1 to 64 letters, digits, - and _, and begin with a letter',
  };
}

function weight(source: string): ValueRule {
  return {
    field: 'RoutingConfig.AdditionalVersionWeights[].Weight',
    source,
    code: 'InvalidParameterValue.AdditionalVersionWeights',
    range: [0, 1],
  };
}

/** As text, because the action returns numbers as text. */
function count(field: string): ValueRule {
  return {
    field,
    source: list,
    code: 'InvalidParameterValue',
    pattern: /^\d{1,9}$/,
    hint: 'be a whole number',
  };
}

/** The value rules of aliases. */
export const aliasValues: ValueRules = {
  CreateAlias: [name(create, /^[A-Za-z][A-Za-z0-9_-]{0,63}$/), weight(create)],
  // The default alias of every function starts with a $.
  UpdateAlias: [name(update, /^(\$DEFAULT|[A-Za-z][A-Za-z0-9_-]{0,63})$/), weight(update)],
  ListAliases: [count('Offset'), count('Limit')],
};

function findAlias(fn: WorldFunction, name: string): WorldAlias {
  const found = fn.aliases.find((each) => each.name === name);
  if (!found) throw new ApiError('ResourceNotFound.Alias', `The function ${fn.name} has no alias ${name}.`);
  return found;
}

function requireVersion(fn: WorldFunction, version: string): void {
  if (version !== '$LATEST') resolveVersion(fn, version, 'ResourceNotFound.FunctionVersion');
}

function toAliasAnswer(alias: WorldAlias): Required<Alias> {
  const { extra, match } = alias;
  return {
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    AddTime: cloudTime(alias.createdAt),
    ModTime: cloudTime(alias.modifiedAt),
    RoutingConfig: {
      AdditionalVersionWeights: extra === null ? [] : [{ Version: extra.version, Weight: extra.weight }],
      AddtionVersionMatchs:
        match === null
          ? []
          : [{ Version: match.version, Key: match.key, Method: match.method, Expression: match.expression }],
    },
  };
}

/** https://cloud.tencent.com/document/api/583/44164. */
export const createAlias = action<'scf.CreateAlias'>((request, context) => {
  const fn = requireFunction(context, request);
  const { Name: name, FunctionVersion: version, Description: description = '' } = request;
  if (fn.aliases.some((each) => each.name === name)) {
    throw new ApiError('ResourceInUse.Alias', `The function ${fn.name} has an alias ${name} already.`);
  }
  requireVersion(fn, version);
  const routing = toRouting(fn, version, request.RoutingConfig);
  const { now } = context;
  fn.aliases.push({ name, description, version, ...routing, createdAt: now, modifiedAt: now });
  context.applied(`${functionKey(fn)}:${name}`);
  return {};
});

/** https://cloud.tencent.com/document/api/583/44161. */
export const updateAlias = action<'scf.UpdateAlias'>((request, context) => {
  const fn = requireFunction(context, request);
  const alias = findAlias(fn, request.Name);
  const { FunctionVersion: version, RoutingConfig: config } = request;
  requireVersion(fn, version);
  const keeps = config === undefined && context.assumptions.get('alias.omittedRouting') === 'keep';
  const routing = keeps ? {} : toRouting(fn, version, config);
  const description = request.Description ?? alias.description;
  Object.assign(alias, { version, ...routing, description, modifiedAt: context.now });
  context.applied(`${functionKey(fn)}:${alias.name}`);
  return {};
});

/** https://www.tencentcloud.com/document/api/583/36323. */
export const getAlias = action<'scf.GetAlias'>((request, context) =>
  toAliasAnswer(findAlias(requireFunction(context, request), request.Name)),
);

/** https://cloud.tencent.com/document/api/583/44162. */
export const listAliasesAction = action<'scf.ListAliases'>((request, context) => {
  const fn = requireFunction(context, request);
  const { FunctionVersion: version } = request;
  const found = fn.aliases.filter(
    (each) =>
      version === undefined || [each.version, each.extra?.version, each.match?.version].includes(version),
  );
  // The action returns numbers as text.
  const window = { Offset: Number(request.Offset ?? 0), Limit: Number(request.Limit ?? 20) };
  return {
    Aliases: page(found, window, { fallback: 20, max: 1000 }).map(toAliasAnswer),
    TotalCount: found.length,
  };
});

/** https://cloud.tencent.com/document/api/583/44048. */
export const deleteAlias = action<'scf.DeleteAlias'>((request, context) => {
  const fn = requireFunction(context, request);
  if (request.Name === '$DEFAULT') {
    throw new ApiError('InvalidParameterValue.Alias', 'The alias $DEFAULT can’t be deleted.');
  }
  const alias = findAlias(fn, request.Name);
  requireUnbound(fn, alias.name, 'FailedOperation.DeleteAlias', context);
  const timer = fn.triggers.find((each) => each.qualifier === alias.name);
  if (timer) {
    throw new ApiError(
      'FailedOperation.DeleteAlias',
      `The trigger ${timer.name} of ${fn.name} names the alias ${alias.name}.`,
    );
  }
  fn.aliases = fn.aliases.filter((each) => each !== alias);
  context.applied(`${functionKey(fn)}:${alias.name}`);
  return {};
});

type Routing = Pick<WorldAlias, 'extra' | 'match'>;

/**
 * Returns the additional version of an alias, by share or by routing key:
 * https://cloud.tencent.com/document/api/583/17244#RoutingConfig.
 * @param main the alias's own version
 * @throws ApiError InvalidParameterValue.RoutingConfig, .AdditionalVersionWeights, ResourceNotFound.FunctionVersion
 */
function toRouting(fn: WorldFunction, main: string, config: RoutingConfig | undefined): Routing {
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
