import type {
  Filter,
  ListFunctionsRequest,
  ListFunctionsResponse,
  Function as ScfFunction,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '../../api/api-error';
import { cloudTime } from '../../clock';
import type { WorldFunction } from '../../world/scf';
import { action, type Changed, type WithNull } from '../action';
import { entry } from '../entry';
import { page } from '../paging';
import { functionId } from './function-id';
import { defaultNamespace, functionKey } from './look-up';

type FunctionAnswer = WithNull<ScfFunction, 'ReservedConcurrencyMem' | 'TotalProvisionedConcurrencyMem'>;
type Answer = Changed<ListFunctionsResponse, { Functions: FunctionAnswer[] }>;

const filterFields: Readonly<Record<string, (fn: WorldFunction) => string>> = {
  Status: (fn) => fn.status,
  Runtime: (fn) => fn.runtime,
  FunctionType: (fn) => fn.type,
  Type: (fn) => fn.type,
};

function filterTest({ Name: name, Values: values }: Filter): (fn: WorldFunction) => boolean {
  const field = entry(filterFields, name);
  if (!field) {
    throw new ApiError(
      'InvalidParameterValue.Filters',
      `The filter \`${name}\` is not known to the sandbox.`,
    );
  }
  return (fn) => values.includes(field(fn));
}

const orders: Readonly<Record<string, (fn: WorldFunction) => string>> = {
  AddTime: (fn) => String(fn.createdAt).padStart(16, '0'),
  ModTime: (fn) => String(fn.modifiedAt).padStart(16, '0'),
  FunctionName: (fn) => fn.name,
};

function functionAnswer(fn: WorldFunction): FunctionAnswer {
  return {
    FunctionName: fn.name,
    FunctionId: functionId(fn),
    Namespace: fn.namespace,
    Type: fn.type,
    Runtime: fn.runtime,
    Status: fn.status,
    StatusDesc: '',
    StatusReasons: [],
    Description: fn.description,
    Tags: [],
    AddTime: cloudTime(fn.createdAt),
    ModTime: cloudTime(fn.modifiedAt),
    TotalProvisionedConcurrencyMem: null,
    ReservedConcurrencyMem: null,
    AsyncRunEnable: 'FALSE',
    TraceEnable: 'FALSE',
  };
}

/** https://www.tencentcloud.com/document/api/583/18582 (limit 20 by default; 100 at most is an assumption). */
export const listFunctions = action<ListFunctionsRequest, Answer>((request, context) => {
  const namespace = request.Namespace ?? defaultNamespace;
  // Only to refuse a namespace that doesn't exist.
  functionKey(context, '', namespace);
  const order = entry(orders, request.Orderby ?? 'ModTime');
  if (!order) {
    throw new ApiError('InvalidParameterValue.OrderBy', `\`Orderby\` must be one of ${Object.keys(orders)}.`);
  }
  const tests = (request.Filters ?? []).map(filterTest);
  const found = Object.values(context.account.functions).filter(
    (fn) =>
      fn.region === context.region &&
      fn.namespace === namespace &&
      fn.name.includes(request.SearchKey ?? '') &&
      fn.description.includes(request.Description ?? '') &&
      tests.every((test) => test(fn)),
  );
  const direction = request.Order === 'ASC' ? 1 : -1;
  const key = (fn: WorldFunction) => `${order(fn)} ${fn.name}`;
  found.sort((a, b) => (key(a) < key(b) ? -direction : direction));
  return {
    TotalCount: found.length,
    Functions: page(found, request, { fallback: 20, max: 100 }).map(functionAnswer),
  };
});
