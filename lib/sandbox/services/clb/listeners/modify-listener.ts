import type {
  ModifyListenerRequest,
  ModifyListenerResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { action } from '@/lib/sandbox/services/action';
import { findCurrentLoadBalancer, findListener } from '@/lib/sandbox/services/clb/find/find-objects';
import type { WorldListener } from '@/lib/sandbox/world/clb';
import type { ListenerFields, RuleChange } from '../../../world/effect';
import { type GivenCertificate, givenCertificate, keepUploads } from './certificate-input';
import { toHealthCheck } from './health-check-input';
import { applicable, toListenerSettings } from './listener-input';

/** Checks a change of SNI, which can be turned on but not off: https://cloud.tencent.com/document/api/214/30681. */
function checkSni(request: ModifyListenerRequest, listener: WorldListener): void {
  if (listener.sni && request.SniSwitch === 0) {
    throw new ApiError(
      'InvalidParameterValue',
      `SNI of the listener ${listener.id} can't be turned off again.`,
    );
  }
  const withSni = listener.sni || request.SniSwitch === 1;
  if (withSni && (request.Certificate || request.MultiCertInfo)) {
    throw new ApiError(
      'InvalidParameterValue',
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
export const modifyListener = action<ModifyListenerRequest, ModifyListenerResponse>((request, context) => {
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
    throw new ApiError(
      'InvalidParameterValue',
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
