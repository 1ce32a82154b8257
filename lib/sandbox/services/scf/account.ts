import type {
  NamespaceLimit,
  NamespaceUsage,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { quotaMb, reservedSumMb, usualQuotaMb } from '@/lib/sandbox/model/scf/concurrency';
import { type ActionContext, action } from '../action';
import { provisionedMb } from './concurrency/concurrency-budget';
import { functionsMax } from './create-function';
import { listNamespaceNames, selectFunctions } from './find/find-objects';
import { sameTypeMax } from './triggers';

const triggerKinds = [
  'Cos',
  'Timer',
  'Cmq',
  'Ckafka',
  'Apigw',
  'Cls',
  'Clb',
  'Mps',
  'Cm',
  'Vod',
  'Eb',
] as const;

function namespaceUsage(namespace: string, context: ActionContext): NamespaceUsage {
  const functions = selectFunctions(context, namespace);
  return {
    Namespace: namespace,
    Functions: functions.map((fn) => fn.name).sort(),
    FunctionsCount: functions.length,
    // A separate quota has to be bought.
    TotalConcurrencyMem: 0,
    TotalAllocatedConcurrencyMem: functions.reduce((sum, fn) => sum + (fn.reservedMb ?? 0), 0),
    TotalAllocatedProvisionedMem: functions.reduce((sum, fn) => sum + provisionedMb(fn, context), 0),
  };
}

/**
 * Returns quotas: https://www.tencentcloud.com/document/product/583/11637; those of asynchronous calls:
 * https://www.tencentcloud.com/document/product/583/39851.
 */
function namespaceLimit(namespace: string, { account, region }: ActionContext): NamespaceLimit {
  const perKind = Object.fromEntries(triggerKinds.map((kind) => [kind, sameTypeMax] as const));
  return {
    Namespace: namespace,
    FunctionsCount: functionsMax,
    Trigger: { ...perKind, Total: triggerKinds.length * sameTypeMax },
    // In instances of the default 128 MB.
    ConcurrentExecutions: Math.floor(quotaMb(account, region) / 128),
    TimeoutLimit: 900,
    InitTimeoutLimit: 300,
    TestModelLimit: 20,
    RetryNumLimit: 2,
    MinMsgTTL: 60,
    MaxMsgTTL: 21_600,
  };
}

/** https://cloud.tencent.com/document/api/583/53437. */
export const getAccount = action<'scf.GetAccount'>((_request, context) => {
  const { account, region } = context;
  const namespaces = listNamespaceNames(context);
  return {
    AccountUsage: {
      NamespacesCount: namespaces.length,
      Namespace: namespaces.map((namespace) => namespaceUsage(namespace, context)),
      TotalConcurrencyMem: usualQuotaMb(region),
      TotalAllocatedConcurrencyMem: reservedSumMb(account, region),
      UserConcurrencyMemLimit: quotaMb(account, region),
    },
    AccountLimit: {
      // Including `default`.
      NamespacesCount: 5,
      Namespace: namespaces.map((namespace) => namespaceLimit(namespace, context)),
    },
  };
});
