import type {
  DescribeListenersResponse,
  DescribeTargetsResponse,
  DescribeTaskStatusResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models.js';
import { z } from 'zod';
import { plainAddress } from '@/lib/estate/address';
import { functionWeightDefault } from '@/lib/estate/facts/limits';
import { InstanceId, ListenerId, type LoadBalancerId, RuleId } from '@/lib/estate/ids';
import {
  type BoundFunction,
  type Listener,
  ListenerProtocol,
  type Rule,
  type Target,
} from '@/lib/estate/model';
import { type OnOdd, readEach } from '../call/pages';
import {
  findClientCa,
  list,
  listCertificateIds,
  readFlag,
  Switch,
  text,
  toNullableInstant,
  WireCertificate,
} from './wire';

const WireRule = z.object({
  LocationId: RuleId,
  Domain: text,
  Domains: list(z.string()),
  Url: z.string(),
  DefaultServer: z.boolean().nullish(),
  Scheduler: text,
  SessionExpireTime: z.number().int().nullish(),
  QuicStatus: text,
  TargetType: text,
  WafDomainId: text,
  RewriteTarget: z.object({ TargetLocationId: text }).nullish(),
  Certificate: WireCertificate,
  ForwardType: text,
  HealthCheck: z.object({ HealthSwitch: Switch }).nullish(),
  Http2: z.boolean().nullish(),
  CreateTime: text,
});

const WireListener = z.object({
  ListenerId,
  ListenerName: text,
  Protocol: ListenerProtocol,
  Port: z.number().int(),
  Certificate: WireCertificate,
  SniSwitch: Switch,
  KeepaliveEnable: Switch,
  AttrFlags: z.array(z.string()).nullish(),
  CreateTime: text,
  Rules: list(z.unknown()),
});

const WireBackend = z.object({
  Type: text,
  InstanceId: text,
  InstanceName: text,
  PrivateIpAddresses: list(z.string()),
  PublicIpAddresses: list(z.string()),
  Port: z.number().int(),
  Weight: z.number().int(),
});

type WireTarget = z.infer<typeof WireBackend>;

const WireFunction = z.object({
  Function: z.object({
    FunctionNamespace: z.string(),
    FunctionName: z.string(),
    FunctionQualifier: z.string(),
    FunctionQualifierType: z.enum(['VERSION', 'ALIAS']).nullish(),
  }),
  Weight: z.number().int().nullish(),
});

const WireBoundRule = z.object({
  LocationId: RuleId,
  Targets: list(WireBackend),
  FunctionTargets: list(WireFunction),
});

const WireBinding = z.object({ ListenerId, Targets: list(WireBackend), Rules: list(z.unknown()) });

const TargetAddress = z.string({ error: 'the target has no address' });

/**
 * A server is named by its id, which means its primary IPv4 address; all else by its address: what is no server, and a
 * server's IPv6 address, which can't be bound by its id. https://cloud.tencent.com/document/api/214/30694#Target
 * @throws ZodError for a target that has neither
 */
function nameOf(kind: string, { InstanceId: id, PrivateIpAddresses, PublicIpAddresses }: WireTarget) {
  const address = PrivateIpAddresses[0] ?? PublicIpAddresses[0];
  if (kind === 'CVM' && id && !address?.includes(':')) return { instanceId: InstanceId.parse(id) };
  return { eniIp: plainAddress(TargetAddress.parse(address)) };
}

function toTarget(wire: WireTarget): Target {
  const kind = (wire.Type ?? 'CVM').toUpperCase();
  const privateIp = wire.PrivateIpAddresses[0] ?? null;
  return {
    kind,
    ...nameOf(kind, wire),
    instanceName: wire.InstanceName,
    privateIp,
    port: wire.Port,
    weight: wire.Weight,
    health: null,
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

export type Bindings = { readonly listeners: readonly Listener[]; readonly rules: readonly Rule[] };

const ListenersAnswer = z.object({ Listeners: list(z.unknown()) });

/** Converts the listeners of a load balancer as the cloud lists them, without their bindings. */
export function toListeners(answer: DescribeListenersResponse, onOdd?: OnOdd) {
  const { Listeners } = ListenersAnswer.parse(answer);
  return readEach(WireListener, Listeners, 'ListenerId', onOdd).map((listener) => ({
    ...listener,
    Rules: readEach(WireRule, listener.Rules, 'LocationId', onOdd && under(listener.ListenerId, onOdd)),
  }));
}

/** All domains of a rule, each once, as the cloud lists it. */
export function ruleDomains({ Domain: first, Domains: all }: z.infer<typeof WireRule>): readonly string[] {
  return [...new Set([first, ...all].filter((name) => name !== null))];
}

/** Returns an `onOdd` that names a rule below its listener. */
function under(listenerId: string, onOdd: OnOdd): OnOdd {
  return (id, reason) => onOdd(`${listenerId}/${id}`, reason);
}

/** Converts the bindings of a load balancer's listeners and rules. */
export function toBindings(answer: DescribeTargetsResponse, onOdd?: OnOdd) {
  const { Listeners } = ListenersAnswer.parse(answer);
  return readEach(WireBinding, Listeners, 'ListenerId', onOdd).map((binding) => ({
    ...binding,
    Rules: readEach(WireBoundRule, binding.Rules, 'LocationId', onOdd && under(binding.ListenerId, onOdd)),
  }));
}

/**
 * Joins the two responses that together describe a binding.
 * @param odd entries of either response that could not be read: ids of listeners, `LISTENER/RULE` of rules
 * @returns null when they do not match (a rule was added or deleted between the two calls): read both again.
 */
export function joinBindings(
  loadBalancerId: LoadBalancerId,
  wireListeners: ReturnType<typeof toListeners>,
  wireBindings: ReturnType<typeof toBindings>,
  odd: ReadonlySet<string> = new Set(),
): Bindings | null {
  const listeners: Listener[] = [];
  const rules: Rule[] = [];
  for (const wire of wireListeners) {
    const bound = wireBindings.find((binding) => binding.ListenerId === wire.ListenerId);
    if (odd.has(wire.ListenerId)) continue;
    if (bound === undefined) return null;
    const certificateIds = listCertificateIds(wire.Certificate);
    listeners.push({
      id: wire.ListenerId,
      loadBalancerId,
      name: wire.ListenerName ?? wire.ListenerId,
      protocol: wire.Protocol,
      port: wire.Port,
      certificateId: certificateIds[0] ?? null,
      certificateIds,
      clientCaId: findClientCa(wire.Certificate),
      sniSwitch: wire.SniSwitch,
      keepalive: wire.KeepaliveEnable,
      stopped: readFlag(wire.AttrFlags, 'Stop'),
      createdAt: toNullableInstant(wire.CreateTime),
      targets: bound.Targets.map(toTarget),
    });
    for (const wireRule of wire.Rules) {
      const targets = bound.Rules.find((rule) => rule.LocationId === wireRule.LocationId);
      if (odd.has(`${wire.ListenerId}/${wireRule.LocationId}`)) continue;
      if (targets === undefined) return null;
      const domains = ruleDomains(wireRule);
      rules.push({
        id: wireRule.LocationId,
        loadBalancerId,
        listenerId: wire.ListenerId,
        domain: domains[0] ?? '',
        domains: domains.length > 0 ? [...domains] : [''],
        url: wireRule.Url,
        isDefault: wireRule.DefaultServer === true,
        scheduler: wireRule.Scheduler ?? 'WRR',
        quic: wireRule.QuicStatus === 'QUIC_ACTIVE',
        targetType: wireRule.TargetType ?? 'NODE',
        certificateIds: listCertificateIds(wireRule.Certificate),
        clientCaId: findClientCa(wireRule.Certificate),
        sessionExpireS: wireRule.SessionExpireTime ?? null,
        forwardType: wireRule.ForwardType,
        healthCheck: wireRule.HealthCheck?.HealthSwitch ?? null,
        http2: wireRule.Http2 ?? null,
        wafDomainId: wireRule.WafDomainId,
        createdAt: toNullableInstant(wireRule.CreateTime),
        redirectsTo: RuleId.nullable().parse(wireRule.RewriteTarget?.TargetLocationId ?? null),
        targets: targets.Targets.map(toTarget),
        functions: targets.FunctionTargets.map(toBoundFunction),
      });
    }
  }
  return { listeners, rules };
}

const TaskStatusAnswer = z.object({
  Status: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  Message: text,
});

/** 0 success, 1 failure, 2 in progress. https://cloud.tencent.com/document/api/214/30683 */
export function toTaskStatus(answer: DescribeTaskStatusResponse) {
  const wire = TaskStatusAnswer.parse(answer);
  const states = { 0: 'done', 1: 'failed', 2: 'running' } as const;
  return { state: states[wire.Status], message: wire.Message ?? '' };
}
