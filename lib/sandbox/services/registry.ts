import { ApiError } from '../api/api-error';
import type { Route, ServiceName } from '../api/dispatch';
import type { Action } from './action';
import { describeLoadBalancers } from './clb/describe-load-balancers';

const registry: Readonly<Record<ServiceName, Readonly<Record<string, Action>>>> = {
  clb: { DescribeLoadBalancers: describeLoadBalancers },
  scf: {},
  cvm: {},
  vpc: {},
  dnspod: {},
  sts: {},
};

/** The code of an action. @throws ApiError InvalidAction */
export function findAction({ service, action }: Route): Action {
  const found = registry[service][action];
  if (!found) throw new ApiError('InvalidAction', `The action \`${action}\` is not found.`);
  return found;
}
