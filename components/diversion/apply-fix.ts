import type { Estate } from '@/lib/estate/model';
import type { Fix } from '@/lib/preflight/model';
import { chooseDomainOfA, chooseDomainOfB, chooseListener, chooseLoadBalancer } from './lane-choices';
import { parseFunctionKey } from './lane-options';
import type { LaneRoute, SplitDraft } from './split-draft';

type Patch = NonNullable<Fix['patch']>;

/**
 * The draft after a fix, with all that follows from it, as if a person had made the same choice.
 * A patch that names nothing (a function key that does not parse) leaves the draft as it is.
 */
export function applyFix(estate: Estate, draft: SplitDraft, { field, value }: Patch): SplitDraft {
  const a = (laneA: SplitDraft['laneA']): SplitDraft => ({ ...draft, laneA });
  const b = (laneB: SplitDraft['laneB']): SplitDraft => ({ ...draft, laneB });
  switch (field) {
    case 'name':
      return { ...draft, name: value };
    case 'laneA.domain':
      return a(chooseDomainOfA(estate, draft.laneA, value));
    case 'laneA.loadBalancerId':
      return a(chooseLoadBalancer(estate, draft.laneA, value));
    case 'laneA.listenerId':
      return a(chooseListener(estate, draft.laneA, value));
    case 'laneA.rule':
      return a({ ...draft.laneA, rule: ruleFrom(value) });
    case 'laneA.addTargets':
      return a({ ...draft.laneA, addTargets: [] });
    case 'laneB.domain':
      return b(chooseDomainOfB(estate, draft.laneB, value));
    case 'laneB.loadBalancerId':
      return b(chooseLoadBalancer(estate, draft.laneB, value));
    case 'laneB.listenerId':
      return b(chooseListener(estate, draft.laneB, value));
    case 'laneB.rule':
      return b({ ...draft.laneB, rule: ruleFrom(value) });
    case 'laneB.function':
      return b({ ...draft.laneB, function: parseFunctionKey(estate, value) ?? draft.laneB.function });
    case 'laneB.expectedBody':
      return b({ ...draft.laneB, expectedBody: value });
  }
}

/** A rule is named by its id, a new one by its path: ids never start with a slash. */
function ruleFrom(value: string): LaneRoute['rule'] {
  return value.startsWith('/') ? { kind: 'new', url: value } : { kind: 'existing', ruleId: value };
}
