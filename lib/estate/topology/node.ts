import type { DnsRecord, Listener, LoadBalancer, Rule } from '@/lib/estate/model';
import { type Backend, backendNodeId, hostNodeId, type NodeId, type TopologyRoute } from './route';

export type TopologyNode = { readonly id: NodeId } & (
  | {
      readonly kind: 'host';
      readonly host: string;
      /** Each record, and whether it points at something in this estate. */
      readonly records: readonly { readonly record: DnsRecord; readonly leads: boolean }[];
    }
  | { readonly kind: 'loadBalancer'; readonly region: string; readonly loadBalancer: LoadBalancer }
  | { readonly kind: 'listener'; readonly region: string; readonly listener: Listener }
  | { readonly kind: 'rule'; readonly region: string; readonly rule: Rule }
  | { readonly kind: 'backend'; readonly region: string; readonly backend: Backend }
);

export type TopologyLink = {
  readonly id: string;
  readonly from: NodeId;
  readonly to: NodeId;
  /** The record that a link from a host belongs to. */
  readonly recordId: number | null;
  /** The kinds of backend that serve it; empty = an idle line. */
  readonly kinds: readonly ('cvm' | 'scf')[];
  readonly label: LinkLabel | null;
};

/** The label of a line: the weight of a record, target or function, or whether an unweighted record is enabled. */
export type LinkLabel = { readonly kind: 'weight'; readonly text: string } | { readonly kind: 'on' | 'off' };

export type TopologyGraph = {
  readonly nodes: readonly TopologyNode[];
  readonly links: readonly TopologyLink[];
  /** Sorted by name. */
  readonly regions: readonly string[];
};

/** Formats the weights of a pool: `10`, or `5–20` if they differ. */
export function poolWeight(backend: Backend): string | null {
  if (backend.kind === 'scf') return backend.binding === null ? null : String(backend.binding.weight);
  const weights = backend.targets.map((target) => target.weight);
  const low = Math.min(...weights);
  const high = Math.max(...weights);
  return low === high ? String(low) : `${low}–${high}`;
}

/** Returns the hops of a route as links, each with its id. */
export function listLinks(route: TopologyRoute): readonly Omit<TopologyLink, 'kinds'>[] {
  const { host, record, loadBalancer, listener, rule, backend } = route;
  const links: Omit<TopologyLink, 'kinds'>[] = [];
  const add = (from: NodeId, to: NodeId, label: LinkLabel | null = null, recordId: number | null = null) =>
    links.push({ id: `${from}${recordId === null ? '' : `#${recordId}`}>${to}`, from, to, recordId, label });
  if (loadBalancer === null) return links;
  const balancerId: NodeId = `lb:${loadBalancer.id}`;
  if (host !== null && record !== null) add(hostNodeId(host), balancerId, recordLabel(record), record.id);
  if (listener === null) return links;
  add(balancerId, `ls:${listener.id}`);
  if (rule !== null) add(`ls:${listener.id}`, `ru:${rule.id}`);
  if (backend === null) return links;
  const weight = poolWeight(backend);
  const label: LinkLabel | null = weight === null ? null : { kind: 'weight', text: weight };
  add(rule === null ? `ls:${listener.id}` : `ru:${rule.id}`, backendNodeId(backend), label);
  return links;
}

function recordLabel(record: DnsRecord): LinkLabel {
  if (!record.enabled) return { kind: 'off' };
  return record.weight === null ? { kind: 'on' } : { kind: 'weight', text: String(record.weight) };
}

/** Merges routes into the nodes and links that they share. */
export function groupRoutes(routes: readonly TopologyRoute[]): TopologyGraph {
  const nodes = new Map<NodeId, TopologyNode>();
  const links = new Map<string, TopologyLink>();
  for (const route of routes) {
    for (const node of listNodes(route)) nodes.set(node.id, mergeNodes(nodes.get(node.id), node));
    for (const link of listLinks(route)) {
      const idle = link.label?.kind === 'off' || route.backend === null;
      const kinds = new Set(links.get(link.id)?.kinds ?? []);
      if (!idle && route.backend) kinds.add(route.backend.kind);
      links.set(link.id, { ...link, kinds: [...kinds].sort() });
    }
  }
  const all = [...nodes.values()];
  const regions = new Set(all.flatMap((node) => (node.kind === 'host' ? [] : [node.region])));
  return { nodes: all, links: [...links.values()], regions: [...regions].sort() };
}

function listNodes(route: TopologyRoute): readonly TopologyNode[] {
  const { host, record, loadBalancer, listener, rule, backend } = route;
  const nodes: TopologyNode[] = [];
  if (host !== null && record !== null) {
    nodes.push({
      id: hostNodeId(host),
      kind: 'host',
      host,
      records: [{ record, leads: loadBalancer !== null }],
    });
  }
  if (loadBalancer !== null) {
    const { region } = loadBalancer;
    nodes.push({ id: `lb:${loadBalancer.id}`, kind: 'loadBalancer', region, loadBalancer });
    if (listener !== null) nodes.push({ id: `ls:${listener.id}`, kind: 'listener', region, listener });
    if (rule !== null) nodes.push({ id: `ru:${rule.id}`, kind: 'rule', region, rule });
  }
  if (backend !== null) {
    nodes.push({ id: backendNodeId(backend), kind: 'backend', region: backend.region, backend });
  }
  return nodes;
}

/** Only host nodes differ from route to route: each route adds one of their records. */
function mergeNodes(known: TopologyNode | undefined, found: TopologyNode): TopologyNode {
  if (known?.kind !== 'host' || found.kind !== 'host') return known ?? found;
  const missing = found.records.filter(
    ({ record }) => !known.records.some((other) => other.record.id === record.id),
  );
  return { ...known, records: [...known.records, ...missing] };
}
