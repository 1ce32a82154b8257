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
  'id' | 'subnetId' | 'slaType' | 'internet' | 'address'
> &
  InternetAccess & {
    readonly subnetId: string;
    readonly slaType: string;
    readonly address: 'domain' | 'fixed';
  };

/** Returns the form of a further load balancer: a public shared one, with a bandwidth that fits the expected peak. */
export function newForm(
  place: Pick<LoadBalancerForm, 'region' | 'vpcId' | 'address'>,
  peak: number | null,
): LoadBalancerForm {
  const { chargeType, bandwidthMbps } = internetAccessDefault;
  return {
    ...{ name: '', network: 'OPEN', subnetId: '', slaType: '', chargeType },
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

/** The VPCs of a region that the estate has met, with how much of it is in each. */
export function vpcOptions(
  { loadBalancers, instances }: Pick<Estate, 'loadBalancers' | 'instances'>,
  region: string,
): readonly { readonly value: string; readonly loadBalancers: number; readonly instances: number }[] {
  const here = <T extends { readonly region: string; readonly vpcId: string | null }>(all: readonly T[]) =>
    all.filter((each) => each.region === region && each.vpcId !== null);
  const [lbs, servers] = [here(loadBalancers), here(instances)];
  const ids = new Set([...lbs, ...servers].flatMap(({ vpcId }) => vpcId ?? []));
  return [...ids].sort().map((value) => ({
    value,
    loadBalancers: lbs.filter(({ vpcId }) => vpcId === value).length,
    instances: servers.filter(({ vpcId }) => vpcId === value).length,
  }));
}
