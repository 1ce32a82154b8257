import type { AuditContent } from '@/lib/audit/audit-entry';

/** The filter of the audit page, as in its address. Absent = not filtered. */
export type AuditFilterView = {
  readonly actor?: string | undefined;
  readonly operation?: string | undefined;
  /** `begun`: operations whose end is not recorded. */
  readonly outcome?: AuditContent['outcome'] | undefined;
  /** The id of an object, such as `P-0001`. */
  readonly object?: string | undefined;
  /** The first and the last day, in UTC: `2026-12-12`. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
};

/** An entry of the audit log. */
export type AuditEntryView = {
  readonly seq: number;
  readonly at: string;
  readonly hash: string;
  readonly previousHash: string;
  /** Null if it can't be read: then it is not what was appended. */
  readonly content: AuditContent | null;
  /** The stored text. */
  readonly text: string;
};

/** A page of the audit log, the newest first. */
export type AuditListView = {
  readonly filter: AuditFilterView;
  readonly entries: readonly AuditEntryView[];
  /** The number before which the next page begins; null = this is the last page. */
  readonly next: number | null;
  /** The end of the log. */
  readonly head: { readonly seq: number; readonly hash: string };
  /** Those who have entries, at most a hundred, and every operation, for the fields of the filter. */
  readonly actors: readonly string[];
  readonly operations: readonly string[];
};
