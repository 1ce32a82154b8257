import { ApiError } from '../api/api-error';
import type { Route, ServiceName } from '../api/dispatch';
import type { Action } from './action';
import { describeListeners } from './clb/describe-listeners';
import { describeLoadBalancers } from './clb/describe-load-balancers';
import { describeTargets } from './clb/describe-targets';
import { describeTaskStatus } from './clb/describe-task-status';
import { deregisterFunctionTargets, registerFunctionTargets } from './clb/function-targets';
import { createRule, deleteRule } from './clb/rules';
import { deregisterTargets, registerTargets } from './clb/targets';
import { describeInstances } from './cvm/describe-instances';
import { createRecord, deleteRecord, modifyRecord, modifyRecordStatus } from './dnspod/change-record';
import { describeDomainList } from './dnspod/describe-domain-list';
import { describeRecordList } from './dnspod/describe-record-list';
import { modifyRecordFields } from './dnspod/modify-record-fields';
import { createFunction, updateFunctionCode } from './scf/change-function';
import { getFunction } from './scf/get-function';
import { listFunctions } from './scf/list-functions';
import { listTriggers } from './scf/list-triggers';
import { listVersionByFunction, publishVersion } from './scf/versions';
import { getCallerIdentity } from './sts/get-caller-identity';
import { describeNetworkAccountType } from './vpc/describe-network-account-type';

/** The code of every action. A test holds it against `served-actions.json`. */
export const registry: Readonly<Record<ServiceName, Readonly<Record<string, Action>>>> = {
  clb: {
    DescribeLoadBalancers: describeLoadBalancers,
    DescribeListeners: describeListeners,
    DescribeTargets: describeTargets,
    DescribeTaskStatus: describeTaskStatus,
    CreateRule: createRule,
    DeleteRule: deleteRule,
    RegisterTargets: registerTargets,
    DeregisterTargets: deregisterTargets,
    RegisterFunctionTargets: registerFunctionTargets,
    DeregisterFunctionTargets: deregisterFunctionTargets,
  },
  scf: {
    ListFunctions: listFunctions,
    GetFunction: getFunction,
    CreateFunction: createFunction,
    UpdateFunctionCode: updateFunctionCode,
    PublishVersion: publishVersion,
    ListVersionByFunction: listVersionByFunction,
    ListTriggers: listTriggers,
  },
  cvm: { DescribeInstances: describeInstances },
  vpc: { DescribeNetworkAccountType: describeNetworkAccountType },
  dnspod: {
    DescribeDomainList: describeDomainList,
    DescribeRecordList: describeRecordList,
    CreateRecord: createRecord,
    ModifyRecord: modifyRecord,
    ModifyRecordFields: modifyRecordFields,
    ModifyRecordStatus: modifyRecordStatus,
    DeleteRecord: deleteRecord,
  },
  sts: { GetCallerIdentity: getCallerIdentity },
};

/** @throws ApiError InvalidAction */
export function findAction({ service, action }: Route): Action {
  const found = registry[service][action];
  if (!found) throw new ApiError('InvalidAction', `The action \`${action}\` is not found.`);
  return found;
}
