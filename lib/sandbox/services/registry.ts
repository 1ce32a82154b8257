import { ApiError } from '../api/api-error';
import type { ApiRoute, ServiceName } from '../api/dispatch';
import type { ValueRule, ValueRules } from '../api/value-rules';
import type { Action, Actions } from './action';
import { camActions, camValues } from './cam/actions';
import { clbActions, clbValues } from './clb/actions';
import { cloudauditActions, cloudauditValues } from './cloudaudit/actions';
import { cvmActions, cvmValues } from './cvm/actions';
import { dnspodActions, dnspodValues } from './dnspod/actions';
import { entry } from './entry';
import { monitorActions, monitorValues } from './monitor/actions';
import { regionActions, regionValues } from './region/actions';
import { scfActions, scfValues } from './scf/actions';
import { sslActions, sslValues } from './ssl/actions';
import { stsActions, stsValues } from './sts/actions';
import { tagActions, tagValues } from './tag/actions';
import { vpcActions, vpcValues } from './vpc/actions';

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
  cam: camActions,
  tag: tagActions,
  region: regionActions,
  sts: stsActions,
};

/** The constraints on a request's values beyond their types. */
const valueRules: Readonly<Record<ServiceName, ValueRules>> = {
  clb: clbValues,
  scf: scfValues,
  cvm: cvmValues,
  vpc: vpcValues,
  dnspod: dnspodValues,
  monitor: monitorValues,
  ssl: sslValues,
  cloudaudit: cloudauditValues,
  cam: camValues,
  tag: tagValues,
  region: regionValues,
  sts: stsValues,
};

/** Returns the code of an action. @throws ApiError InvalidAction */
export function findAction({ service, action }: ApiRoute): Action {
  const found = entry(registry[service], action);
  if (!found) throw new ApiError('InvalidAction', `The action \`${action}\` is not found.`);
  return found;
}

export function getValueRules({ service, action }: ApiRoute): readonly ValueRule[] {
  return entry(valueRules[service], action) ?? [];
}
