import type {
  DescribeListenersResponse,
  DescribeLoadBalancersResponse,
  DescribeTargetsResponse,
  DescribeTaskStatusResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models.js';
import { z } from 'zod';
import { InstanceId, ListenerId, LoadBalancerId, RuleId } from '@/lib/estate/ids';
import { functionWeightDefault } from '@/lib/estate/limits';
import {
  type BoundFunction,
  type Listener,
  ListenerProtocol,
  type LoadBalancer,
  type Rule,
  type Target,
} from '@/lib/estate/model';
import type { Page } from '../pages';

/** Official answers say "nothing" as null, as an empty text, or not at all. */
export const text = z
  .string()
  .nullish()
  .transform((value) => (value === '' ? null : (value ?? null)));
export const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const WireLoadBalancer = z.object({
  LoadBalancerId,
  LoadBalancerName: text,
  LoadBalancerType: z.enum(['OPEN', 'INTERNAL']),
  Forward: z.union([z.literal(0), z.literal(1)]),
  LoadBalancerDomain: text,
  LoadBalancerVips: list(z.string()),
  Status: z.number().int(),
  VpcId: text,
  Isolation: z.number().int().nullish(),
  IsBlock: z.boolean().nullish(),
  AddressIPVersion: text,
  IPv6Mode: text,
  AddressIPv6: text,
});

/** Values: https://cloud.tencent.com/document/api/214/30694#LoadBalancer. */
function addressFamilyOf(wire: z.infer<typeof WireLoadBalancer>): LoadBalancer['addressFamily'] {
  const version = wire.AddressIPVersion?.toLowerCase();
  if (version === 'ipv4') return 'ipv4';
  if (version !== 'ipv6') return 'unknown';
  switch (wire.IPv6Mode?.toLowerCase()) {
    case 'ipv6nat64':
      return 'ipv6-nat64';
    case 'ipv6fullchain':
      return 'ipv6-full-chain';
    default:
      return 'unknown';
  }
}

/** Load balancers of one region. @throws ZodError when a field that we rely on is not as documented. */
export function toLoadBalancers(answer: DescribeLoadBalancersResponse, region: string): Page<LoadBalancer> {
  const wire = z
    .object({ TotalCount: z.number().int(), LoadBalancerSet: list(WireLoadBalancer) })
    .parse(answer);
  const items = wire.LoadBalancerSet.map(
    (lb): LoadBalancer => ({
      id: lb.LoadBalancerId,
      name: lb.LoadBalancerName ?? lb.LoadBalancerId,
      region,
      generation: lb.Forward === 1 ? 'clb' : 'classic',
      network: lb.LoadBalancerType,
      vpcId: lb.VpcId === '0' ? null : lb.VpcId,
      addressFamily: addressFamilyOf(lb),
      vips: lb.LoadBalancerVips,
      ipv6: lb.AddressIPv6,
      domain: lb.LoadBalancerDomain,
      status: lb.Status === 1 ? 'running' : 'creating',
      isolated: lb.Isolation === 1,
      blocked: lb.IsBlock === true,
    }),
  );
  return { items, total: wire.TotalCount };
}

const WireRule = z.object({
  LocationId: RuleId,
  Domain: text,
  Domains: list(z.string()),
  Url: z.string(),
  DefaultServer: z.boolean().nullish(),
  Scheduler: text,
  QuicStatus: text,
  TargetType: text,
  RewriteTarget: z.object({ TargetLocationId: text }).nullish(),
});

const WireListener = z.object({
  ListenerId,
  ListenerName: text,
  Protocol: ListenerProtocol,
  Port: z.number().int(),
  Certificate: z.object({ CertId: text }).nullish(),
  Rules: list(WireRule),
});

const WireBackend = z.object({
  Type: text,
  InstanceId: text,
  InstanceName: text,
  EniId: text,
  PrivateIpAddresses: list(z.string()),
  Port: z.number().int(),
  Weight: z.number().int(),
});

const WireFunction = z.object({
  Function: z.object({
    FunctionNamespace: z.string(),
    FunctionName: z.string(),
    FunctionQualifier: z.string(),
    FunctionQualifierType: z.enum(['VERSION', 'ALIAS']).nullish(),
  }),
  Weight: z.number().int().nullish(),
});

const WireBinding = z.object({
  ListenerId,
  Targets: list(WireBackend),
  Rules: list(
    z.object({ LocationId: RuleId, Targets: list(WireBackend), FunctionTargets: list(WireFunction) }),
  ),
});

function toTarget(wire: z.infer<typeof WireBackend>): Target {
  const privateIp = wire.PrivateIpAddresses[0] ?? null;
  return {
    kind: (wire.Type ?? 'CVM').toUpperCase(),
    // Targets bound by address have no instance: their interface or address is what names them.
    instanceId: InstanceId.parse(wire.InstanceId ?? wire.EniId ?? privateIp),
    instanceName: wire.InstanceName,
    privateIp,
    port: wire.Port,
    weight: wire.Weight,
  };
}

function toBoundFunction(wire: z.infer<typeof WireFunction>): BoundFunction {
  return {
    namespace: wire.Function.FunctionNamespace,
    name: wire.Function.FunctionName,
    qualifier: wire.Function.FunctionQualifier,
    qualifierType: wire.Function.FunctionQualifierType ?? null,
    weight: wire.Weight ?? functionWeightDefault,
  };
}

/** A rule with all host names it answers for: the estate's rule knows the first one only. */
type RuleWithDomains = { readonly rule: Rule; readonly domains: readonly string[] };
export type Bindings = {
  readonly listeners: readonly Listener[];
  readonly rules: readonly RuleWithDomains[];
};

/** The listeners of a load balancer as the cloud lists them: without what is bound to them. */
export function toListeners(answer: DescribeListenersResponse) {
  return z.object({ Listeners: list(WireListener) }).parse(answer).Listeners;
}

/** What is bound to the listeners and rules of a load balancer. */
export function toBindings(answer: DescribeTargetsResponse) {
  return z.object({ Listeners: list(WireBinding) }).parse(answer).Listeners;
}

/**
 * Joins the two answers of which a binding consists.
 * @returns null when they do not fit together (a rule came or went between the two calls): read both again.
 */
export function joinBindings(
  loadBalancerId: LoadBalancerId,
  wireListeners: ReturnType<typeof toListeners>,
  wireBindings: ReturnType<typeof toBindings>,
): Bindings | null {
  const listeners: Listener[] = [];
  const rules: RuleWithDomains[] = [];
  for (const wire of wireListeners) {
    const bound = wireBindings.find((binding) => binding.ListenerId === wire.ListenerId);
    if (bound === undefined) return null;
    listeners.push({
      id: wire.ListenerId,
      loadBalancerId,
      name: wire.ListenerName ?? wire.ListenerId,
      protocol: wire.Protocol,
      port: wire.Port,
      certificateId: wire.Certificate?.CertId ?? null,
      targets: bound.Targets.map(toTarget),
    });
    for (const wireRule of wire.Rules) {
      const targets = bound.Rules.find((rule) => rule.LocationId === wireRule.LocationId);
      if (targets === undefined) return null;
      const domains = [...new Set([wireRule.Domain, ...wireRule.Domains].filter((name) => name !== null))];
      const rule: Rule = {
        id: wireRule.LocationId,
        loadBalancerId,
        listenerId: wire.ListenerId,
        domain: domains[0] ?? '',
        url: wireRule.Url,
        isDefault: wireRule.DefaultServer === true,
        scheduler: wireRule.Scheduler ?? 'WRR',
        quic: wireRule.QuicStatus === 'QUIC_ACTIVE',
        targetType: wireRule.TargetType ?? 'NODE',
        redirectsTo: RuleId.nullable().parse(wireRule.RewriteTarget?.TargetLocationId ?? null),
        targets: targets.Targets.map(toTarget),
        functions: targets.FunctionTargets.map(toBoundFunction),
      };
      rules.push({ rule, domains });
    }
  }
  return { listeners, rules };
}

/** 0 success, 1 failure, 2 in progress. https://cloud.tencent.com/document/api/214/30683 */
export function toTaskStatus(answer: DescribeTaskStatusResponse) {
  const wire = z
    .object({ Status: z.union([z.literal(0), z.literal(1), z.literal(2)]), Message: text })
    .parse(answer);
  const states = { 0: 'done', 1: 'failed', 2: 'running' } as const;
  return { state: states[wire.Status], message: wire.Message ?? '' };
}
