import {
  type Creates,
  hasBandwidth,
  type InternetAccess,
  internetAccessDefault,
  NewLoadBalancer,
} from '@/lib/diversion/creates';
import type { Draft } from '@/lib/draft/draft';
import type { LoadBalancerDraft } from '@/lib/draft/edit-creates';
import { freePlaceholder } from '@/lib/draft/free-placeholder';
import { getDnsTarget } from '@/lib/estate/dns-target';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { bandwidthFor } from '@/lib/preflight/load-balancer/peak-bandwidth';

/** A load balancer while it is being edited; the bandwidth is the typed value, in Mbps, NaN if it is not a number. */
export type LoadBalancerForm = Omit<
  LoadBalancerDraft,
  'id' | 'subnetId' | 'slaType' | 'internet' | 'address' | 'masterZone'
> &
  InternetAccess & {
    readonly subnetId: string;
    readonly slaType: string;
    /** '' = the cloud chooses. */
    readonly masterZone: string;
    readonly address: 'domain' | 'fixed';
  };

/** Returns the form of a new load balancer: a public shared one, with a bandwidth that fits the expected peak. */
export function newForm(
  place: Pick<LoadBalancerForm, 'region' | 'vpcId' | 'address'>,
  peak: number | null,
): LoadBalancerForm {
  const { chargeType, bandwidthMbps } = internetAccessDefault;
  return {
    name: '',
    network: 'OPEN',
    subnetId: '',
    masterZone: '',
    slaType: '',
    chargeType,
    ...place,
    bandwidthMbps:
      peak !== null && peak > 0 ? Math.max(bandwidthMbps, bandwidthFor(peak, '')) : bandwidthMbps,
  };
}

/** Returns the form for changing a load balancer to create. */
export function toLoadBalancerForm({ id: _id, internet, ...made }: LoadBalancerDraft): LoadBalancerForm {
  return {
    ...made,
    ...(internet ?? internetAccessDefault),
    subnetId: made.subnetId ?? '',
    slaType: made.slaType ?? '',
    address: made.address ?? 'domain',
    masterZone: made.masterZone ?? '',
  };
}

export type FormErrors = Readonly<Record<string, string>>;

/** Returns the first message of each field, as keys below `diversion.error`. */
export function loadBalancerErrors(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): FormErrors {
  return Object.fromEntries(issues.toReversed().map(({ path, message }) => [String(path.at(-1)), message]));
}

/**
 * Returns a load balancer to create, or its errors by field. A name must be unique in a region, because a plan
 * identifies what it creates by name.
 * @param own the id of the load balancer being changed; null = a new one
 */
export function newLoadBalancer(
  { loadBalancers }: Pick<Estate, 'loadBalancers'>,
  creates: Draft['creates'],
  form: LoadBalancerForm,
  own: string | null = null,
): { readonly made: Creates['loadBalancers'][number] } | { readonly errors: FormErrors } {
  const name = form.name.trim();
  const isInternal = form.network === 'INTERNAL';
  const subnetId = isInternal ? form.subnetId.trim() : null;
  const { chargeType, bandwidthMbps, ...typed } = form;
  const parsed = NewLoadBalancer.safeParse({
    ...typed,
    internet: hasBandwidth(form) ? { chargeType, bandwidthMbps } : null,
    id: own ?? freePlaceholder(`@lb/${name}`, creates.loadBalancers),
    vpcId: form.vpcId.trim(),
    subnetId,
    masterZone: form.masterZone || null,
  });
  if (!parsed.success) {
    // The placeholder is derived from the name, so its errors are reported on the name.
    const { id: _id, ...errors } = loadBalancerErrors(parsed.error.issues);
    return { errors };
  }
  const isTaken =
    loadBalancers.some((lb) => lb.id !== own && lb.region === form.region && lb.name === name) ||
    creates.loadBalancers.some((made) => made.id !== own && made.name === name);
  return isTaken ? { errors: { name: 'created.nameTaken' } } : { made: parsed.data };
}

/**
 * Returns the proposed kind of address for a route's load balancer: in a Switch that of the other side, because only
 * records of one kind can be weighted together; otherwise a name, as new load balancers have.
 */
export function proposedAddress(
  estate: Pick<Estate, 'loadBalancers'>,
  { kind, routes }: Pick<Draft, 'kind' | 'routes'>,
  index: number,
): 'domain' | 'fixed' {
  const own = routes[index]?.to;
  const other = kind === 'switch' ? routes.find(({ to }) => to !== own) : undefined;
  const balancer = findLoadBalancer(estate, other?.loadBalancerId ?? '');
  return balancer !== undefined && getDnsTarget(balancer)?.type === 'A' ? 'fixed' : 'domain';
}

/** A network as an option: its name, with a hint that distinguishes it from others. */
type NetworkOption = { readonly value: string; readonly label: string; readonly hint: string };

/** Returns the VPCs of a region by name, the default one first; empty if they could not be read. */
export function vpcOptions({ vpcs }: Pick<Estate, 'vpcs'>, region: string): readonly NetworkOption[] {
  return vpcs
    .filter((vpc) => vpc.region === region)
    .toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name))
    .map(({ id, name, cidr }) => ({ value: id, label: name, hint: name === id ? cidr : `${id}, ${cidr}` }));
}

/** Returns the VPC to use when none is chosen: the only one of a region, otherwise its default one, otherwise none. */
export function usualVpc({ vpcs }: Pick<Estate, 'vpcs'>, region: string): string {
  const here = vpcs.filter((vpc) => vpc.region === region);
  const usual = here.length === 1 ? here[0] : here.find(({ isDefault }) => isDefault);
  return usual?.id ?? '';
}

/** Returns the subnets of a VPC by name; empty if they could not be read. */
export function subnetOptions({ subnets }: Pick<Estate, 'subnets'>, vpcId: string): readonly NetworkOption[] {
  return subnets
    .filter((subnet) => subnet.vpcId === vpcId)
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ id, name, zone, cidr }) => ({ value: id, label: name, hint: `${zone}, ${cidr}` }));
}

/** Returns the availability zones of a region that accept new resources, by name. */
export function zoneOptions(
  { availabilityZones }: Pick<Estate, 'availabilityZones'>,
  region: string,
): readonly NetworkOption[] {
  return availabilityZones
    .filter((zone) => zone.region === region && zone.isAvailable)
    .map(({ id, name }) => ({ value: id, label: name, hint: name === id ? '' : id }));
}
