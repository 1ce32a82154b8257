import {
  type Creates,
  hasBandwidth,
  type InternetAccess,
  internetAccessDefault,
  NewLoadBalancer,
} from '@/lib/diversion/creates';
import { dnsTargetOf, findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { bandwidthFor } from '@/lib/preflight/peak-bandwidth';
import type { LoadBalancerDraft } from './change-creates';
import type { Draft } from './draft';
import { freeSymbol } from './free-symbol';

/** A load balancer while it is typed; the bandwidth is what was typed, in Mbps, NaN where that is no number. */
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

/** Returns the form of a further load balancer: a public shared one, with a bandwidth that fits the expected peak. */
export function newForm(
  place: Pick<LoadBalancerForm, 'region' | 'vpcId' | 'address'>,
  peak: number | null,
): LoadBalancerForm {
  const { chargeType, bandwidthMbps } = internetAccessDefault;
  return {
    ...{ name: '', network: 'OPEN', subnetId: '', masterZone: '', slaType: '', chargeType },
    ...place,
    bandwidthMbps:
      peak !== null && peak > 0 ? Math.max(bandwidthMbps, bandwidthFor(peak, '')) : bandwidthMbps,
  };
}

/** Returns the form of a load balancer that is to be created, to change it. */
export function formOf({ id: _id, internet, ...made }: LoadBalancerDraft): LoadBalancerForm {
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

/** The first message of each field, as keys below `diversion.error`. */
export function errorsOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): FormErrors {
  return Object.fromEntries(issues.toReversed().map(({ path, message }) => [String(path.at(-1)), message]));
}

/**
 * A load balancer to create, or what is wrong with it by field. A name is taken once in a region: a plan knows what it makes
 * by it.
 * @param own the id of the one that is changed; null = it is a further one
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
    id: own ?? freeSymbol(`@lb/${name}`, creates.loadBalancers),
    vpcId: form.vpcId.trim(),
    subnetId,
    masterZone: form.masterZone || null,
  });
  if (!parsed.success) {
    // A symbol is made of the name: what is wrong with it is said of the name.
    const { id: _id, ...errors } = errorsOf(parsed.error.issues);
    return { errors };
  }
  const isTaken =
    loadBalancers.some((lb) => lb.id !== own && lb.region === form.region && lb.name === name) ||
    creates.loadBalancers.some((made) => made.id !== own && made.name === name);
  return isTaken ? { errors: { name: 'created.nameTaken' } } : { made: parsed.data };
}

/**
 * Returns the kind of address that is proposed for a route's load balancer: in a Switch that of the other side's, because only
 * records of one kind share by weights; else a name, as new ones have.
 */
export function proposedAddress(
  estate: Estate,
  { kind, routes }: Pick<Draft, 'kind' | 'routes'>,
  index: number,
): 'domain' | 'fixed' {
  const own = routes[index]?.to;
  const other = kind === 'switch' ? routes.find(({ to }) => to !== own) : undefined;
  const balancer = findLoadBalancer(estate, other?.loadBalancerId ?? '');
  return balancer !== undefined && dnsTargetOf(balancer)?.type === 'A' ? 'fixed' : 'domain';
}

/** A network as it is offered: by its name, with what tells it from others. */
type NetworkOption = { readonly value: string; readonly label: string; readonly hint: string };

/** Returns the VPCs of a region by name, the default one first; none where they could not be read. */
export function vpcOptions({ vpcs }: Pick<Estate, 'vpcs'>, region: string): readonly NetworkOption[] {
  return vpcs
    .filter((vpc) => vpc.region === region)
    .toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name))
    .map(({ id, name, cidr }) => ({ value: id, label: name, hint: name === id ? cidr : `${id}, ${cidr}` }));
}

/** Returns the VPC that is meant without a choice: the only one of a region, else its default one, else none. */
export function usualVpc({ vpcs }: Pick<Estate, 'vpcs'>, region: string): string {
  const here = vpcs.filter((vpc) => vpc.region === region);
  const usual = here.length === 1 ? here[0] : here.find(({ isDefault }) => isDefault);
  return usual?.id ?? '';
}

/** Returns the subnets of a VPC by name; none where they could not be read. */
export function subnetOptions({ subnets }: Pick<Estate, 'subnets'>, vpcId: string): readonly NetworkOption[] {
  return subnets
    .filter((subnet) => subnet.vpcId === vpcId)
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ id, name, zone, cidr }) => ({ value: id, label: name, hint: `${zone}, ${cidr}` }));
}

/** Returns the availability zones of a region that take new things, by name. */
export function zoneOptions(
  { availabilityZones }: Pick<Estate, 'availabilityZones'>,
  region: string,
): readonly NetworkOption[] {
  return availabilityZones
    .filter((zone) => zone.region === region && zone.isAvailable)
    .map(({ id, name }) => ({ value: id, label: name, hint: name === id ? '' : id }));
}
