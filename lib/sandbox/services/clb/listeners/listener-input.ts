import type {
  CreateListenerRequest,
  ModifyListenerRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue } from '@/lib/sandbox/model/api-error';
import type { ActionContext } from '@/lib/sandbox/services/action';
import type { WorldListener, WorldLoadBalancer } from '@/lib/sandbox/world/clb';
import { chosen, isHttpListener, schedulers } from '../find/find-objects';

/** Ports reserved by the system on HTTP and HTTPS: https://www.tencentcloud.com/document/product/214/32515. */
const reservedPorts: readonly number[] = [
  843, 1020, 1433, 1434, 3306, 3389, 6006, 20000, 36000, 42222, 48369, 56000, 65010,
];

type Range = Pick<WorldListener, 'protocol' | 'port' | 'endPort'>;

function overlap(a: Range, b: Range): boolean {
  return a.port <= (b.endPort ?? b.port) && b.port <= (a.endPort ?? a.port);
}

function isUdp({ protocol }: Range): boolean {
  return protocol === 'UDP' || protocol === 'QUIC';
}

function failed(message: string): ApiError {
  return new ApiError('InvalidParameter.PortCheckFailed', message);
}

/**
 * Checks the ports of new listeners of one load balancer, against each other and against its existing ones.
 * @throws ApiError InvalidParameter.PortCheckFailed, InvalidParameterValue, InvalidParameterValue.Duplicate
 */
export function checkPorts(
  wanted: readonly Range[],
  loadBalancer: WorldLoadBalancer,
  { assumptions }: Pick<ActionContext, 'assumptions'>,
): void {
  const byTransport = assumptions.get('listener.portSharing') === 'by transport';
  const ports = wanted.map(({ port }) => port);
  const double = ports.find((port, index) => ports.indexOf(port) !== index);
  if (double !== undefined) {
    throw new ApiError('InvalidParameterValue.Duplicate', `The parameter \`Ports\` names ${double} twice.`);
  }
  for (const range of wanted) {
    if (!Number.isInteger(range.port)) {
      throw invalidValue('The parameter `Ports` must hold integers.');
    }
    if (isHttpListener(range) && reservedPorts.includes(range.port)) {
      throw failed(`The port ${range.port} is reserved by the system on ${range.protocol} listeners.`);
    }
    const other = loadBalancer.listeners.find(
      (have) => overlap(have, range) && (!byTransport || isUdp(have) === isUdp(range)),
    );
    if (other) {
      throw failed(
        `The port ${range.port} of ${loadBalancer.id} is in use by the ${other.protocol} listener ${other.id}.`,
      );
    }
  }
}

type Protocol = WorldListener['protocol'];
/** Fields that both CreateListener and ModifyListener accept. */
export type ListenerInput = Pick<
  CreateListenerRequest & ModifyListenerRequest,
  keyof CreateListenerRequest & keyof ModifyListenerRequest
>;

const transport: readonly Protocol[] = ['TCP', 'UDP'];
const layer4: readonly Protocol[] = ['TCP', 'UDP', 'TCP_SSL', 'QUIC'];
const layer7: readonly Protocol[] = ['HTTP', 'HTTPS'];
const encrypted: readonly Protocol[] = ['HTTPS', 'TCP_SSL', 'QUIC'];

/**
 * The protocols that a field is for, and the value that has no effect and is accepted everywhere:
 * https://cloud.tencent.com/document/api/214/30693 and https://cloud.tencent.com/document/api/214/30681.
 */
const scopes: {
  readonly [Field in keyof ListenerInput]?: readonly [readonly Protocol[], nothing?: unknown];
} = {
  HealthCheck: [layer4],
  Certificate: [encrypted],
  MultiCertInfo: [encrypted],
  SessionExpireTime: [transport, 0],
  Scheduler: [layer4],
  SniSwitch: [['HTTPS'], 0],
  // Its page says TCP and UDP, but target groups also bind to TCP_SSL, as the Terraform provider's documentation of
  // tencentcloud_clb_listener shows.
  TargetType: [layer4, 'NODE'],
  SessionType: [layer4, 'NORMAL'],
  KeepaliveEnable: [layer7, 0],
  DeregisterTargetRst: [transport, false],
  MaxConn: [layer4, -1],
  MaxCps: [layer4, -1],
  IdleConnectTimeout: [transport],
  ProxyProtocol: [['TCP_SSL', 'QUIC'], false],
  RescheduleTargetZeroWeight: [transport, false],
  RescheduleUnhealthy: [transport, false],
  RescheduleExpandTarget: [transport, false],
  RescheduleStartTime: [transport, 0],
  RescheduleInterval: [transport, 0],
};

/**
 * Returns the request without the fields that don't apply to the protocol.
 * @throws ApiError InvalidParameterValue when such a field has an effective value, unless the sandbox is set to ignore
 * it
 */
