import { createHash } from 'node:crypto';
import type {
  CreateLoadBalancerRequest,
  CreateLoadBalancerResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import { quotas } from '@/lib/sandbox/services/clb/find/quotas';
import type { WorldLoadBalancer } from '@/lib/sandbox/world/clb';
import { createDealName } from './deal-name';
import { newLoadBalancers } from './new-load-balancer';

type Given = { LoadBalancerIds: string[]; DealName: string };

/** Serializes the request to the same text whatever the order of its fields. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
}

/** Returns the earlier response for the token, null when it is new. @throws ApiError when another request used it */
function earlierAnswer(
  token: string,
  requestHash: string,
  { account, assumptions }: ActionContext,
): Given | null {
  const earlier = entry(account.clientTokens, token);
  if (!earlier) return null;
  const reused = assumptions.get('clb.clientTokenReused');
  if (earlier.requestHash !== requestHash && reused !== 'earlier answer') {
    throw new ApiError(reused, `The parameter \`ClientToken\` ${token} was used for another request.`);
  }
  return { LoadBalancerIds: earlier.loadBalancerIds, DealName: earlier.dealName };
}

/** A repeated request answers with a RequestId of its own, whose task tells how the first one stands. */
function followTask({ DealName: dealName }: Given, context: ActionContext): void {
  const { account, requestId } = context;
  const first = Object.values(account.tasks).find(
    ({ effect }) => effect.kind === 'createLoadBalancers' && effect.dealName === dealName,
  );
  // One that ended so long ago that it is forgotten has nothing left to do.
  if (first === undefined) context.startTask([], { kind: 'nothing' });
  else account.tasks[requestId] = { ...first, id: requestId, effect: { kind: 'nothing' } };
}

function checkQuota(made: readonly WorldLoadBalancer[], { account, region }: ActionContext): void {
  const type = made[0]?.type;
  const limit = type === 'OPEN' ? quotas.openLoadBalancers : quotas.internalLoadBalancers;
  const have = Object.values(account.loadBalancers).filter((lb) => lb.region === region && lb.type === type);
  if (have.length + made.length > limit) {
    throw new ApiError(
      'LimitExceeded',
      `The region ${region} takes at most ${limit} ${type} instances of this account; it has ${have.length}.`,
    );
  }
}

/**
 * https://cloud.tencent.com/document/api/214/30692. The instances are there at once with status 0; the task makes
 * them run. A ClientToken gives the same load balancers to the same request, and a task that can be waited for.
 */
export const createLoadBalancerAction = action<CreateLoadBalancerRequest, CreateLoadBalancerResponse>(
  (request, context) => {
    const { ClientToken: token } = request;
    const requestHash = createHash('sha256')
      .update(canonical({ ...request, region: context.region }))
      .digest('hex');
    const earlier = token ? earlierAnswer(token, requestHash, context) : null;
    if (earlier) {
      followTask(earlier, context);
      return earlier;
    }
    const made = newLoadBalancers(request, context);
    checkQuota(made, context);
    const loadBalancerIds = made.map(({ id }) => id);
    const dealName = createDealName(context);
    context.startTask(made, { kind: 'createLoadBalancers', loadBalancerIds, dealName });
    for (const loadBalancer of made) context.account.loadBalancers[loadBalancer.id] = loadBalancer;
    if (token) context.account.clientTokens[token] = { requestHash, loadBalancerIds, dealName };
    return { LoadBalancerIds: loadBalancerIds, DealName: dealName };
  },
);
