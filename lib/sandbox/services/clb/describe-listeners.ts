import type {
  CertificateOutput,
  DescribeListenersRequest,
  DescribeListenersResponse,
  Listener,
  RewriteTarget,
  RuleOutput,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '../../api/api-error';
import { cloudTime } from '../../clock';
import type { WorldListener, WorldRule } from '../../world/clb';
import { action, type Changed, type WithNull } from '../action';
import { type HealthCheckAnswer, listenerHealthCheck, ruleHealthCheck } from './default-health-check';
import { findLoadBalancer, isLayer7 } from './look-up';

type RewriteAnswer = WithNull<RewriteTarget, 'TargetListenerId' | 'TargetLocationId'>;
type RuleAnswer = Changed<
  WithNull<RuleOutput, 'Certificate' | 'TargetGroup' | 'TargetGroupList'>,
  { RewriteTarget: RewriteAnswer; HealthCheck: HealthCheckAnswer }
>;
type ListenerAnswer = Changed<
  WithNull<Listener, 'Certificate' | 'IdleConnectTimeout' | 'Scheduler' | 'TargetGroup' | 'TargetGroupList'>,
  { Rules: RuleAnswer[] | null; HealthCheck: HealthCheckAnswer | null }
>;
type Answer = Changed<DescribeListenersResponse, { Listeners: ListenerAnswer[] }>;

function certificateAnswer(listener: WorldListener): CertificateOutput | null {
  if (listener.certificate === null) return null;
  return {
    SSLMode: 'UNIDIRECTIONAL',
    SSLVerifyClient: '',
    CertId: listener.certificate.ids[0] ?? '',
    CertCaId: '',
    ExtCertIds: [],
  };
}

function ruleAnswer(listener: WorldListener, rule: WorldRule): RuleAnswer {
  const { redirectTo } = rule;
  return {
    LocationId: rule.id,
    ListenerId: listener.id,
    Domain: rule.domain,
    Domains: [rule.domain],
    Url: rule.url,
    DefaultServer: rule.isDefault,
    Scheduler: rule.scheduler,
    SessionExpireTime: 0,
    HealthCheck: ruleHealthCheck,
    Certificate: certificateAnswer(listener),
    RewriteTarget: {
      TargetListenerId: redirectTo?.listenerId ?? null,
      TargetLocationId: redirectTo?.ruleId ?? null,
      RewriteCode: redirectTo?.code ?? 0,
      TakeUrl: false,
      RewriteType: redirectTo ? 'Manual' : '',
    },
    BeAutoCreated: false,
    ForwardType: 'HTTP',
    Http2: false,
    HttpGzip: true,
    QuicStatus: rule.quic ? 'QUIC_ACTIVE' : 'QUIC_INACTIVE',
    TargetType: rule.targetType,
    TargetGroup: null,
    TargetGroupList: null,
    WafDomainId: '',
    TrpcCallee: '',
    TrpcFunc: '',
    CookieName: '',
    CreateTime: cloudTime(rule.createdAt),
  };
}

function listenerAnswer(listener: WorldListener): ListenerAnswer {
  const layer7 = isLayer7(listener);
  return {
    ListenerId: listener.id,
    ListenerName: listener.name,
    Protocol: listener.protocol,
    Port: listener.port,
    EndPort: 0,
    Certificate: certificateAnswer(listener),
    HealthCheck: layer7 ? null : listenerHealthCheck,
    Scheduler: layer7 ? null : 'WRR',
    SessionExpireTime: 0,
    SessionType: 'NORMAL',
    SniSwitch: 0,
    Rules: layer7 ? listener.rules.map((rule) => ruleAnswer(listener, rule)) : null,
    TargetType: 'NODE',
    TargetGroup: null,
    TargetGroupList: null,
    KeepaliveEnable: 0,
    Toa: false,
    DeregisterTargetRst: false,
    AttrFlags: [],
    MaxConn: -1,
    MaxCps: -1,
    IdleConnectTimeout: null,
    CreateTime: cloudTime(listener.createdAt),
  };
}

/**
 * https://www.tencentcloud.com/document/api/214/33831. Real classic instances answer through actions of their own;
 * the sandbox shows their listeners here, so that one can be looked at and refused.
 */
export const describeListeners = action<DescribeListenersRequest, Answer>((request, context) => {
  const { ListenerIds: ids = [], Protocol: protocol, Port: port } = request;
  if (ids.length > 100) {
    throw new ApiError('InvalidParameterValue.Length', 'The parameter `ListenerIds` takes at most 100 ids.');
  }
  const found = findLoadBalancer(context, request.LoadBalancerId).listeners.filter(
    (listener) =>
      (ids.length === 0 || ids.includes(listener.id)) &&
      (protocol === undefined || listener.protocol === protocol) &&
      (port === undefined || listener.port === port),
  );
  return { TotalCount: found.length, Listeners: found.map(listenerAnswer) };
});
