import type {
  Code,
  GetReservedConcurrencyConfigResponse,
  Namespace,
  UpdateFunctionCodeRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { unreservedMinMb } from '@/lib/sandbox/model/scf/concurrency';
import { provisionedNow } from '@/lib/sandbox/model/scf/provisioned';
import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import { page } from '@/lib/sandbox/services/paging';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldFunction, WorldNamespace } from '@/lib/sandbox/world/scf';
import { type ActionContext, type Actions, action, type WithNull } from '../action';
import { getAccount } from './account';
import { aliasValues, createAlias, deleteAlias, getAlias, listAliasesAction, updateAlias } from './aliases';
import { requireUnbound } from './clb-triggers';
import { concurrencyValues, provisionableMb, reservableMb } from './concurrency/concurrency-budget';
import {
  deleteProvisionedConcurrencyConfig,
  getProvisionedConcurrencyConfig,
  putProvisionedConcurrencyConfig,
} from './concurrency/provisioned-concurrency';
import { createFunctionAction } from './create-function';
import {
  defaultNamespace,
  functionKey,
  requireActive,
  requireActiveVersion,
  requireFunction,
  resolveVersion,
} from './find/find-objects';
import { toCode } from './function-code';
import { checkHandler, refuseWhatIsNotThere, settingsAfter } from './function-input';
import { getFunctionLogs, getRequestStatus } from './function-logs';
import { functionValues } from './function-values';
import { getFunction } from './get-function';
import { invocationValues, invoke, invokeFunctionAction } from './invoke';
import { listFunctionsAction } from './list-functions';
import { createTrigger, deleteTrigger, listTriggersAction, triggerValues, updateTrigger } from './triggers';
import { addVersion, listVersionByFunction, publishVersion, requireRoomForVersion } from './versions';

/** The creation time of `default`, which always exists; here the date of the API, because no page documents it. */
const apiSince = Date.UTC(2018, 3, 16);

function listAll({ account, region }: ActionContext): WorldNamespace[] {
  const first = { region, name: defaultNamespace, description: '', createdAt: apiSince };
  return [first, ...Object.values(account.namespaces).filter((each) => each.region === region)];
}

function toNamespaceAnswer({ name, description, createdAt }: WorldNamespace): Namespace {
  return {
    Name: name,
    Description: description,
    AddTime: cloudTime(createdAt),
    ModTime: cloudTime(createdAt),
    Type: 'default',
  };
}

const sortKeys: Readonly<Record<string, (namespace: WorldNamespace) => string>> = {
  Name: ({ name }) => name,
  Updatetime: ({ createdAt }) => String(createdAt).padStart(16, '0'),
};

/** Lists namespaces: https://cloud.tencent.com/document/api/583/37158. Several search keys must all match. */
const listNamespacesAction = action<'scf.ListNamespaces'>((request, context) => {
  const found = listAll(context).filter((each) =>
    (request.SearchKey ?? []).every(({ Key: key, Value: value }) =>
      (key === 'Namespace' ? each.name : each.description).includes(value),
    ),
  );
  const key = sortKeys[request.Orderby ?? 'Updatetime'] ?? sortKeys.Updatetime;
  const direction = request.Order === 'DESC' ? -1 : 1;
  if (key) found.sort((a, b) => (key(a) < key(b) ? -direction : direction));
  const shown = page(found, request, { fallback: 20, max: 100 });
  return { Namespaces: shown.map(toNamespaceAnswer), TotalCount: found.length };
});

function deleteVersion(fn: WorldFunction, qualifier: string, context: ActionContext): void {
  if (qualifier === '$LATEST') {
    throw new ApiError(
      'InvalidParameterValue.Qualifier',
      'The version $LATEST goes only with the whole function.',
    );
  }
  const version = resolveVersion(fn, qualifier, 'ResourceNotFound.Qualifier');
  const alias = fn.aliases.find(
    (each) =>
      each.version === qualifier || each.extra?.version === qualifier || each.match?.version === qualifier,
  );
  if (alias) {
    throw new ApiError(
      'UnsupportedOperation.AliasBind',
      `The alias ${alias.name} of ${fn.name} points to the version ${qualifier}.`,
    );
  }
  requireActiveVersion(fn, version, 'FailedOperation.FunctionStatusError');
  const provisioned = fn.provisioned.find((each) => each.qualifier === qualifier);
  if (provisioned && provisionedNow(fn, provisioned, context).status === 'InProgress') {
    throw new ApiError(
      'FailedOperation.ProvisionedInProgress',
      `Instances of version ${qualifier} of ${fn.name} are being provisioned.`,
    );
  }
  requireUnbound(fn, qualifier, 'FailedOperation.DeleteFunction', context);
  fn.versions = fn.versions.filter((each) => each !== version);
  fn.provisioned = fn.provisioned.filter((each) => each !== provisioned);
  fn.triggers = fn.triggers.filter((each) => each.qualifier !== qualifier);
  context.applied(`${functionKey(fn)}:${qualifier}`);
}

/**
 * Deletes a function with its timers, or a version with `Qualifier`, whose running calls are completed:
 * https://cloud.tencent.com/document/api/583/18585.
 */
const deleteFunction = action<'scf.DeleteFunction'>((request, context) => {
  const fn = requireFunction(context, request);
  if (request.Qualifier !== undefined) {
    deleteVersion(fn, request.Qualifier, context);
    return {};
  }
  requireActive(fn);
  requireUnbound(fn, null, 'FailedOperation.DeleteFunction', context);
  delete context.account.functions[functionKey(fn)];
  context.applied(functionKey(fn));
  return {};
});

