import {
  draftGuard,
  draftMissed,
  type GuardDraft,
  type MissedDraft,
} from '@/components/plan/clock/guard-draft';
import { durationText } from '@/components/ui/duration-text';
import type { Policy } from '@/lib/policy/policy';

/** A policy while it is being edited. */
export type PolicyDraft = MissedDraft & {
  readonly guards: readonly GuardDraft[];
  /** Empty = the time zone of each viewer's browser. */
  readonly zone: string;
  /** Empty = from the plan's forecast. */
  readonly prewarm: string;
  /** Separated by commas. */
  readonly ownerTags: string;
};

/** Returns a policy as texts to edit. */
export function toPolicyDraft({ zone, prewarmS, missedT0, guards, ownerTags }: Policy): PolicyDraft {
  return {
    zone: zone ?? '',
    prewarm: prewarmS === null ? '' : durationText(prewarmS),
    ...draftMissed(missedT0),
    guards: guards.map(draftGuard),
    ownerTags: ownerTags.join(', '),
  };
}
