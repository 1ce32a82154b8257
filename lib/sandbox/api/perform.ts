import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRoute, ServiceName } from '@/lib/sandbox/model/dispatch';
import { entry } from '@/lib/sandbox/model/entry';
import { checkValues, type ValueRule, type ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Action, Actions } from '@/lib/sandbox/services/action';
import { camActions, camValues } from '@/lib/sandbox/services/cam/actions';
import { clbActions, clbValues } from '@/lib/sandbox/services/clb/actions';
import { cloudauditActions, cloudauditValues } from '@/lib/sandbox/services/cloudaudit/actions';
import { cvmActions, cvmValues } from '@/lib/sandbox/services/cvm/actions';
import { dnspodActions, dnspodValues } from '@/lib/sandbox/services/dnspod/actions';
import { igtmActions, igtmValues } from '@/lib/sandbox/services/igtm/actions';
import { monitorActions, monitorValues } from '@/lib/sandbox/services/monitor/actions';
import { scfActions, scfValues } from '@/lib/sandbox/services/scf/actions';
import { sslActions, sslValues } from '@/lib/sandbox/services/ssl/actions';
import { stsActions, stsValues } from '@/lib/sandbox/services/sts/actions';
import { tagActions, tagValues } from '@/lib/sandbox/services/tag/actions';
import { vpcActions, vpcValues } from '@/lib/sandbox/services/vpc/actions';
import { type ApiCall, actionContext, type PerformDeps } from './action-context';
import { isAudited, recordAudit } from './audit';
import { requirePermission } from './permissions';

/** The code of every action. A test compares it with `served-actions.json`. */
export const registry: Readonly<Record<ServiceName, Actions>> = {
  clb: clbActions,
  scf: scfActions,
  cvm: cvmActions,
  vpc: vpcActions,
  dnspod: dnspodActions,
  monitor: monitorActions,
  ssl: sslActions,
  cloudaudit: cloudauditActions,
  igtm: igtmActions,
  cam: camActions,
  tag: tagActions,
  sts: stsActions,
};

const valueRules: Readonly<Record<ServiceName, ValueRules>> = {
  clb: clbValues,
  scf: scfValues,
  cvm: cvmValues,
  vpc: vpcValues,
  dnspod: dnspodValues,
  monitor: monitorValues,
  ssl: sslValues,
  cloudaudit: cloudauditValues,
  igtm: igtmValues,
  cam: camValues,
  tag: tagValues,
  sts: stsValues,
};

/**
 * Returns the code of an action.
 * @throws ApiError InvalidAction
 */
function findAction({ service, action }: ApiRoute): Action {
  const found = entry(registry[service], action);
  if (!found) throw new ApiError('InvalidAction', `The action \`${action}\` is not found.`);
  return found;
}

export function getValueRules({ service, action }: ApiRoute): readonly ValueRule[] {
  return entry(valueRules[service], action) ?? [];
}

/**
 * Runs the action of a call: checks permission and values, performs the action, and adds every write to the account's
 * trail, refused or not.
 * @returns the response without its RequestId
 * @throws ApiError a refusal
 */
export async function perform(body: unknown, call: ApiCall, deps: PerformDeps): Promise<object> {
  if (!isAudited(call.route.action)) return answer(body, call, deps);
  const { caller, route, region, requestId, now, sourceIp } = call;
  const record = (errorCode: string, result: object | null) => {
    recordAudit(caller, { ...route, at: now, region, requestId, sourceIp, errorCode }, body, result);
    deps.store.changed(route.service);
  };
  try {
    const result = await answer(body, call, deps);
    record('', result);
    return result;
  } catch (error) {
    record(error instanceof ApiError ? error.code : 'InternalError', null);
    throw error;
  }
}

async function answer(body: unknown, call: ApiCall, deps: PerformDeps): Promise<object> {
  const { route } = call;
  const action = findAction(route);
  if (!call.trusted) requirePermission(call, body);
  checkValues(body, route, getValueRules(route));
  return action(body, actionContext(body, call, deps));
}