/** Sets reserved concurrency; 0 stops the function: https://www.tencentcloud.com/document/api/583/39224. */
const putReservedConcurrencyConfig = action<'scf.PutReservedConcurrencyConfig'>((request, context) => {
  const fn = requireFunction(context, request);
  const { ReservedConcurrencyMem: wanted } = request;
  const most = reservableMb(fn, context) - unreservedMinMb;
  if (wanted > most) {
    throw new ApiError(
      'LimitExceeded.FunctionReservedConcurrencyMemory',
      `\`ReservedConcurrencyMem\` can be at most ${Math.max(0, most)} MB: ${unreservedMinMb} MB of the quota must stay unreserved.`,
    );
  }
  const provisioned = provisionableMb(fn);
  // 0 turns the function off, even with provisioned instances.
  if (wanted > 0 && wanted < provisioned) {
    throw new ApiError(
      'FailedOperation.ProvisionedExceedReserved',
      `\`ReservedConcurrencyMem\` is less than the ${provisioned} MB of provisioned instances of ${fn.name}.`,
    );
  }
  fn.reservedMb = wanted;
  context.applied(functionKey(fn));
  return {};
});

/** https://cloud.tencent.com/document/api/583/51247. */
const getReservedConcurrencyConfig = action<
  'scf.GetReservedConcurrencyConfig',
  WithNull<GetReservedConcurrencyConfigResponse, 'ReservedMem'>
>((request, context) => ({ ReservedMem: requireFunction(context, request).reservedMb }));

/** Deletes reserved concurrency; succeeds even if none is set: https://cloud.tencent.com/document/api/583/51249. */
const deleteReservedConcurrencyConfig = action<'scf.DeleteReservedConcurrencyConfig'>((request, context) => {
  const fn = requireFunction(context, request);
  fn.reservedMb = null;
  context.applied(functionKey(fn));
  return {};
});

function change(
  fn: WorldFunction,
  changed: Partial<WorldFunction>,
  publish: string | undefined,
  context: ActionContext,
): void {
  if (publish === 'TRUE') requireRoomForVersion(fn);
  Object.assign(fn, changed, { modifiedAt: context.now });
  if (publish === 'TRUE') addVersion(fn, '', context.now);
  context.settleLater(fn, 'Updating');
  context.applied(functionKey(fn));
}

/** https://www.tencentcloud.com/document/api/583/18581. */
const updateFunctionCode = action<'scf.UpdateFunctionCode'>((request, context) => {
  const fn = requireFunction(context, request);
  requireActive(fn);
  refuseWhatIsNotThere(request);
  const zip = toCode(codeIn(request), request.CodeSource, 20);
  const handler = request.Handler === undefined ? fn.handler : checkHandler(request.Handler, fn.runtime);
  change(fn, { zip, handler }, request.Publish, context);
  return {};
});

function codeIn({ Code: code = {}, ZipFile, CosBucketName, CosObjectName }: UpdateFunctionCodeRequest): Code {
  return {
    ...code,
    ...(ZipFile === undefined ? {} : { ZipFile }),
    ...(CosBucketName === undefined ? {} : { CosBucketName }),
    ...(CosObjectName === undefined ? {} : { CosObjectName }),
  };
}

/**
 * Updates a function's configuration: https://cloud.tencent.com/document/api/583/18580. Unnamed settings stay;
 * `Environment` is replaced as a whole.
 */
const updateFunctionConfiguration = action<'scf.UpdateFunctionConfiguration'>((request, context) => {
  const fn = requireFunction(context, request);
  requireActive(fn, 'FailedOperation.UpdateFunctionConfiguration');
  if (request.Runtime !== undefined && request.Runtime !== fn.runtime) {
    throw new ApiError(
      'InvalidParameterValue.Runtime',
      `The parameter \`Runtime\` can’t be changed; the function ${fn.name} has ${fn.runtime}.`,
    );
  }
  const settings = settingsAfter(request, fn, fn.type, context);
  const description = request.Description ?? fn.description;
  change(fn, { ...settings, description }, request.Publish, context);
  return {};
});

export const scfActions: Actions = {
  ListNamespaces: listNamespacesAction,
  ListFunctions: listFunctionsAction,
  GetFunction: getFunction,
  CreateFunction: createFunctionAction,
  UpdateFunctionCode: updateFunctionCode,
  UpdateFunctionConfiguration: updateFunctionConfiguration,
  DeleteFunction: deleteFunction,
  PublishVersion: publishVersion,
  ListVersionByFunction: listVersionByFunction,
  CreateAlias: createAlias,
  UpdateAlias: updateAlias,
  GetAlias: getAlias,
  ListAliases: listAliasesAction,
  DeleteAlias: deleteAlias,
  CreateTrigger: createTrigger,
  UpdateTrigger: updateTrigger,
  DeleteTrigger: deleteTrigger,
  ListTriggers: listTriggersAction,
  Invoke: invoke,
  InvokeFunction: invokeFunctionAction,
  GetFunctionLogs: getFunctionLogs,
  GetRequestStatus: getRequestStatus,
  PutReservedConcurrencyConfig: putReservedConcurrencyConfig,
  GetReservedConcurrencyConfig: getReservedConcurrencyConfig,
  DeleteReservedConcurrencyConfig: deleteReservedConcurrencyConfig,
  PutProvisionedConcurrencyConfig: putProvisionedConcurrencyConfig,
  GetProvisionedConcurrencyConfig: getProvisionedConcurrencyConfig,
  DeleteProvisionedConcurrencyConfig: deleteProvisionedConcurrencyConfig,
  GetAccount: getAccount,
};

export const scfValues: ValueRules = {
  ...functionValues,
  ...aliasValues,
  ...triggerValues,
  ...invocationValues,
  ...concurrencyValues,
};
