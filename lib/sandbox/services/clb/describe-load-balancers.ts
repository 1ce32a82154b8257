import type {
  DescribeLoadBalancersRequest,
  DescribeLoadBalancersResponse,
  Filter,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '../../api/api-error';
import type { WorldLoadBalancer } from '../../world/clb';
import type { AccountWorld } from '../../world/world';
import { action, type Changed } from '../action';
import { entry } from '../entry';
import { page } from '../paging';
import { type LoadBalancerAnswer, loadBalancerAnswer } from './load-balancer-answer';

type Test = (loadBalancer: WorldLoadBalancer) => boolean;

const contains = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());

/** Filters that can be answered from the world; the others of the API page are refused rather than ignored. */
const filterTests: Readonly<Record<string, (values: readonly string[]) => Test>> = {
  'charge-type': (values) => () => values.includes('POSTPAID_BY_HOUR'),
  'sla-type': (values) => () => values.includes(''),
  'function-name': (values) => (loadBalancer) =>
    loadBalancer.listeners
      .flatMap((listener) => listener.rules)
      .some((rule) => rule.functions.some((fn) => values.includes(fn.name))),
};

function filterTest({ Name: name, Values: values }: Filter): Test {
  const make = entry(filterTests, name);
  if (!make) {
    throw new ApiError(
      'InvalidParameterValue.InvalidFilter',
      `The filter \`${name}\` is not known to the sandbox.`,
    );
  }
  if (values.length > 100) {
    throw new ApiError('InvalidParameterValue.Length', `The filter \`${name}\` takes at most 100 values.`);
  }
  return make(values);
}

function backendsOf(loadBalancer: WorldLoadBalancer, account: AccountWorld): string[] {
  return loadBalancer.listeners
    .flatMap((listener) => [...listener.targets, ...listener.rules.flatMap((rule) => rule.targets)])
    .flatMap((target) => account.instances[target.instanceId]?.privateIp ?? []);
}

function inNetwork(loadBalancer: WorldLoadBalancer, vpcId: string): boolean {
  return vpcId === '0' ? ['', '0'].includes(loadBalancer.vpcId) : loadBalancer.vpcId === vpcId;
}

function wantedTests(request: DescribeLoadBalancersRequest, account: AccountWorld): Test[] {
  const tests: Test[] = (request.Filters ?? []).map(filterTest);
  const add = <T>(value: T | undefined, test: (loadBalancer: WorldLoadBalancer, value: T) => boolean) => {
    if (value !== undefined) tests.push((loadBalancer) => test(loadBalancer, value));
  };
  // An empty list of ids means "no filter", as in all list actions.
  add(request.LoadBalancerIds, (lb, ids) => ids.length === 0 || ids.includes(lb.id));
  add(request.LoadBalancerType, (lb, type) => lb.type === type);
  add(request.Forward, (lb, forward) => lb.forward === forward);
  add(request.LoadBalancerName, (lb, name) => contains(lb.name, name));
  add(request.Domain, (lb, domain) => contains(lb.domain ?? '', domain));
  add(request.LoadBalancerVips, (lb, vips) => lb.vips.some((vip) => vips.includes(vip)));
  add(request.BackendPrivateIps, (lb, ips) => backendsOf(lb, account).some((ip) => ips.includes(ip)));
  add(request.WithRs, (lb, withRs) => withRs === -1 || backendsOf(lb, account).length > 0 === (withRs === 1));
  add(request.VpcId, inNetwork);
  add(request.ProjectId, (_, project) => project === 0);
  add(request.SearchKey, (lb, key) =>
    [lb.id, lb.name, lb.domain ?? '', ...lb.vips].some((text) => contains(text, key)),
  );
  return tests;
}

const orders: Readonly<Record<string, (loadBalancer: WorldLoadBalancer) => string>> = {
  LoadBalancerName: (lb) => lb.name,
  CreateTime: (lb) => String(lb.createdAt).padStart(16, '0'),
  Domain: (lb) => lb.domain ?? '',
  LoadBalancerType: (lb) => lb.type,
};

function sorted(
  found: readonly WorldLoadBalancer[],
  request: DescribeLoadBalancersRequest,
): WorldLoadBalancer[] {
  const key = entry(orders, request.OrderBy ?? 'CreateTime');
  if (!key) {
    throw new ApiError(
      'InvalidParameterValue',
      `The value of \`OrderBy\` must be one of ${Object.keys(orders)}.`,
    );
  }
  const direction = request.OrderType === 0 ? 1 : -1;
  // The id decides between equals, so that pages never overlap.
  const fullKey = (lb: WorldLoadBalancer) => `${key(lb)} ${lb.id}`;
  return [...found].sort((a, b) => (fullKey(a) < fullKey(b) ? -direction : direction));
}

type Answer = Changed<DescribeLoadBalancersResponse, { LoadBalancerSet: LoadBalancerAnswer[] }>;

/** https://www.tencentcloud.com/document/api/214/33830 (ids ≤ 20, limit 20 by default and 100 at most, ≤ 10 filters). */
export const describeLoadBalancers = action<DescribeLoadBalancersRequest, Answer>((request, context) => {
  if ((request.LoadBalancerIds?.length ?? 0) > 20) {
    throw new ApiError(
      'InvalidParameterValue.Length',
      'The parameter `LoadBalancerIds` takes at most 20 ids.',
    );
  }
  if ((request.Filters?.length ?? 0) > 10) {
    throw new ApiError('InvalidParameterValue.Length', 'The parameter `Filters` takes at most 10 filters.');
  }
  const tests = wantedTests(request, context.account);
  const found = Object.values(context.account.loadBalancers).filter(
    (lb) => lb.region === context.region && tests.every((test) => test(lb)),
  );
  return {
    TotalCount: found.length,
    LoadBalancerSet: page(sorted(found, request), request, { fallback: 20, max: 100 }).map(
      loadBalancerAnswer,
    ),
  };
});
