import type { Diversion } from '@/lib/diversion/diversion';
import type { SplitField } from '@/lib/diversion/split';
import type { Estate } from '@/lib/estate/model';

/** Unreadable is `unknown`, never `pass`. */
export type FindingStatus = 'pass' | 'warn' | 'block' | 'unknown';

/** A change to the diversion that would clear the finding; `label` is a message key of `preflight.fix`. */
export type Fix = {
  readonly label: string;
  readonly values: Readonly<Record<string, string | number>>;
  /** Set where the editor can apply it at once. */
  readonly patch: { readonly field: SplitField; readonly value: string } | null;
};

/** What one check found about one object. Texts are message keys: wording is made apart from the finding. */
export type Finding = {
  readonly check: CheckId;
  readonly status: FindingStatus;
  readonly field: SplitField | null;
  /** The objects concerned, by cloud id or name. */
  readonly objects: readonly string[];
  /** Message key below `preflight.why`, with its values. */
  readonly why: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly fix: Fix | null;
  /** Public address of the rule's source. */
  readonly source: string | null;
};

export const checkIds = [
  'choices',
  'region',
  'account-type',
  'generation',
  'network',
  'same-region',
  'ip-version',
  'listener-protocol',
  'function-type',
  'one-function',
  'function-ready',
  'rule-free',
  'load-balancer-state',
  'domain-match',
  'dns-zone',
  'dns-record',
  'switch-dns',
  'cvm-targets',
  'reachability',
] as const;
/**
 * First, whether the lanes' choices were found: the checks below say nothing about a lane that has none to look at.
 * The next nine are the cloud's binding restrictions; the rest are what else must hold for the plan to work.
 */
export type CheckId = (typeof checkIds)[number];

export type PreflightInput = {
  readonly estate: Estate;
  readonly diversion: Diversion;
};

/** One check: pure, returns all its reasons at once. */
export type Check = (input: PreflightInput) => readonly Finding[];
