import type { Estate, Listener, LoadBalancer, Rule, Target } from '@/lib/estate/model';
import { listener, loadBalancer, oneWay, seedRule, targetGroup } from '@/lib/sandbox/seeds/parts';
import type {
  Scheduler,
  WorldCertificateUse,
  WorldFunctionTarget,
  WorldListener,
  WorldLoadBalancer,
  WorldRule,
  WorldTarget,
  WorldTargetGroup,
} from '@/lib/sandbox/world/clb';
import { listenerHealthCheck, ruleHealthCheck } from '@/lib/sandbox/world/health-check';
import { toMs } from './to-ms';

const schedulers: readonly Scheduler[] = ['WRR', 'LEAST_CONN', 'IP_HASH'];

function toScheduler(name: string): Scheduler {
  return schedulers.find((each) => each === name) ?? 'WRR';
}

function toCertificate(ids: readonly string[]): WorldCertificateUse | null {
  const [first, ...further] = ids;
  return first === undefined ? null : { ...oneWay(first), ids: [first, ...further] };
}

/** The server of a target: the one that it names, or the one with its address. */
export type ServerOf = (target: Target) => string;

function toTarget(target: Target, serverOf: ServerOf, registeredAt: number): WorldTarget {
  const { eniIp, port, weight } = target;
  return { instanceId: serverOf(target), port, weight, registeredAt, ...(eniIp !== undefined && { eniIp }) };
}

function toFunctionTarget(bound: Rule['functions'][number]): WorldFunctionTarget {
  const { namespace, name, qualifier, weight } = bound;
  const isVersion = qualifier === '$LATEST' || /^\d+$/.test(qualifier);
  return {
    namespace,
    name,
    qualifier,
    qualifierType: bound.qualifierType ?? (isVersion ? 'VERSION' : 'ALIAS'),
    weight,
  };
}

type RuleParts = {
  readonly estate: Pick<Estate, 'rules'>;
  readonly serverOf: ServerOf;
  /** The time from which everything has existed, in epoch ms, where the snapshot does not say. */
  readonly since: number;
};

function toForwardType(name: string | null): WorldRule['forwardType'] {
  const known = ['HTTP', 'HTTPS', 'GRPC', 'GRPCS'] as const;
  return known.find((each) => each === name) ?? 'HTTP';
}

function toRule(rule: Rule, of: Listener, { estate, serverOf, since }: RuleParts): WorldRule {
  const createdAt = toMs(rule.createdAt, since);
  const goal = estate.rules.find(({ id }) => id === rule.redirectsTo);
  const isNode = rule.targetType === 'NODE';
  return seedRule({
    id: rule.id,
    domain: rule.domain,
    furtherDomains: rule.domains.filter((name) => name !== rule.domain),
    url: rule.url,
    isDefault: rule.isDefault,
    scheduler: toScheduler(rule.scheduler),
    healthCheck: { ...ruleHealthCheck(), on: rule.healthCheck ?? true },
    forwardType: toForwardType(rule.forwardType),
    http2: rule.http2 ?? false,
    quic: rule.quic,
    certificate: of.sniSwitch === true ? toCertificate(rule.certificateIds) : null,
    targetType: isNode ? 'NODE' : rule.targetType === 'TARGETGROUP' ? 'TARGETGROUP' : 'TARGETGROUP-V2',
    targetGroups: isNode ? [] : [{ groupId: groupIdOf(rule), weight: 10 }],
    redirectTo:
      goal === undefined ? null : { listenerId: goal.listenerId, ruleId: goal.id, code: 302, takeUrl: true },
    ...(rule.wafDomainId !== null && { wafDomainId: rule.wafDomainId }),
    createdAt,
    targets: isNode ? rule.targets.map((target) => toTarget(target, serverOf, since)) : [],
    functions: rule.functions.map(toFunctionTarget),
  });
}

/** The snapshot does not name the target group of a rule: each such rule gets one of its own. */
function groupIdOf({ id }: Rule): string {
  return `lbtg-${id}`;
}

function toListener(found: Listener, parts: RuleParts): WorldListener {
  const { estate, serverOf, since } = parts;
  const rules = estate.rules.filter(
    (rule) => rule.listenerId === found.id && rule.loadBalancerId === found.loadBalancerId,
  );
  const isLayer4 = found.protocol !== 'HTTP' && found.protocol !== 'HTTPS';
  return listener({
    id: found.id,
    name: found.name,
    protocol: found.protocol,
    port: found.port,
    certificate: toCertificate(
      found.certificateIds.length > 0
        ? found.certificateIds
        : [found.certificateId].filter((id) => id !== null),
    ),
    sni: found.sniSwitch ?? false,
    keepalive: found.keepalive ?? false,
    healthCheck: isLayer4 ? listenerHealthCheck() : null,
    stopped: found.stopped ?? false,
    createdAt: toMs(found.createdAt, since),
    targets: found.targets.map((target) => toTarget(target, serverOf, since)),
    rules: rules.map((rule) => toRule(rule, found, parts)),
  });
}

const families = {
  ipv4: { ipVersion: 'ipv4', ipv6Mode: '' },
  unknown: { ipVersion: 'ipv4', ipv6Mode: '' },
  'ipv6-nat64': { ipVersion: 'ipv6', ipv6Mode: 'IPv6Nat64' },
  'ipv6-full-chain': { ipVersion: 'ipv6', ipv6Mode: 'IPv6FullChain' },
} as const;

/** Copies a load balancer of a snapshot with its listeners, rules and bindings to sandbox data. */
export function copyLoadBalancer(
  found: LoadBalancer,
  listeners: readonly Listener[],
  parts: RuleParts,
): WorldLoadBalancer {
  const createdAt = toMs(found.createdAt, parts.since);
  const { operationProtection: protection } = found;
  return loadBalancer({
    id: found.id,
    name: found.name,
    region: found.region,
    forward: found.generation === 'clb' ? 1 : 0,
    type: found.network,
    vpcId: found.vpcId ?? '0',
    ...families[found.addressFamily],
    ipv6: found.ipv6,
    vips: [...found.vips],
    domain: found.domain,
    status: found.status === 'running' ? 1 : 0,
    isolated: found.isolated,
    blocked: found.blocked,
    stopped: found.stopped ?? false,
    deleteProtected: found.deleteProtected ?? false,
    tags: { ...found.tags },
    ...(protection && {
      operationProtection: {
        operatorUin: protection.operatorUin ?? '',
        description: protection.note,
        modifiedAt: createdAt,
      },
    }),
    slaType: found.slaType ?? '',
    bandwidthMbps: found.bandwidthMbps ?? 0,
    internetChargeType: found.internetChargeType ?? '',
    securityGroups: [...(found.securityGroups ?? [])],
    passToTarget: found.passToTarget ?? false,
    createdAt,
    listeners: listeners
      .filter(({ loadBalancerId }) => loadBalancerId === found.id)
      .map((each) => toListener(each, parts)),
  });
}

/** Returns a target group for each rule that forwards to one, with the servers that the snapshot shows. */
export function copyTargetGroups(
  rules: readonly Rule[],
  region: (rule: Rule) => string,
  { serverOf, since }: RuleParts,
): readonly WorldTargetGroup[] {
  return rules
    .filter(({ targetType }) => targetType !== 'NODE')
    .map((rule) =>
      targetGroup({
        id: groupIdOf(rule),
        name: groupIdOf(rule),
        region: region(rule),
        type: rule.targetType === 'TARGETGROUP' ? 'v1' : 'v2',
        createdAt: since,
        targets: rule.targets.map((target) => toTarget(target, serverOf, since)),
      }),
    );
}
