import { clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/index.js';
import { dnspod } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/index.js';
import type { Announcement } from '@/lib/sandbox/sandbox';
import { sdkConfig } from './client-config';

const region = 'ap-singapore';

/** Simulates a colleague with their own keys and the official SDK, who doesn't use Spillway. */
export function colleague(sandbox: Announcement, name: string) {
  const user = sandbox.accounts.flatMap(({ users }) => users).find((each) => each.name === name);
  if (user === undefined) throw new Error(`The sandbox has no user ${name}.`);
  const { secretId, secretKey } = user;
  const client = new clb.v20180317.Client(sdkConfig({ ...sandbox, secretId, secretKey }, region));

  /** Returns the ids of the rule that serves a domain on a load balancer. */
  async function findRule(loadBalancer: string, domain: string) {
    const { LoadBalancerSet = [] } = await client.DescribeLoadBalancers({ Limit: 100 });
    const found = LoadBalancerSet.find((each) => each.LoadBalancerName === loadBalancer);
    const LoadBalancerId = found?.LoadBalancerId ?? '';
    const { Listeners = [] } = await client.DescribeListeners({ LoadBalancerId });
    for (const { ListenerId = '', Rules = [] } of Listeners)
      for (const { LocationId = '', Domain } of Rules)
        if (Domain === domain) return { LoadBalancerId, ListenerId, LocationId };
    throw new Error(`${loadBalancer} has no rule for ${domain}.`);
  }

  /** Returns what is bound to a rule. */
  async function boundTo(rule: Awaited<ReturnType<typeof findRule>>) {
    const { Listeners = [] } = await client.DescribeTargets({ LoadBalancerId: rule.LoadBalancerId });
    return Listeners.flatMap(({ Rules = [] }) => Rules).find(
      ({ LocationId }) => LocationId === rule.LocationId,
    );
  }

  return {
    ruleOf: findRule,
    /**
     * Sets the weight of every target of a rule.
     * @returns the request's id
     */
    async setWeight(rule: Awaited<ReturnType<typeof findRule>>, Weight: number): Promise<string> {
      const bound = await boundTo(rule);
      const Targets = (bound?.Targets ?? []).map(({ InstanceId = '', Port = 0 }) => ({ InstanceId, Port }));
      const { RequestId = '' } = await client.ModifyTargetWeight({ ...rule, Targets, Weight });
      return RequestId;
    },
    /**
     * Sets another weight for the function of a rule.
     * @returns the request's id
     */
    async weighFunction(rule: Awaited<ReturnType<typeof findRule>>, Weight: number): Promise<string> {
      const bound = await boundTo(rule);
      const FunctionTargets = (bound?.FunctionTargets ?? []).map((target) => ({ ...target, Weight }));
      const { RequestId = '' } = await client.ModifyFunctionTargets({ ...rule, FunctionTargets });
      return RequestId;
    },
  };
}

/**
 * Adds an address to a name of example.co.id, as a colleague with the account's own key.
 * @returns a function that removes it
 */
export async function addAddress(
  sandbox: Announcement,
  SubDomain: string,
  Value: string,
): Promise<() => Promise<void>> {
  const client = new dnspod.v20210323.Client(sdkConfig(sandbox, ''));
  const Domain = 'example.co.id';
  const { RecordId = 0 } = await client.CreateRecord({
    Domain,
    SubDomain,
    RecordType: 'A',
    RecordLine: '默认',
    Value,
  });
  return async () => {
    await client.DeleteRecord({ Domain, RecordId });
  };
}
