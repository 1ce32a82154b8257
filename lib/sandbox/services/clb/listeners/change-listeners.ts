import type {
  CreateListenerRequest,
  ModifyListenerRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import type { WorldListener } from '@/lib/sandbox/world/clb';
import type { ListenerFields, RuleChange } from '@/lib/sandbox/world/effect';
import { cloudId } from '@/lib/sandbox/world/ids';
import { chosen, findCurrentLoadBalancer, findListener, isHttpListener } from '../find/find-objects';
import { quotas } from '../find/quotas';
import { type GivenCertificate, givenCertificate, keepUploads } from './certificate-input';
import { toHealthCheck, usualHealthCheck } from './health-check';
import { applicable, checkPorts, toListenerSettings, usualSettings } from './listener-input';

/** Checks a change of SNI, which can be turned on but not off: https://cloud.tencent.com/document/api/214/30681. */
function checkSni(request: ModifyListenerRequest, listener: WorldListener): void {
  if (listener.sni && request.SniSwitch === 0) {
    throw invalidValue(`SNI of the listener ${listener.id} can't be turned off again.`);
  }
  const withSni = listener.sni || request.SniSwitch === 1;
  if (withSni && (request.Certificate || request.MultiCertInfo)) {
    throw invalidValue(
      `The listener ${listener.id} has SNI: certificates belong to its domains, see ModifyDomainAttributes.`,
    );
  }
}

/** Returns the certificate changes. With SNI the domains keep the certificate that was the listener's. */
function certificateChanges(
  request: ModifyListenerRequest,
  listener: WorldListener,
  given: GivenCertificate | null,
): { fields: ListenerFields; ruleChanges: RuleChange[] } {
  if (request.SniSwitch === 1 && !listener.sni) {
    const ruleChanges = listener.rules.map(({ id, certificate }) => ({
      ruleId: id,
      fields: { certificate: certificate ?? listener.certificate },
    }));
    return { fields: { sni: true, certificate: null }, ruleChanges };
  }
  return { fields: given ? { certificate: given.use } : {}, ruleChanges: [] };
}

/**
 * Modifies a listener; fields that the request leaves out stay unchanged:
 * https://www.tencentcloud.com/document/api/214/33818.
 */
export const modifyListener = action<'clb.ModifyListener'>((request, context) => {
  const loadBalancer = findCurrentLoadBalancer(context, request.LoadBalancerId);
  const listener = findListener(loadBalancer, request.ListenerId);
  const { protocol } = listener;
  const input = applicable(request, protocol, context);
  checkSni(input, listener);
  const given = givenCertificate(input, context);
  const settings = toListenerSettings(input, listener, loadBalancer, protocol);
  if (
    settings.targetType !== listener.targetType &&
    (listener.targets.length > 0 || listener.targetGroups.length > 0)
  ) {
    throw invalidValue(
      `The parameter \`TargetType\` can't change while something is bound to ${listener.id}.`,
    );
  }
  const { fields, ruleChanges } = certificateChanges(input, listener, given);
  const checked = { protocol, forwardType: 'HTTP', ipVersion: loadBalancer.ipVersion } as const;
  context.startTask(loadBalancer, {
    kind: 'changeListener',
    loadBalancerId: loadBalancer.id,
    listenerId: listener.id,
    fields: {
      ...settings,
      ...fields,
      name: input.ListenerName ?? listener.name,
      healthCheck: listener.healthCheck && toHealthCheck(input.HealthCheck, listener.healthCheck, checked),
    },
    ruleChanges,
  });
  keepUploads(context, given?.uploads);
  return {};
});

/** Deletes a listener with its rules and bindings: https://cloud.tencent.com/document/api/214/30690. */
export const deleteListenerAction = action<'clb.DeleteListener'>((request, context) => {
  const loadBalancer = findCurrentLoadBalancer(context, request.LoadBalancerId);
  const { id } = findListener(loadBalancer, request.ListenerId);
  context.startTask(loadBalancer, {
    kind: 'deleteListeners',
    loadBalancerId: loadBalancer.id,
    listenerIds: [id],
  });
  return {};
});

type Protocol = WorldListener['protocol'];
const protocols: readonly Protocol[] = ['TCP', 'UDP', 'TCP_SSL', 'HTTP', 'HTTPS', 'QUIC'];

/** Refuses features that are enabled only on request, and not enabled for the sandbox's accounts. */
function refuseUnopened(request: CreateListenerRequest): void {
  const unopened = (['FullEndPorts', 'H2cSwitch', 'SslCloseSwitch'] as const).find((field) => {
    const value = request[field];
    return Array.isArray(value) ? value.length > 0 : value === true;
  });
  if (unopened) {
    throw new ApiError('UnsupportedOperation', `The parameter \`${unopened}\` is not open to this account.`);
  }
}

function resolvePorts(
  request: CreateListenerRequest,
  protocol: Protocol,
): Pick<WorldListener, 'protocol' | 'port' | 'endPort'>[] {
  const ports = request.Ports.map(Number);
  const { EndPort: endPort, ListenerNames: names } = request;
  if (names && names.length !== ports.length) {
    throw new ApiError(
      'InvalidParameterValue.Length',
      'The parameter `ListenerNames` must name as many listeners as `Ports` has ports.',
    );
  }
  if (endPort === undefined) return ports.map((port) => ({ protocol, port, endPort: null }));
  const [first = 0] = ports;
  if (ports.length !== 1 || endPort <= first || (protocol !== 'TCP' && protocol !== 'UDP')) {
    throw invalidValue(
      'The parameter `EndPort` takes one port in `Ports`, less than itself, on a TCP or UDP listener.',
    );
  }
  return [{ protocol, port: first, endPort }];
}

/** Returns the certificate of a listener. A TLS listener needs one, but with SNI each domain has its own. */
function certificateFor(
  request: CreateListenerRequest,
  protocol: Protocol,
  sni: boolean,
  context: ActionContext,
): GivenCertificate | null {
  const isTls = protocol === 'HTTPS' || protocol === 'TCP_SSL' || protocol === 'QUIC';
  if (sni && (request.Certificate || request.MultiCertInfo)) {
    throw invalidValue(
      'The parameter `Certificate` only applies to listeners without SNI; with it each domain of a rule has its own.',
    );
  }
  const given = givenCertificate(request, context);
  if (isTls && !sni && given === null) {
    throw missingParameter(
      `A ${protocol} listener without SNI needs a required parameter \`Certificate\` or \`MultiCertInfo\`.`,
    );
  }
  return given;
}

/**
 * Creates listeners, one for each port; their ids are known at once: https://cloud.tencent.com/document/api/214/30693.
 */
export const createListenerAction = action<'clb.CreateListener'>((request, context) => {
  const loadBalancer = findCurrentLoadBalancer(context, request.LoadBalancerId);
  const protocol = chosen(request.Protocol.toUpperCase(), protocols, 'TCP');
  refuseUnopened(request);
  const input = applicable(request, protocol, context);
  const ranges = resolvePorts(input, protocol);
  checkPorts(ranges, loadBalancer, context);
  if (loadBalancer.listeners.length + ranges.length > quotas.listenersPerLoadBalancer) {
    throw new ApiError(
      'LimitExceeded',
      `The instance ${loadBalancer.id} takes at most ${quotas.listenersPerLoadBalancer} listeners.`,
    );
  }
  const sni = input.SniSwitch === 1;
  const certificate = certificateFor(input, protocol, sni, context);
  const settings = toListenerSettings(input, usualSettings(protocol), loadBalancer, protocol);
  const checked = { protocol, forwardType: 'HTTP', ipVersion: loadBalancer.ipVersion } as const;
  const listeners = ranges.map(
    (range, index): WorldListener => ({
      ...settings,
      ...range,
      id: cloudId('lbl', context.nextId()),
      name: input.ListenerNames?.[index] ?? '',
      certificate: certificate?.use ?? null,
      sni,
      healthCheck: isHttpListener(range)
        ? null
        : toHealthCheck(input.HealthCheck, usualHealthCheck(checked), checked),
      targetGroups: [],
      stopped: false,
      createdAt: context.now,
      rules: [],
      targets: [],
    }),
  );
  context.startTask(loadBalancer, {
    kind: 'createListeners',
    loadBalancerId: loadBalancer.id,
    listeners,
  });
  keepUploads(context, certificate?.uploads);
  return { ListenerIds: listeners.map((listener) => listener.id) };
});
