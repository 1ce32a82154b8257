import type { z } from 'zod';
import type { SplitDiversion, SplitField } from '@/lib/diversion/split';

/** A Split while it is being typed: the same shape, with empty text where nothing has been chosen yet. */
export type SplitDraft = z.input<typeof SplitDiversion>;
export type LaneName = 'laneA' | 'laneB';
export type LaneDraft = SplitDraft[LaneName];
/** What both lanes have in common, and what a change of one field carries with it. */
export type LaneRoute = Pick<LaneDraft, 'domain' | 'loadBalancerId' | 'listenerId' | 'rule'>;

const emptyRoute: LaneRoute = {
  domain: '',
  loadBalancerId: '',
  listenerId: '',
  rule: { kind: 'new', url: '/' },
};

export const noFunction: SplitDraft['laneB']['function'] = {
  region: '',
  namespace: '',
  name: '',
  qualifier: '',
};

/** A draft in which only the name is set. */
export function emptyDraft(name: string): SplitDraft {
  return {
    kind: 'split',
    name,
    laneA: { ...emptyRoute, addTargets: [] },
    laneB: { ...emptyRoute, function: noFunction, expectedBody: '' },
  };
}

/**
 * A draft as the checks take it. The brands of a diversion say "an id of the cloud": an empty id is found nowhere,
 * so each check answers as for an object that does not exist, and `shownFindings` leaves out what is not chosen yet.
 */
export function asDiversion(draft: SplitDraft): SplitDiversion {
  const plain = (lane: { domain: string }) => lane.domain.trim().toLowerCase().replace(/\.$/, '');
  return {
    ...draft,
    laneA: { ...draft.laneA, domain: plain(draft.laneA) },
    laneB: { ...draft.laneB, domain: plain(draft.laneB) },
  } as SplitDiversion;
}

/** The fields in the order in which they are filled in: lane A from top to bottom, then lane B. */
export const fieldOrder: readonly SplitField[] = [
  'name',
  'laneA.domain',
  'laneA.loadBalancerId',
  'laneA.listenerId',
  'laneA.rule',
  'laneA.addTargets',
  'laneB.domain',
  'laneB.loadBalancerId',
  'laneB.listenerId',
  'laneB.rule',
  'laneB.function',
  'laneB.expectedBody',
];

/** Whether a field holds something to check. */
export function isFilled(draft: SplitDraft, field: SplitField): boolean {
  switch (field) {
    case 'name':
      return draft.name.trim() !== '';
    case 'laneA.domain':
    case 'laneB.domain':
      return lane(draft, field).domain.trim() !== '';
    case 'laneA.loadBalancerId':
    case 'laneB.loadBalancerId':
      return lane(draft, field).loadBalancerId !== '';
    case 'laneA.listenerId':
    case 'laneB.listenerId':
      return lane(draft, field).listenerId !== '';
    case 'laneA.rule':
    case 'laneB.rule':
      return lane(draft, field).listenerId !== '' && hasRule(lane(draft, field).rule);
    case 'laneA.addTargets':
      return draft.laneA.listenerId !== '';
    case 'laneB.function':
      return draft.laneB.function.name !== '';
    case 'laneB.expectedBody':
      return draft.laneB.expectedBody !== '';
  }
}

/** The fields that still wait for a choice, first one first. */
export function missingFields(draft: SplitDraft): readonly SplitField[] {
  return fieldOrder.filter((field) => !isFilled(draft, field) && field !== 'laneA.addTargets');
}

function lane(draft: SplitDraft, field: SplitField): LaneRoute {
  return field.startsWith('laneA') ? draft.laneA : draft.laneB;
}

function hasRule(rule: LaneRoute['rule']): boolean {
  return rule.kind === 'existing' ? rule.ruleId !== '' : rule.url.trim() !== '';
}
