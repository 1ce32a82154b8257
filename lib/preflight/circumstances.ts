import type { FunctionTrial } from '@/lib/estate/function-trial';

/** When something is under way: from its prewarm until all is back. Instants are ISO 8601 in UTC; `until` null = it stays. */
export type Span = { readonly from: string; readonly until: string | null };

/** Another plan of the connection that has not ended: reviewed and not applied yet, or a run that waits or is under way. */
export type OtherPlan = {
  /** Of its run, or of the plan where there is none. */
  readonly id: string;
  readonly name: string;
  readonly state: 'draft' | 'scheduled' | 'active' | 'held';
  /** null = nobody knows: a draft has no clock, and a held run goes on when somebody says so. */
  readonly span: Span | null;
  /** Keys of the objects that it writes to. */
  readonly objects: readonly string[];
};

/** What the checks are told beside the estate and the diversion. */
export type Circumstances = {
  /** The instant of which the findings are, ISO 8601 in UTC. */
  readonly now: string;
  /** The plan's own clock; null = it has none yet. */
  readonly span: Span | null;
  readonly others: readonly OtherPlan[];
  /** How functions answered when they were tried; of each version and alias at least the newest trial. */
  readonly trials: readonly FunctionTrial[];
  /** Moving more than this share of the estate by one plan is warned about, in %. */
  readonly maxSharePercent: number;
};

/** What of it is the same for every plan of a connection that is still made. */
export type Surroundings = Pick<Circumstances, 'now' | 'others' | 'maxSharePercent'>;

/** Those of a plan with this name: earlier drafts of it are what it takes the place of. */
export function surroundingsOf(name: string, { others, ...rest }: Surroundings): Surroundings {
  return { ...rest, others: others.filter((other) => other.state !== 'draft' || other.name !== name) };
}

/** Where nobody has set another one. */
export const maxSharePercentDefault = 25;

/** Whether two spans have a time in common; what has no known span may be under way at any time. */
export function spansMeet(a: Span | null, b: Span | null): boolean {
  if (a === null || b === null) return true;
  const endsBefore = (first: Span, second: Span) =>
    first.until !== null && Date.parse(first.until) <= Date.parse(second.from);
  return !endsBefore(a, b) && !endsBefore(b, a);
}

/** Where nothing is known beside an estate: as if its plan stood alone, at the time when the estate was read. */
export function noCircumstances({ takenAt }: { readonly takenAt: string }): Circumstances {
  return { now: takenAt, span: null, others: [], trials: [], maxSharePercent: maxSharePercentDefault };
}