export function applicable<Request extends ListenerInput>(
  request: Request,
  protocol: Protocol,
  { assumptions }: Pick<ActionContext, 'assumptions'>,
): Request {
  const foreign = Object.entries(scopes).filter(
    ([field, [protocols]]) => Object.hasOwn(request, field) && !protocols.includes(protocol),
  );
  const loud = foreign.find(([field, [, nothing]]) => request[field as keyof Request] !== nothing);
  if (loud && assumptions.get('listener.foreignField') === 'refused') {
    const [field, [protocols]] = loud;
    throw invalidValue(
      `The parameter \`${field}\` only applies to ${protocols.join(', ')} listeners, not to ${protocol}.`,
    );
  }
  const names = foreign.map(([field]) => field);
  return Object.fromEntries(Object.entries(request).filter(([field]) => !names.includes(field))) as Request;
}

type Settings = Pick<
  WorldListener,
  | 'dataCompressMode'
  | 'deregisterTargetRst'
  | 'idleTimeoutS'
  | 'keepalive'
  | 'maxConnections'
  | 'maxNewConnections'
  | 'proxyProtocol'
  | 'reschedule'
  | 'scheduler'
  | 'sessionExpireS'
  | 'sessionType'
  | 'snat'
  | 'targetType'
>;

/** Returns the default settings of a new listener. */
export function usualSettings(protocol: Protocol): Settings {
  return {
    dataCompressMode: 'transparent',
    deregisterTargetRst: false,
    // https://cloud.tencent.com/document/api/214/30693: 900 s on TCP, 300 s on UDP.
    idleTimeoutS: protocol === 'TCP' ? 900 : protocol === 'UDP' ? 300 : null,
    keepalive: false,
    maxConnections: -1,
    maxNewConnections: -1,
    proxyProtocol: false,
    reschedule: { onZeroWeight: false, onUnhealthy: false, onNewTargets: false, startS: 0, intervalS: 0 },
    scheduler: 'WRR',
    sessionExpireS: 0,
    sessionType: 'NORMAL',
    snat: false,
    targetType: 'NODE',
  };
}

/**
 * Returns the settings after a request; fields that it leaves out keep their present values. Single values have passed
 * their rules.
 * @throws ApiError InvalidParameterValue, InvalidParameterValue.Range for fields that are incompatible
 */
export function toListenerSettings(
  input: ListenerInput,
  present: Settings,
  loadBalancer: WorldLoadBalancer,
  protocol: Protocol,
): Settings {
  const settings: Settings = {
    dataCompressMode: chosen(
      input.DataCompressMode,
      ['transparent', 'compatibility'],
      present.dataCompressMode,
    ),
    deregisterTargetRst: input.DeregisterTargetRst ?? present.deregisterTargetRst,
    idleTimeoutS: input.IdleConnectTimeout ?? present.idleTimeoutS,
    keepalive: input.KeepaliveEnable === undefined ? present.keepalive : input.KeepaliveEnable === 1,
    maxConnections: input.MaxConn ?? present.maxConnections,
    maxNewConnections: input.MaxCps ?? present.maxNewConnections,
    proxyProtocol: input.ProxyProtocol ?? present.proxyProtocol,
    reschedule: {
      onZeroWeight: input.RescheduleTargetZeroWeight ?? present.reschedule.onZeroWeight,
      onUnhealthy: input.RescheduleUnhealthy ?? present.reschedule.onUnhealthy,
      onNewTargets: input.RescheduleExpandTarget ?? present.reschedule.onNewTargets,
      startS: input.RescheduleStartTime ?? present.reschedule.startS,
      intervalS: input.RescheduleInterval ?? present.reschedule.intervalS,
    },
    scheduler: chosen(input.Scheduler, schedulers, present.scheduler),
    sessionExpireS: input.SessionExpireTime ?? present.sessionExpireS,
    sessionType: chosen(input.SessionType, ['NORMAL', 'QUIC_CID'], present.sessionType),
    snat: input.SnatEnable ?? present.snat,
    targetType: chosen(input.TargetType, ['NODE', 'TARGETGROUP'], present.targetType),
  };
  checkTogether(input, settings, loadBalancer, protocol);
  return settings;
}

/** https://cloud.tencent.com/document/api/214/30693. */
function checkTogether(
  input: ListenerInput,
  settings: Settings,
  loadBalancer: WorldLoadBalancer,
  protocol: Protocol,
): void {
  const { id, slaType, vpcId, ipVersion } = loadBalancer;
  const limited = (input.MaxConn ?? -1) !== -1 || (input.MaxCps ?? -1) !== -1;
  if (limited && (slaType === '' || vpcId === '0' || vpcId === '')) {
    throw invalidValue(
      `The parameters \`MaxConn\` and \`MaxCps\` need an LCU-supported instance in a VPC, which ${id} is not.`,
    );
  }
  if (slaType === '' && (input.IdleConnectTimeout ?? 0) > 900) {
    throw invalidValue(
      `The parameter \`IdleConnectTimeout\` must be between 10 and 900 on the shared instance ${id}.`,
    );
  }
  const isFit = protocol === 'UDP' && settings.scheduler === 'WRR' && ipVersion === 'ipv4';
  if (settings.sessionType === 'QUIC_CID' && !isFit) {
    throw invalidValue(
      'The parameter `SessionType` can be QUIC_CID only on a UDP listener of an IPv4 instance with the scheduler WRR.',
    );
  }
}
