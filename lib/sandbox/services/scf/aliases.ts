import type {
  Alias,
  CreateAliasRequest,
  CreateAliasResponse,
  DeleteAliasRequest,
  DeleteAliasResponse,
  GetAliasRequest,
  GetAliasResponse,
  ListAliasesRequest,
  ListAliasesResponse,
  UpdateAliasRequest,
  UpdateAliasResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldAlias, WorldFunction } from '../../world/scf';
import { action } from '../action';
import { page } from '../paging';
import { toRouting } from './alias-routing';
import { requireUnbound } from './bindings';
import { functionKey, requireFunction, resolveVersion } from './find/look-up';

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
export const createAlias = action<CreateAliasRequest, CreateAliasResponse>((request, context) => {
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
export const updateAlias = action<UpdateAliasRequest, UpdateAliasResponse>((request, context) => {
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
export const getAlias = action<GetAliasRequest, GetAliasResponse>((request, context) =>
  toAliasAnswer(findAlias(requireFunction(context, request), request.Name)),
);

/** https://cloud.tencent.com/document/api/583/44162. */
export const listAliasesAction = action<ListAliasesRequest, ListAliasesResponse>((request, context) => {
  const fn = requireFunction(context, request);
  const { FunctionVersion: version } = request;
  const found = fn.aliases.filter(
    (each) =>
      version === undefined || [each.version, each.extra?.version, each.match?.version].includes(version),
  );
  // The action has its numbers as text.
  const window = { Offset: Number(request.Offset ?? 0), Limit: Number(request.Limit ?? 20) };
  return {
    Aliases: page(found, window, { fallback: 20, max: 1000 }).map(toAliasAnswer),
    TotalCount: found.length,
  };
});

/** https://cloud.tencent.com/document/api/583/44048. */
export const deleteAlias = action<DeleteAliasRequest, DeleteAliasResponse>((request, context) => {
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
