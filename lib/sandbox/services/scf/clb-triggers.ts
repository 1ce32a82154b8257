import type { TriggerInfo } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { shortRegion } from '@/lib/sandbox/model/clb/short-region';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldFunction } from '../../world/scf';
import type { AccountWorld } from '../../world/world';
import type { ActionContext } from '../action';

/** All fields except those for which bindings have no value. */
export type TriggerAnswer = Required<Omit<TriggerInfo, 'BoundResources'>>;

/**
 * Returns the bindings of a function as its triggers, including those created at the load balancer. No public page
 * describes the fields; their format follows Tencent's own toolkit
 * (github.com/serverless-tencent/tencent-component-toolkit, src/modules/triggers/clb.ts).
 */
export function clbTriggers(account: AccountWorld, fn: WorldFunction): TriggerAnswer[] {
  return Object.values(account.loadBalancers)
    .filter((lb) => lb.region === fn.region)
    .flatMap((lb) =>
      lb.listeners.flatMap((listener) => listener.rules.map((rule) => ({ lb, listener, rule }))),
    )
    .flatMap(({ lb, listener, rule }) =>
      rule.functions
        .filter((target) => target.namespace === fn.namespace && target.name === fn.name)
        .map((target): TriggerAnswer => {
          const time = cloudTime(rule.createdAt);
          return {
            Type: 'clb',
            TriggerName: `${lb.id}-${rule.id}`,
            TriggerDesc: JSON.stringify({
              loadBalanceId: lb.id,
              domain: rule.domain,
              port: listener.port,
              protocol: listener.protocol,
              url: rule.url,
              weight: target.weight,
            }),
            ResourceId: `qcs::clb:${shortRegion(lb.region)}:uin/${account.uin}:${lb.id}/${listener.id}/${rule.id}`,
            Qualifier: target.qualifier,
            Enable: 1,
            AvailableStatus: 'Available',
            BindStatus: 'on',
            TriggerAttribute: 'BOTH',
            CustomArgument: '',
            Description: '',
            AddTime: time,
            ModTime: time,
          };
        }),
    );
}

/**
 * Refuses to delete a function that a load balancer's rule is bound to. The effect of the deletion on the rule is not
 * documented: the assumption decides whether the deletion is refused, or the rule stays and its requests fail.
 * @param qualifier only the rules that name this version or alias; null = all of the function
 * @throws ApiError with the action's code
 */
export function requireUnbound(
  fn: WorldFunction,
  qualifier: string | null,
  code: string,
  { account, assumptions }: ActionContext,
): void {
  if (assumptions.get('function.deleteBound') === 'leave') return;
  const bound = clbTriggers(account, fn).find(
    (trigger) => qualifier === null || trigger.Qualifier === qualifier,
  );
  if (!bound) return;
  const what = qualifier === null ? '' : ` (${qualifier})`;
  throw new ApiError(
    code,
    `The function ${fn.name}${what} is bound to the rule ${bound.ResourceId}; unbind it there first.`,
  );
}
