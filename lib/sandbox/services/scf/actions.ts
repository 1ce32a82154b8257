import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import { getAccount } from './account';
import { aliasValues, createAlias, deleteAlias, getAlias, listAliasesAction, updateAlias } from './aliases';
import { updateFunctionCode, updateFunctionConfiguration } from './change-function';
import { concurrencyValues } from './concurrency/concurrency-budget';
import {
  deleteProvisionedConcurrencyConfig,
  getProvisionedConcurrencyConfig,
  putProvisionedConcurrencyConfig,
} from './concurrency/provisioned-concurrency';
import {
  deleteReservedConcurrencyConfig,
  getReservedConcurrencyConfig,
  putReservedConcurrencyConfig,
} from './concurrency/reserved-concurrency';
import { createFunctionAction } from './create-function';
import { deleteFunction } from './delete-function';
import { getFunctionLogs, getRequestStatus } from './function-logs';
import { functionValues } from './function-values';
import { getFunction } from './get-function';
import { invocationValues, invoke, invokeFunctionAction } from './invoke';
import { listFunctionsAction } from './list-functions';
import { listNamespacesAction } from './namespaces';
import { createTrigger, deleteTrigger, listTriggersAction, triggerValues, updateTrigger } from './triggers';
import { listVersionByFunction, publishVersion } from './versions';

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
