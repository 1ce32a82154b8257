import type { ListenerProtocol } from '@/lib/estate/model';
import type { LinkLabel } from './node';
import type { NodeId } from './route';
import type { RouteState } from './route-filter';

/** The maximum number of nodes of a map, including those that represent others. */
export const mapNodesMax = 300;

/** The address parameter that opens all nodes. */
export const openAll = 'all';

/** The columns of the map, in the order in which a request passes them. */
export type MapColumn = 'host' | 'loadBalancer' | 'listener' | 'rule' | 'backend';

/** The part of an estate that a map draws. */
export type MapView = {
  readonly search: string;
  readonly region: string | null;
  readonly state: RouteState | null;
  /** Nodes whose routes alone are drawn, opened; empty = no focus. */
  readonly focus: readonly string[];
  /** Opened nodes, in the order in which they were opened; `all` opens every node. */
  readonly open: readonly string[];
  /** From 0; load balancers beyond one page are on the next. */
  readonly page: number;
};

/** Everything at or behind a node, on the routes found. */
export type MapMarks = {
  /** Targets that fail their health check, functions that can't be called, and stopped or blocked load balancers. */
  readonly unhealthy: number;
  readonly drifted: number;
};

export type MapCounts = {
  readonly listeners: number;
  readonly rules: number;
  readonly targets: number;
  readonly functions: number;
};

/** The id of the node that counts those that are not drawn. */
export type MoreId = `more:${MapColumn}:${string}`;

export type MapHostRecord = {
  readonly id: number;
  readonly type: string;
  readonly value: string;
  readonly isEnabled: boolean;
  /** True if it points at something in this estate. */
  readonly leads: boolean;
};

export type MapBackend =
  | {
      readonly kind: 'cvm';
      /** null = its members have no common name. */
      readonly name: string | null;
      readonly targets: number;
      readonly ports: readonly number[];
    }
  | {
      readonly kind: 'scf';
      readonly namespace: string;
      readonly name: string;
      /** null = bound to no rule. */
      readonly qualifier: string | null;
      /** null = bound, but missing from the snapshot's functions. */
      readonly read: { readonly type: 'Event' | 'HTTP'; readonly runtime: string } | null;
    };

/** `isOpen` null: the node shows all there is behind it, and can't be closed. */
type Opening = { readonly isOpen: boolean | null; readonly counts: MapCounts };

export type MapNode =
  | {
      readonly id: NodeId;
      readonly kind: 'host';
      readonly host: string;
      readonly ttls: readonly number[];
      readonly records: readonly MapHostRecord[];
      /** Records that are not among them. */
      readonly moreRecords: number;
      readonly marks: MapMarks;
    }
  | ({
      readonly id: NodeId;
      readonly kind: 'loadBalancer';
      readonly region: string;
      readonly name: string;
      readonly address: string;
      readonly isClassic: boolean;
      readonly isDown: boolean;
      readonly marks: MapMarks;
    } & Opening)
  | ({
      readonly id: NodeId;
      readonly kind: 'listener';
      readonly region: string;
      readonly protocol: ListenerProtocol;
      readonly port: number;
      readonly marks: MapMarks;
    } & Opening)
  | {
      readonly id: NodeId;
      readonly kind: 'rule';
      readonly region: string;
      readonly domain: string;
      readonly url: string;
      readonly isRedirect: boolean;
      readonly marks: MapMarks;
    }
  | {
      readonly id: NodeId;
      readonly kind: 'backend';
      readonly region: string;
      readonly backend: MapBackend;
      readonly marks: MapMarks;
    }
  | {
      readonly id: MoreId;
      readonly kind: 'more';
      readonly column: MapColumn;
      /** null = names have no region. */
      readonly region: string | null;
      readonly count: number;
      /** The way to see them: open the node itself, focus on what they belong to, or the list. */
      readonly reach:
        | { readonly kind: 'open' }
        | { readonly kind: 'focus'; readonly id: NodeId }
        | { readonly kind: 'list' };
    };

export type MapLink = {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The record that a link from a host belongs to; `more` = one that is not drawn; null = no record. */
  readonly record: number | 'more' | null;
  /** The kinds of backend that serve it; empty = an idle line. */
  readonly kinds: readonly ('cvm' | 'scf')[];
  readonly label: LinkLabel | null;
  /** Requests per second, where they were measured. */
  readonly perSecond: number | null;
};

export type TopologyMap = {
  readonly nodes: readonly MapNode[];
  readonly links: readonly MapLink[];
  /** Sorted by name. */
  readonly regions: readonly string[];
  /** Routes that pass the filter, and all of them. */
  readonly found: number;
  readonly total: number;
  readonly loadBalancers: { readonly from: number; readonly to: number; readonly found: number };
  readonly page: number;
  readonly pages: number;
  /** True if an opened node could not be opened: the map has its most nodes. */
  readonly isFull: boolean;
  /** True if every node of the routes found is drawn. */
  readonly isWhole: boolean;
  /** True if every node would be drawn if all were opened. */
  readonly fitsWhole: boolean;
  /** Nodes of the focus that are on no route. */
  readonly focusMissing: boolean;
};

/** Limits of what an address may ask for. An id has a host name, or the targets of a pool. */
export const mapLimits = { text: 200, id: 400, focus: 6, open: 60, pages: 10_000 } as const;
