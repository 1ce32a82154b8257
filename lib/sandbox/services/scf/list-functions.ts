import type {
  Filter,
  Function as ScfFunction,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldFunction } from '../../world/scf';
import { type ActionContext, action, type WithNull } from '../action';
import { page } from '../paging';
import { provisionedMb } from './concurrency/concurrency-budget';
import { defaultNamespace, functionId, requireNamespace, selectFunctions } from './find/find-objects';
import { toFlag } from './get-function';

type FunctionAnswer = WithNull<ScfFunction, 'ReservedConcurrencyMem'>;
type Answer = { Functions: FunctionAnswer[] };

type FilterField = { readonly most: number; valuesOf(fn: WorldFunction): readonly string[] };

const one = (read: (fn: WorldFunction) => string): FilterField => ({
  most: 1,
  valuesOf: (fn) => [read(fn)],
});
const many = (read: (fn: WorldFunction) => string): FilterField => ({ ...one(read), most: 20 });
const nothing: FilterField = { most: 1, valuesOf: () => [] };

/** The filter fields, with the number of values each: https://cloud.tencent.com/document/api/583/17244#Filter. */
const filterFields: Readonly<Record<string, FilterField>> = {
  VpcId: one((fn) => fn.vpc?.vpcId ?? ''),
  SubnetId: one((fn) => fn.vpc?.subnetId ?? ''),
  ClsTopicId: one((fn) => fn.cls.topicId),
  ClsLogsetId: one((fn) => fn.cls.logsetId),
  Role: one((fn) => fn.role),
  CfsId: nothing,
  CfsMountInsId: nothing,
  Eip: nothing,
  Status: many((fn) => fn.status),
  Runtime: many((fn) => fn.runtime),
  FunctionType: many((fn) => fn.type),
  // The action's page uses this name for it.
  Type: many((fn) => fn.type),
  PublicNetStatus: many((fn) => (fn.publicNet ? 'ENABLE' : 'DISABLE')),
  AsyncRunEnable: many((fn) => toFlag(fn.asyncRun)),
  TraceEnable: many((fn) => toFlag(fn.trace)),
};

function findField(name: string): FilterField | undefined {
  const tag = /^tag-(.+)$/.exec(name)?.[1];
  if (tag === undefined) return entry(filterFields, name);
  return { most: 20, valuesOf: (fn) => [entry(fn.tags, tag) ?? []].flat() };
}

function filterTest({ Name: name, Values: values }: Filter): (fn: WorldFunction) => boolean {
  const field = findField(name);
  if (!field) throw new ApiError('InvalidParameterValue.Filters', `The filter \`${name}\` does not exist.`);
  if (values.length > field.most) {
    throw new ApiError(
      'InvalidParameterValue.Filters',
      `The filter \`${name}\` takes at most ${field.most} values, not ${values.length}.`,
    );
  }
  return (fn) => field.valuesOf(fn).some((value) => values.includes(value));
}

const orders: Readonly<Record<string, (fn: WorldFunction) => string>> = {
  AddTime: (fn) => String(fn.createdAt).padStart(16, '0'),
  ModTime: (fn) => String(fn.modifiedAt).padStart(16, '0'),
  FunctionName: (fn) => fn.name,
};

function toFunctionAnswer(fn: WorldFunction, context: ActionContext): FunctionAnswer {
  const provisioned = provisionedMb(fn, context);
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
    Tags: Object.entries(fn.tags).map(([Key, Value]) => ({ Key, Value })),
    AddTime: cloudTime(fn.createdAt),
    ModTime: cloudTime(fn.modifiedAt),
    TotalProvisionedConcurrencyMem: provisioned,
    ReservedConcurrencyMem: fn.reservedMb,
    AsyncRunEnable: toFlag(fn.asyncRun),
    TraceEnable: toFlag(fn.trace),
  };
}

/**
 * Lists functions (limit 20 by default; 100 at most is an assumption):
 * https://www.tencentcloud.com/document/api/583/18582.
 */
export const listFunctionsAction = action<'scf.ListFunctions', Answer>((request, context) => {
  const { Namespace: namespace = defaultNamespace, SearchKey: search = '', Description: text = '' } = request;
  requireNamespace(context, namespace);
  const tests = (request.Filters ?? []).map(filterTest);
  const found = selectFunctions(context, namespace).filter(
    (fn) => fn.name.includes(search) && fn.description.includes(text) && tests.every((test) => test(fn)),
  );
  const order = entry(orders, request.Orderby ?? 'ModTime');
  const direction = request.Order === 'ASC' ? 1 : -1;
  const key = (fn: WorldFunction) => `${order?.(fn)} ${fn.name}`;
  found.sort((a, b) => (key(a) < key(b) ? -direction : direction));
  return {
    TotalCount: found.length,
    Functions: page(found, request, { fallback: 20, max: 100 }).map((fn) => toFunctionAnswer(fn, context)),
  };
});
