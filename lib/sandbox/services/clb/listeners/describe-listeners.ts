import type {
  BasicTargetGroupInfo,
  CertificateOutput,
  ClassicalListener,
  Listener,
  RewriteTarget,
  RuleOutput,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { invalidValue } from '@/lib/sandbox/model/api-error';
import { action, type WithFields, type WithNull } from '@/lib/sandbox/services/action';
import { isHttpListener, requireLoadBalancer } from '@/lib/sandbox/services/clb/find/find-objects';
import {
  listRuleDomains,
  type WorldCertificateUse,
  type WorldListener,
  type WorldRule,
  type WorldTargetGroupUse,
} from '@/lib/sandbox/world/clb';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { type HealthCheckAnswer, healthCheckAnswer } from './health-check';

const hashes = { WRR: 'wrr', LEAST_CONN: 'least_conn', IP_HASH: 'ip_hash' } as const;

/**
 * Returns a listener of a classic instance. These have no rules: the rule that the sandbox stores in one represents the
 * listener itself.
 */
function classicListenerAnswer(listener: WorldListener): ClassicalListener {
  const [rule] = listener.rules;
  const [target] = [...listener.targets, ...(rule?.targets ?? [])];
  const held = rule?.healthCheck ?? listener.healthCheck;
  const check = held && healthCheckAnswer(held);
  const { certificate } = listener;
  return {
    ListenerId: listener.id,
    ListenerPort: listener.port,
    InstancePort: target?.port ?? listener.port,
    ListenerName: listener.name,
    Protocol: listener.protocol,
    SessionExpire: rule?.sessionExpireS ?? listener.sessionExpireS,
    HealthSwitch: check?.HealthSwitch ?? 0,
    TimeOut: check?.TimeOut ?? 0,
    IntervalTime: check?.IntervalTime ?? 0,
    HealthNum: check?.HealthNum ?? 0,
    UnhealthNum: check?.UnHealthNum ?? 0,
    HttpHash: rule ? hashes[rule.scheduler] : '',
    HttpCode: check?.HttpCode ?? 0,
    HttpCheckPath: check?.HttpCheckPath ?? '',
    SSLMode: certificate?.mode ?? '',
    CertId: certificate?.ids[0] ?? '',
    CertCaId: certificate?.caId ?? '',
    Status: 1,
  };
}

/** DescribeClassicalLBListeners of github.com/TencentCloud/tencentcloud-cli, tccli/services/clb/v20180317/api.json. */
export const describeClassicalLBListeners = action<'clb.DescribeClassicalLBListeners'>((request, context) => {
  const loadBalancer = requireLoadBalancer(context, request.LoadBalancerId);
  if (loadBalancer.forward !== 0) {
    throw invalidValue(
      `This interface only supports classic CLB instances, which ${loadBalancer.id} is not.`,
    );
  }
  const { ListenerIds: ids = [], Protocol: protocol, ListenerPort: port, Status: status = 1 } = request;
  const found = loadBalancer.listeners.filter(
    (listener) =>
      status === 1 &&
      (ids.length === 0 || ids.includes(listener.id)) &&
      (protocol === undefined || listener.protocol === protocol.toUpperCase()) &&
      (port === undefined || listener.port === port),
  );
  return { Listeners: found.map(classicListenerAnswer) };
});

type RewriteAnswer = WithNull<RewriteTarget, 'TargetListenerId' | 'TargetLocationId'>;

/** RuleOutput, with the fields that its page allows to be null. */
export type RuleAnswer = WithFields<
  WithNull<RuleOutput, 'Certificate' | 'TargetGroup' | 'TargetGroupList'>,
  { RewriteTarget: RewriteAnswer; HealthCheck: HealthCheckAnswer }
>;
type ListenerAnswer = WithFields<
  WithNull<Listener, 'Certificate' | 'IdleConnectTimeout' | 'Scheduler' | 'TargetGroup' | 'TargetGroupList'>,
  { Rules: RuleAnswer[] | null; HealthCheck: HealthCheckAnswer | null }
>;
type Answer = { Listeners: ListenerAnswer[] };

function groupAnswers(
  uses: readonly WorldTargetGroupUse[],
  account: AccountWorld,
): { TargetGroup: BasicTargetGroupInfo | null; TargetGroupList: BasicTargetGroupInfo[] | null } {
  const list = uses.map(({ groupId, weight }) => ({
    TargetGroupId: groupId,
    TargetGroupName: account.targetGroups[groupId]?.name ?? '',
    Weight: weight,
  }));
  return { TargetGroup: list[0] ?? null, TargetGroupList: list.length > 0 ? list : null };
}

/** Returns a forwarding rule as the API shows it. */
export function ruleAnswer(listener: WorldListener, rule: WorldRule, account: AccountWorld): RuleAnswer {
  const { redirectTo } = rule;
  return {
    LocationId: rule.id,
    ListenerId: listener.id,
    Domain: rule.domain,
    Domains: listRuleDomains(rule),
    Url: rule.url,
    DefaultServer: rule.isDefault,
    Scheduler: rule.scheduler,
    SessionExpireTime: rule.sessionExpireS,
    HealthCheck: healthCheckAnswer(rule.healthCheck),
    // Without SNI the listener's certificate covers all its domains, which have no certificates of their own.
    Certificate: certificateAnswer(rule.certificate),
    RewriteTarget: {
      TargetListenerId: redirectTo?.listenerId ?? null,
      TargetLocationId: redirectTo?.ruleId ?? null,
      RewriteCode: redirectTo?.code ?? 0,
      TakeUrl: redirectTo?.takeUrl ?? false,
      RewriteType: redirectTo === null ? '' : 'Manual',
    },
    BeAutoCreated: false,
    ForwardType: rule.forwardType,
    Http2: rule.http2,
    HttpGzip: rule.gzip,
    QuicStatus: rule.quic ? 'QUIC_ACTIVE' : 'QUIC_INACTIVE',
    TargetType: rule.targetType,
    ...groupAnswers(rule.targetGroups, account),
    WafDomainId: rule.wafDomainId ?? '',
    TrpcCallee: '',
    TrpcFunc: '',
    OAuth: { OAuthEnable: false, OAuthFailureStatus: 'BYPASS' },
    CookieName: rule.cookieName,
    CreateTime: cloudTime(rule.createdAt),
  };
}

function listenerAnswer(listener: WorldListener, account: AccountWorld): ListenerAnswer {
  const layer7 = isHttpListener(listener);
  return {
    ListenerId: listener.id,
    ListenerName: listener.name,
    Protocol: listener.protocol,
    Port: listener.port,
    EndPort: listener.endPort ?? 0,
    Certificate: certificateAnswer(listener.certificate),
    HealthCheck: listener.healthCheck && healthCheckAnswer(listener.healthCheck),
    Scheduler: layer7 ? null : listener.scheduler,
    SessionExpireTime: listener.sessionExpireS,
    SessionType: listener.sessionType,
    SniSwitch: listener.sni ? 1 : 0,
    Rules: layer7 ? listener.rules.map((rule) => ruleAnswer(listener, rule, account)) : null,
    TargetType: listener.targetType,
    ...groupAnswers(listener.targetGroups, account),
    KeepaliveEnable: listener.keepalive ? 1 : 0,
    Toa: false,
    DeregisterTargetRst: listener.deregisterTargetRst,
    AttrFlags: listener.stopped ? ['Stop'] : [],
    MaxConn: listener.maxConnections,
    MaxCps: listener.maxNewConnections,
    IdleConnectTimeout: listener.idleTimeoutS,
    RescheduleStartTime: listener.reschedule.startS,
    RescheduleInterval: listener.reschedule.intervalS,
    DataCompressMode: listener.dataCompressMode,
    CreateTime: cloudTime(listener.createdAt),
  };
}

/**
 * Lists listeners: https://www.tencentcloud.com/document/api/214/33831. Real classic instances have separate actions;
 * the sandbox also shows their listeners here, so that they can be read and refused.
 */
export const describeListeners = action<'clb.DescribeListeners', Answer>((request, context) => {
  const { ListenerIds: ids = [], Protocol: protocol, Port: port } = request;
  const found = requireLoadBalancer(context, request.LoadBalancerId).listeners.filter(
    (listener) =>
      (ids.length === 0 || ids.includes(listener.id)) &&
      (protocol === undefined || listener.protocol === protocol.toUpperCase()) &&
      (port === undefined || listener.port === port),
  );
  return {
    TotalCount: found.length,
    Listeners: found.map((listener) => listenerAnswer(listener, context.account)),
  };
});

/**
 * Returns the certificates of a listener or rule: https://cloud.tencent.com/document/api/214/30694#CertificateOutput.
 */
function certificateAnswer(use: WorldCertificateUse | null): CertificateOutput | null {
  if (use === null) return null;
  const [first = '', ...others] = use.ids;
  return {
    SSLMode: use.mode,
    SSLVerifyClient: use.verifyClient,
    CertId: first,
    CertCaId: use.caId ?? '',
    ExtCertIds: others,
  };
}
