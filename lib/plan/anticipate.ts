import { type Creates, isSymbol, type NewListener, type NewLoadBalancer } from '@/lib/diversion/creates';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Route } from '@/lib/diversion/route';
import { findLoadBalancer } from '@/lib/estate/look-up';
import { type Estate, Listener, LoadBalancer } from '@/lib/estate/model';
import { type Owned, ownerOf } from '@/lib/estate/owner';
import { isDomainNamed } from './calls';

/** The estate as it will be once what a diversion creates is there, and what of it has to be made. */
export type Anticipated = {
  /** With the load balancers and listeners that are still to be made, under their symbols. */
  readonly estate: Estate;
  /** The routes by ids of that estate: what is there already is named by its own. */
  readonly routes: readonly Route[];
  readonly missing: Creates;
};

/** The name by which DNS and probes know a made load balancer, until the cloud has given it one. */
export function addressSymbol({ id }: Pick<NewLoadBalancer, 'id'>): string {
  // Names in DNS have no case: what is compared and sent there is in lower case.
  return `${id}.address`.toLowerCase();
}

/** The load balancer that is there under the name of one that is to be made, if it is one of its kind. */
function madeAlready(estate: Estate, { name, region, network, vpcId }: NewLoadBalancer) {
  const isOwn = ({ connectionId }: Owned) => connectionId === undefined;
  const same = estate.loadBalancers.filter((lb) => isOwn(lb) && lb.name === name && lb.region === region);
  const [only] = same;
  const isIt = same.length === 1 && only?.network === network && only.vpcId === vpcId;
  return isIt ? only : undefined;
}

/** A load balancer as it will be; its name or address is not known before it is there. */
function plannedLoadBalancer(made: NewLoadBalancer): LoadBalancer {
  const { id, name, region, network, vpcId, slaType, internet } = made;
  const address = addressSymbol(made);
  const hasName = isDomainNamed(made);
  return LoadBalancer.parse({
    ...{ id, name, region, network, vpcId },
    ...{ generation: 'clb', addressFamily: 'ipv4', ipv6: null, status: 'running' },
    ...{ vips: hasName ? [] : [address], domain: hasName ? address : null },
    ...{ isolated: false, blocked: false, stopped: false, deleteProtected: false, slaType },
    // The cloud's own defaults: https://cloud.tencent.com/document/api/214/30692
    ...{ securityGroups: [], passToTarget: false },
    ...{ bandwidthMbps: internet?.bandwidthMbps ?? null, internetChargeType: internet?.chargeType ?? null },
  });
}

function plannedListener(made: NewListener): Listener {
  const { id, loadBalancerId, name, protocol, port, certificateId } = made;
  return Listener.parse({
    ...{ id, loadBalancerId, name, protocol, port, certificateId, targets: [] },
    ...{ certificateIds: certificateId === null ? [] : [certificateId], sniSwitch: false, stopped: false },
  });
}

/** Ports of UDP are others: a listener of TCP may stand on the same number. */
function isUdp({ protocol }: Pick<Listener, 'protocol'>): boolean {
  return protocol === 'UDP' || protocol === 'QUIC';
}

/** A function is one of its load balancer's account: none can be bound from another one. */
function withOwner(estate: Estate, route: Route): Route {
  if (route.to === 'cvm') return route;
  const owned = ownerOf(findLoadBalancer(estate, route.loadBalancerId) ?? {});
  return { ...route, function: { ...route.function, ...owned } };
}

/**
 * Adds what a diversion creates to an estate, so that its routes can be looked up, planned and checked like any others.
 * What is there already by its natural key (a load balancer by its name in the region, a listener by its port) is taken as
 * it stands: planning again after the plan was applied finds nothing to make.
 */
export function anticipate(
  estate: Estate,
  { creates, routes }: Pick<Diversion, 'creates' | 'routes'>,
): Anticipated {
  const ids = new Map<string, string>();
  const idOf = <Id extends string>(id: Id): Id => (ids.get(id) ?? id) as Id;

  const loadBalancers: NewLoadBalancer[] = [];
  for (const made of creates.loadBalancers) {
    const there = madeAlready(estate, made);
    if (there === undefined) loadBalancers.push(made);
    else ids.set(made.id, there.id);
  }
  const listeners: NewListener[] = [];
  for (const given of creates.listeners) {
    const made = { ...given, loadBalancerId: idOf(given.loadBalancerId) };
    const there = estate.listeners.find(
      (each) => each.loadBalancerId === made.loadBalancerId && each.port === made.port && !isUdp(each),
    );
    if (there === undefined) listeners.push(made);
    else ids.set(made.id, there.id);
  }
  return {
    estate: {
      ...estate,
      loadBalancers: [...estate.loadBalancers, ...loadBalancers.map(plannedLoadBalancer)],
      listeners: [...estate.listeners, ...listeners.map(plannedListener)],
    },
    routes: routes.map((route) =>
      withOwner(estate, {
        ...route,
        loadBalancerId: idOf(route.loadBalancerId),
        listenerId: idOf(route.listenerId),
      }),
    ),
    missing: { loadBalancers, listeners },
  };
}

/** Whether a thing of an anticipated estate is not there yet. */
export function isPlanned({ id }: { readonly id: string }): boolean {
  return isSymbol(id);
}
