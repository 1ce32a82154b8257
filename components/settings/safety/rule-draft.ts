import type { WallClock } from '@/lib/diversion/wall-clock';
import { splitList } from '@/lib/input/list-text';
import {
  type AssertionRule,
  type BulkRule,
  type DailySpan,
  type GatingRule,
  type Requirement,
  SafetyRule,
  type SafetyRuleKind,
} from '@/lib/safety/safety-rule';

/** An allowed time while it is being edited. */
export type WindowDraft = {
  /** `HH:MM`. */
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  /** The days on which it starts, 1 = Monday. */
  readonly weekdays: readonly number[];
};

/** A safety rule while it is being edited: the fields of all kinds, and lists and numbers as they are typed. */
export type SafetyRuleDraft = {
  readonly kind: SafetyRuleKind;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly connectionIds: readonly string[];
  readonly regions: string;
  readonly domains: string;
  readonly sides: AssertionRule['sides'];
  readonly over: AssertionRule['over'];
  readonly requirement: Requirement['kind'];
  readonly count: string;
  readonly condition: GatingRule['condition'];
  readonly switchedBy: GatingRule['switchedBy'];
  readonly unit: BulkRule['unit'];
  readonly max: string;
  readonly windowMinutes: string;
  readonly approvals: string;
  readonly windows: readonly WindowDraft[];
};

export const allDays: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

/** Returns a new allowed time, in the zone of the viewer. */
export function newWindow(zone: string): WindowDraft {
  return { from: '01:00', to: '04:00', zone, weekdays: allDays };
}

/** Returns the draft of a new rule: at least one backend of each domain serves. */
export function newSafetyRule(zone: string): SafetyRuleDraft {
  return {
    kind: 'assertion',
    name: '',
    isEnabled: true,
    connectionIds: [],
    regions: '',
    domains: '',
    sides: 'either',
    over: 'eachDomain',
    requirement: 'atLeast',
    count: '1',
    condition: 'gate',
    switchedBy: 'administrator',
    unit: 'writes',
    max: '20',
    windowMinutes: '',
    approvals: '',
    windows: [newWindow(zone)],
  };
}

/** Returns minutes after midnight as `HH:MM`. */
export function timeText(minute: number): WallClock['time'] {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Returns the minutes after midnight of `HH:MM`; NaN if it is invalid. */
export function parseMinute(time: string): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(time) ?? [];
  return Number(hours) * 60 + Number(minutes);
}

const toWindowDraft = ({ fromMinute, toMinute, zone, weekdays }: DailySpan): WindowDraft => ({
  from: timeText(fromMinute),
  to: timeText(toMinute),
  zone,
  weekdays: weekdays ?? allDays,
});

const toText = (count: number | null) => (count === null ? '' : String(count));

/** Returns a stored rule as it is edited. Fields of other kinds are those of a new rule. */
export function toRuleDraft(rule: SafetyRule, zone: string): SafetyRuleDraft {
  const { connectionIds, regions, domains } = rule.match;
  const base: SafetyRuleDraft = {
    ...newSafetyRule(zone),
    kind: rule.kind,
    name: rule.name,
    isEnabled: rule.isEnabled,
    connectionIds,
    regions: regions.join(', '),
    domains: domains.join(', '),
  };
  switch (rule.kind) {
    case 'assertion': {
      const { sides, over, requirement } = rule;
      const count = 'count' in requirement ? String(requirement.count) : base.count;
      return { ...base, sides, over, requirement: requirement.kind, count };
    }
    case 'gating':
      return { ...base, condition: rule.condition, switchedBy: rule.switchedBy };
    case 'bulk':
      return {
        ...base,
        unit: rule.unit,
        max: String(rule.max),
        windowMinutes: toText(rule.windowMinutes),
      };
    case 'protected':
      return { ...base, approvals: toText(rule.approvals) };
    case 'hours':
      return { ...base, windows: rule.windows.map(toWindowDraft) };
  }
}

const toCount = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));
const toCountOrNull = (text: string) => (text.trim() === '' ? null : Number(text));

function toWindow({ from, to, zone, weekdays }: WindowDraft) {
  // Every day is the default.
  const days = weekdays.length === allDays.length ? {} : { weekdays };
  return { kind: 'daily', fromMinute: parseMinute(from), toMinute: parseMinute(to), zone, ...days };
}

/** Returns the fields of a kind. */
function kindFields(draft: SafetyRuleDraft): object {
  const { kind, sides, over, requirement, count, condition, switchedBy, unit, max } = draft;
  switch (kind) {
    case 'assertion': {
      const isCounted = requirement === 'atLeast' || requirement === 'atMost';
      return {
        sides,
        over,
        requirement: { kind: requirement, ...(isCounted && { count: toCount(count) }) },
      };
    }
    case 'gating':
      return { condition, switchedBy };
    case 'bulk':
      return { unit, max: toCount(max), windowMinutes: toCountOrNull(draft.windowMinutes) };
    case 'protected':
      return { approvals: toCountOrNull(draft.approvals) };
    case 'hours':
      return { windows: draft.windows.map(toWindow) };
  }
}

/** Parses a draft with the rules of the server. */
export function toSafetyRule(draft: SafetyRuleDraft) {
  const { kind, name, isEnabled, connectionIds, regions, domains } = draft;
  const match = {
    connectionIds: [...connectionIds],
    regions: splitList(regions),
    domains: splitList(domains),
  };
  return SafetyRule.safeParse({ kind, name, isEnabled, match, ...kindFields(draft) });
}
