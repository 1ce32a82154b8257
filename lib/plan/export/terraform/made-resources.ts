import type { ParamValue } from '@/lib/estate/call';
import type { Estate } from '@/lib/estate/model';
import type { ListenerRef, LoadBalancerRef, ProvisionedRef } from '@/lib/estate/object';
import type { WriteStep } from '@/lib/plan/model/model';
import { attributes, type HclExpression } from './hcl';
import type { Labels } from './labels';
import type { Names } from './names';
import { type Resource, resourceAddress } from './resource';

const types = {
  loadBalancer: 'tencentcloud_clb_instance',
  listener: 'tencentcloud_clb_listener',
  provisioned: 'tencentcloud_scf_provisioned_concurrency_config',
} as const;

/** Inputs for creating resources. */
export type Making = {
  readonly provider: HclExpression;
  readonly labels: Labels;
  readonly names: Names;
};

function text(value: ParamValue | undefined): string | undefined {
  const one = Array.isArray(value) ? (value as readonly ParamValue[])[0] : value;
  return typeof one === 'string' ? one : undefined;
}

function placeholder(step: WriteStep, id: string): string {
  return step.yields?.[id] ?? '';
}

/**
 * Returns the resource of a load balancer that the plan creates.
 * https://registry.terraform.io/providers/tencentcloudstack/tencentcloud/latest/docs/resources/clb_instance
 * @param step the write that creates it
 */
export function loadBalancerResource(
  ref: LoadBalancerRef,
  step: WriteStep,
  { loadBalancers }: Pick<Estate, 'loadBalancers'>,
  { provider, labels, names }: Making,
): Resource {
  const { params } = step.call;
  const found = loadBalancers.find(({ name, region }) => name === ref.name && region === ref.region);
  const hasName = params.DynamicVip === true;
  const internet = params.InternetAccessible;
  const { InternetChargeType: chargeType, InternetMaxBandwidthOut: bandwidth } =
    typeof internet === 'object' && !Array.isArray(internet)
      ? (internet as Readonly<Record<string, ParamValue>>)
      : {};
  const resource: Resource = {
    type: types.loadBalancer,
    label: labels.next(types.loadBalancer, ref.name),
    body: attributes({
      provider,
      clb_name: ref.name,
      network_type: text(params.LoadBalancerType),
      vpc_id: text(params.VpcId),
      subnet_id: text(params.SubnetId),
      dynamic_vip: hasName ? true : undefined,
      master_zone_id: text(params.MasterZoneId),
      sla_type: text(params.SlaType),
      internet_charge_type: text(chargeType),
      internet_bandwidth_max_out: typeof bandwidth === 'number' ? bandwidth : undefined,
    }),
    importId: found?.id ?? null,
  };
  const address = resourceAddress(resource);
  names.add(placeholder(step, 'LoadBalancerId'), `${address}.id`, found?.id ?? null);
  names.add(placeholder(step, 'Address'), `${address}.${hasName ? 'domain' : 'clb_vips[0]'}`, null);
  return resource;
}

/**
 * Returns the resource of a listener that the plan creates.
 * https://registry.terraform.io/providers/tencentcloudstack/tencentcloud/latest/docs/resources/clb_listener
 */
export function listenerResource(
  ref: ListenerRef,
  step: WriteStep,
  { listeners }: Pick<Estate, 'listeners'>,
  { provider, labels, names }: Making,
): Resource {
  const { protocol, port } = ref;
  const { ListenerNames, Certificate: certificate } = step.call.params;
  const owner = names.id(ref.loadBalancerId);
  const found = listeners.find(
    (each) => each.loadBalancerId === owner && each.protocol === protocol && each.port === port,
  );
  const certificateId =
    typeof certificate === 'object' && 'CertId' in certificate ? text(certificate.CertId) : undefined;
  const resource: Resource = {
    type: types.listener,
    label: labels.next(types.listener, ref.loadBalancerId, protocol, String(port)),
    body: attributes({
      provider,
      clb_id: names.value(ref.loadBalancerId),
      listener_name: text(ListenerNames),
      protocol,
      port,
      certificate_id: certificateId,
      certificate_ssl_mode: certificateId === undefined ? undefined : 'UNIDIRECTIONAL',
    }),
    importId: found === undefined ? null : `${owner}#${found.id}`,
  };
  names.add(placeholder(step, 'ListenerId'), `${resourceAddress(resource)}.listener_id`, found?.id ?? null);
  return resource;
}

/**
 * Returns the resources of a version's warm instances.
 * https://registry.terraform.io/providers/tencentcloudstack/tencentcloud/latest/docs/resources/scf_provisioned_concurrency_config
 * @param counts the number before and after
 */
export function provisionedResources(
  { namespace, name, qualifier }: ProvisionedRef,
  counts: { readonly start: number; readonly end: number },
  { provider, labels }: Making,
): readonly Resource[] {
  if (counts.end === 0) return [];
  const taken = `The provider can't import this: there are ${counts.start} already, and applying sets them again.`;
  return [
    {
      type: types.provisioned,
      label: labels.next(types.provisioned, namespace, name, qualifier),
      body: attributes({
        provider,
        function_name: name,
        namespace,
        qualifier,
        version_provisioned_concurrency_num: counts.end,
      }),
      ...(counts.start > 0 ? { comment: taken } : {}),
      importId: null,
    },
  ];
}
