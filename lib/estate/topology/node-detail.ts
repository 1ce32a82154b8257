import { leadsTo } from '@/lib/estate/dns-target';
import { findIgtm } from '@/lib/estate/find-igtm';
import { findZone } from '@/lib/estate/look-up';
import type { Estate, Target } from '@/lib/estate/model';
import { groupRoutes, type TopologyNode } from './node';
import { listNodeIds, type TopologyRoute } from './route';

/** The part of an estate about one node, in the same lists. */
export type EstatePiece = Pick<
  Estate,
  | 'takenAt'
  | 'partsAt'
  | 'zones'
  | 'igtm'
  | 'loadBalancers'
  | 'listeners'
  | 'rules'
  | 'functions'
  | 'instances'
>;

/** The most rules, or bindings of a function, that a detail lists. */
const listedMax = 100;
/** The most nodes on the routes of one node that can be drawn. */
const pathMax = 1000;

export type NodeDetail = {
  readonly node: TopologyNode;
  readonly piece: EstatePiece;
  /** Rules that belong to it but are not among those of the piece. */
  readonly moreRules: number;
  /** Nodes on the routes that pass it: what a request passes before and after it. */
  readonly path: readonly string[];
};

/** Returns everything about one node: its object, what it refers to, and its routes; null if no route has it. */
export function findNodeDetail(
  estate: Estate,
  routes: readonly TopologyRoute[],
  id: string,
): NodeDetail | null {
  const through = routes.filter((route) => listNodeIds(route).some((each) => each === id));
  const node = groupRoutes(through).nodes.find((each) => each.id === id);
  if (node === undefined) return null;
  const path = [...new Set(through.flatMap(listNodeIds))].slice(0, pathMax);
  const { piece, moreRules } = cutPiece(estate, node);
  return { node, piece, moreRules, path };
}

function cutPiece(estate: Estate, node: TopologyNode): Pick<NodeDetail, 'piece' | 'moreRules'> {
  const { takenAt, partsAt } = estate;
  const none = {
    zones: [],
    igtm: [],
    loadBalancers: [],
    listeners: [],
    rules: [],
    functions: [],
    instances: [],
  };
  const empty: EstatePiece = { takenAt, partsAt, ...none };
  const balancers = (ids: ReadonlySet<string>) => estate.loadBalancers.filter(({ id }) => ids.has(id));
  const instances = (targets: readonly Target[]) => {
    const ids = new Set<string | undefined>(targets.map(({ instanceId }) => instanceId));
    return estate.instances.filter(({ id }) => ids.has(id));
  };
  const whole = (piece: Partial<EstatePiece>) => ({ piece: { ...empty, ...piece }, moreRules: 0 });
  switch (node.kind) {
    case 'host': {
      const zone = findZone(estate, node.host);
      const led = estate.loadBalancers.filter((each) =>
        node.records.some(({ record }) => leadsTo(record, each)),
      );
      const igtm = findIgtm(
        estate,
        node.host,
        node.records.map(({ record }) => record),
      );
      return whole({ zones: zone ? [zone] : [], igtm: igtm ? [igtm] : [], loadBalancers: led });
    }
    case 'loadBalancer':
      return whole({
        listeners: estate.listeners.filter(({ loadBalancerId }) => loadBalancerId === node.loadBalancer.id),
      });
    case 'listener': {
      const rules = estate.rules.filter(({ listenerId }) => listenerId === node.listener.id);
      return {
        piece: {
          ...empty,
          loadBalancers: balancers(new Set([node.listener.loadBalancerId])),
          rules: rules.slice(0, listedMax),
          instances: instances(node.listener.targets),
        },
        moreRules: Math.max(0, rules.length - listedMax),
      };
    }
    case 'rule':
      return whole({
        loadBalancers: balancers(new Set([node.rule.loadBalancerId])),
        listeners: estate.listeners.filter(({ id }) => id === node.rule.listenerId),
        instances: instances(node.rule.targets),
      });
    case 'backend': {
      const { backend } = node;
      if (backend.kind === 'cvm') return whole({ instances: instances(backend.targets) });
      const here = new Set(
        estate.loadBalancers.filter(({ region }) => region === backend.region).map(({ id }) => id),
      );
      const rules = estate.rules.filter(
        ({ loadBalancerId, functions }) =>
          here.has(loadBalancerId) &&
          functions.some((each) => each.namespace === backend.namespace && each.name === backend.name),
      );
      const listed = rules.slice(0, listedMax);
      const listeners = new Set(listed.map(({ listenerId }) => listenerId));
      return {
        piece: {
          ...empty,
          loadBalancers: balancers(new Set(listed.map(({ loadBalancerId }) => loadBalancerId))),
          listeners: estate.listeners.filter(({ id }) => listeners.has(id)),
          rules: listed,
        },
        moreRules: rules.length - listed.length,
      };
    }
  }
}
