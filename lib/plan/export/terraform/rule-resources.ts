import type { ParamValue } from '@/lib/estate/call';
import { findRule } from '@/lib/estate/look-up';
import type { Estate, Listener, Rule } from '@/lib/estate/model';
import type { RuleRef, RuleState } from '@/lib/estate/object';
import type { WriteStep } from '@/lib/plan/model/model';
import { attributes } from './hcl';
import type { Making } from './made-resources';
import { type Resource, resourceAddress } from './resource';

const types = {
  rule: 'tencentcloud_clb_listener_rule',
  targets: 'tencentcloud_clb_attachment',
  functions: 'tencentcloud_clb_function_targets_attachment',
} as const;

function idIn(value: ParamValue | undefined): string | null {
  const one = Array.isArray(value) ? (value as readonly ParamValue[])[0] : value;
  return typeof one === 'string' ? one : null;
}

/** Returns the rule's id, from the snapshot or from a call of the plan; null = it must be created. */
function findLocationId(rule: Rule | undefined, steps: readonly WriteStep[]): string | null {
  if (rule !== undefined) return rule.id;
  const ids = steps.map(({ call }) => idIn(call.params.LocationId ?? call.params.LocationIds));
  return ids.find((id) => id !== null) ?? null;
}

/**
 * Returns the certificate of the rule's domain: as a call of the plan creates it, or as it is on a listener with SNI.
 * Otherwise none is written, because the provider would treat it as a change.
 */
function findCertificateId(
  rule: Rule | undefined,
  steps: readonly WriteStep[],
  listeners: readonly Listener[],
): string | undefined {
  const sni = listeners.find(({ id }) => id === rule?.listenerId)?.sniSwitch === true;
  if (rule !== undefined) return sni ? rule.certificateIds[0] : undefined;
  for (const { call } of steps) {
    const [made] = (call.params.Rules ?? []) as readonly Readonly<Record<string, ParamValue>>[];
    const certificate = made?.Certificate;
    if (typeof certificate === 'object' && 'CertId' in certificate) return String(certificate.CertId);
  }
  return undefined;
}

export type TouchedRule = {
  readonly ref: RuleRef;
  readonly start: RuleState;
  readonly end: RuleState;
  readonly steps: readonly WriteStep[];
};

/**
 * Returns a forwarding rule with its bindings. Arguments and import ids:
 * https://registry.terraform.io/providers/tencentcloudstack/tencentcloud/latest/docs/resources/clb_listener_rule,
 * …/clb_attachment, …/clb_function_targets_attachment
 * @param known rules and listeners as in the newest snapshot
 */
export function ruleResources(
  { ref, start, end, steps }: TouchedRule,
  { rules, listeners }: Pick<Estate, 'rules' | 'listeners'>,
  { provider, labels, names }: Making,
): readonly Resource[] {
  if (!end.exists) return [];
  const { domain, url } = ref;
  const [owner, within] = [names.id(ref.loadBalancerId), names.id(ref.listenerId)];
  const found = within === null ? undefined : findRule({ rules }, within, domain, url);
  const loadBalancerId = names.value(ref.loadBalancerId);
  const listenerId = names.value(ref.listenerId);
  const locationId = findLocationId(found, steps);
  const label = labels.next(types.rule, domain, url);
  const domains = found !== undefined && found.domains.length > 1 ? found.domains : undefined;
  const certificateId = findCertificateId(found, steps, listeners);
  const rule: Resource = {
    type: types.rule,
    label,
    body: attributes({
      provider,
      clb_id: loadBalancerId,
      listener_id: listenerId,
      domain: domains === undefined ? domain : undefined,
      domains,
      url,
      scheduler: found?.scheduler ?? 'WRR',
      certificate_id: certificateId,
      certificate_ssl_mode: certificateId === undefined ? undefined : 'UNIDIRECTIONAL',
    }),
    importId: locationId === null ? null : `${owner}#${within}#${locationId}`,
  };
  const ruleId = { expression: `${resourceAddress(rule)}.rule_id` };
  const bound = { targets: found?.targets ?? start.targets, functions: found?.functions ?? start.functions };
  const targets: Resource = {
    type: types.targets,
    label,
    body: [
      ...attributes({ provider, clb_id: loadBalancerId, listener_id: listenerId, rule_id: ruleId }),
      ...end.targets.map(({ instanceId, eniIp, port, weight }) => ({
        block: 'targets',
        body: attributes({ instance_id: instanceId, eni_ip: eniIp, port, weight }),
      })),
    ],
    importId: locationId === null || bound.targets.length === 0 ? null : `${locationId}#${within}#${owner}`,
  };
  const functions: Resource = {
    type: types.functions,
    label,
    body: [
      ...attributes({
        provider,
        load_balancer_id: loadBalancerId,
        listener_id: listenerId,
        location_id: ruleId,
      }),
      ...end.functions.map(({ namespace, name, qualifier, qualifierType, weight }) => ({
        block: 'function_targets',
        body: [
          ...attributes({ weight }),
          {
            block: 'function',
            body: attributes({
              function_namespace: namespace,
              function_name: name,
              function_qualifier: qualifier,
              function_qualifier_type: qualifierType ?? undefined,
            }),
          },
        ],
      })),
    ],
    importId: locationId === null || bound.functions.length === 0 ? null : `${owner}#${within}#${locationId}`,
  };
  return [
    rule,
    ...(end.targets.length === 0 ? [] : [targets]),
    ...(end.functions.length === 0 ? [] : [functions]),
  ];
}
