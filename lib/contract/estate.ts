import type { DatedBinding } from '@/lib/estate/bindings/binding-query';
import type { EstateChange } from '@/lib/estate/history/diff-estates';
import type { Estate } from '@/lib/estate/model';
import type { ObjectName } from '@/lib/estate/object-name';
import type { RouteRow } from '@/lib/estate/topology/find-routes';
import type { EstateSummary } from '@/lib/estate/topology/summarize-estate';
import type { RunId } from '@/lib/run/model/run-id';
import type { SyncView } from './connection';

/** `estate.get`: all of it, for an editor. */
export type EstateView = { readonly estate: Estate | null; readonly sync: SyncView };

/** `estate.getSummary`: an estate's counts, gaps and times; null before the first sync. */
export type EstateSummaryView = { readonly estate: EstateSummary | null; readonly sync: SyncView };

/** `estate.listRoutes`: one page of the routes that pass a filter. */
export type RoutesView = {
  readonly rows: readonly RouteRow[];
  readonly found: number;
  readonly total: number;
};

/** The snapshot that every sync from `firstAt` to `lastAt` found; the next sync, at `nextAt`, found something else. */
export type PastEstateView = {
  readonly estate: EstateSummary;
  readonly firstAt: string;
  readonly lastAt: string;
  /** null = it is still current, as far as is known. */
  readonly nextAt: string | null;
};

/**
 * The author of a write: one of Spillway's runs or changes of functions, or an actor named by the cloud's audit trail.
 * `at` is an ISO instant.
 */
export type ActorView = { readonly at: string; readonly action: string } & (
  | { readonly kind: 'run'; readonly runId: RunId; readonly actor: string; readonly requestId: string }
  | {
      readonly kind: 'user';
      readonly user: string;
      readonly sourceIp: string | null;
      readonly requestId: string;
    }
  /** A change of a function that someone made with Spillway. Its requests are those of the audit trail. */
  | { readonly kind: 'function'; readonly id: string; readonly actor: string }
);

/** The actors who changed an object, the latest first, and whether the cloud's audit trail could be queried. */
export type WhoView = {
  readonly actors: readonly ActorView[];
  readonly trail:
    | { readonly state: 'read' | 'partly' | 'notSearched' }
    | { readonly state: 'unreadable'; readonly code: string };
};

/** An object's total change between two instants, and the two syncs between which its last change took place. */
export type ObjectChangeView = ObjectName & {
  readonly change: EstateChange;
  /** The last sync that did not find it in this state; null if that is not stored. */
  readonly after: string | null;
  /** The first sync that found it in this state. */
  readonly by: string;
  /** True if the change has no actor: the cloud measured another value. */
  readonly measured: boolean;
  readonly who: WhoView;
};

/** The sync at an instant: `lastAt` is the last sync that found the same, before it or after. */
export type SnapshotView = Omit<PastEstateView, 'estate'> & {
  /** Parts that could not be read at that time. Their values are the last known ones. */
  readonly unread: Estate['gaps'];
};

/** `estate.listChanges` */
export type EstateChangesView = {
  readonly from: SnapshotView;
  readonly to: SnapshotView;
  readonly changes: readonly ObjectChangeView[];
  /** The number of all changes but those of `resets`; `changes` has the first of them. */
  readonly total: number;
  /** Replacements of the sandbox data, newest first, each with the first of the objects that it changed. */
  readonly resets: readonly ResetView[];
};

/** A replacement of the sandbox data, with what it changed. */
export type ResetView = {
  readonly id: number;
  readonly kind: 'reset' | 'seed' | 'import';
  readonly actor: string;
  readonly at: string;
  readonly changes: readonly ObjectChangeView[];
  readonly total: number;
};

/** One page of a list that the server filters and sorts. `takenAt` is the time of the snapshot, ISO. */
export type ListView<Row> = {
  readonly takenAt: string;
  /** The regions that were read. */
  readonly regions: readonly string[];
  /** Parts that could not be read: rows may be missing. */
  readonly gaps: Estate['gaps'];
  readonly rows: readonly Row[];
  /** The number of rows that the filter finds, and that there are. */
  readonly found: number;
  readonly total: number;
};

/** `binding.list`: one page of the bindings that a filter finds, in its order. */
export type BindingsView = ListView<DatedBinding>;
