import { type Creates, isPlaceholder, type NewListener, type NewLoadBalancer } from '@/lib/diversion/creates';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Route } from '@/lib/diversion/route';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate, Listener, LoadBalancer } from '@/lib/estate/model';
import { getOwner } from '@/lib/estate/owner';
import { isDomainNamed } from './calls';

/** The estate as it will be once a diversion's objects exist, and the objects yet to be created. */
export type Anticipated = {
  /** Includes the load balancers and listeners yet to be created, under their placeholders. */
  readonly estate: Estate;
  /** The routes by ids of that estate: existing objects have their own ids. */
  readonly routes: readonly Route[];
  readonly missing: Creates;
};

/** Returns the name of a created load balancer for DNS and probes until the cloud has assigned one. */
export function addressPlaceholder({ id }: Pick<NewLoadBalancer, 'id'>): string {
  // DNS names are case-insensitive: they are compared and sent in lower case.
  return `${id}.address`.toLowerCase();
}

/** Returns the load balancers with the name of one to be created, in its region and account. */
export function listNamesakes(
  { loadBalancers }: Pick<Estate, 'loadBalancers'>,
  { name, region }: Pick<NewLoadBalancer, 'name' | 'region'>,
): readonly LoadBalancer[] {
  return loadBalancers.filter(
    (each) => each.connectionId === undefined && each.name === name && each.region === region,
  );
}

/**
 * Returns the load balancer that an earlier run has created under this name, if it is of the same kind and the only one
 * of its name. Load balancers created by others never match.
 */
export function findCreated(
  estate: Pick<Estate, 'loadBalancers' | 'ownLoadBalancers'>,
  made: NewLoadBalancer,
): LoadBalancer | undefined {
  const [only, ...others] = listNamesakes(estate, made);
  const isIt =
    only !== undefined &&
    others.length === 0 &&
    estate.ownLoadBalancers?.includes(only.id) === true &&
    only.network === made.network &&
    only.vpcId === made.vpcId;
  return isIt ? only : undefined;
}

/** Returns a load balancer as it will be; its name or address is unknown until it exists. */
function plannedLoadBalancer(made: NewLoadBalancer): LoadBalancer {
  const { id, name, region, network, vpcId, slaType, internet } = made;
  const address = addressPlaceholder(made);
  const hasName = isDomainNamed(made);
  return {
    id,
    name,
    region,
    network,
    vpcId,
    generation: 'clb',
    addressFamily: 'ipv4',
    ipv6: null,
    status: 'running',
    vips: hasName ? [] : [address],
    domain: hasName ? address : null,
    isolated: false,
    blocked: false,
    stopped: false,
    deleteProtected: false,
    operationProtection: null,
    tags: {},
    wafFlag: false,
    createdAt: null,
    slaType,
    // The cloud's own defaults: https://cloud.tencent.com/document/api/214/30692
    securityGroups: [],
    passToTarget: false,
    bandwidthMbps: internet?.bandwidthMbps ?? null,
    internetChargeType: internet?.chargeType ?? null,
  };
}

function plannedListener(made: NewListener): Listener {
  const { id, loadBalancerId, name, protocol, port, certificateId } = made;
  return {
    id,
    loadBalancerId,
    name,
    protocol,
    port,
    certificateId,
    targets: [],
    certificateIds: certificateId === null ? [] : [certificateId],
    clientCaId: null,
    sniSwitch: false,
    keepalive: null,
    stopped: false,
    createdAt: null,
  };
}

/** Returns whether a listener is UDP. UDP ports are separate: a TCP listener may use the same number. */
function isUdp({ protocol }: Pick<Listener, 'protocol'>): boolean {
  return protocol === 'UDP' || protocol === 'QUIC';
}

/** Adds the load balancer's account to a route's function: a function of another account can't be bound. */
function withOwner(estate: Estate, route: Route): Route {
  if (route.to === 'cvm') return route;
  const owned = getOwner(findLoadBalancer(estate, route.loadBalancerId) ?? {});
  return { ...route, function: { ...route.function, ...owned } };
}

/**
 * Adds the objects that a diversion creates to an estate, so that its routes can be resolved, planned and checked like
 * any others. A load balancer that an earlier run has created, and an existing listener on the port, are used as they
 * are, so that re-planning after the apply creates nothing.
 */
export function anticipate(
  estate: Estate,
  { creates, routes }: Pick<Diversion, 'creates' | 'routes'>,
): Anticipated {
  const ids = new Map<string, string>();
  const actualId = <Id extends string>(id: Id): Id => (ids.get(id) ?? id) as Id;

  const loadBalancers: NewLoadBalancer[] = [];
  for (const made of creates.loadBalancers) {
    const there = findCreated(estate, made);
    if (there === undefined) loadBalancers.push(made);
    else ids.set(made.id, there.id);
  }
  const listeners: NewListener[] = [];
  for (const given of creates.listeners) {
    const made = { ...given, loadBalancerId: actualId(given.loadBalancerId) };
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
        loadBalancerId: actualId(route.loadBalancerId),
        listenerId: actualId(route.listenerId),
      }),
    ),
    missing: { loadBalancers, listeners },
  };
}

/** Returns whether an object of an anticipated estate does not exist yet. */
export function isPlanned({ id }: { readonly id: string }): boolean {
  return isPlaceholder(id);
}
