import { targetsPerCallMax } from '@/lib/estate/facts/limits';
import { getRuleState, noRule } from '@/lib/estate/look-up';
import type { BoundFunction, Rule } from '@/lib/estate/model';
import type { RuleRef, RuleState, TargetState } from '@/lib/estate/object';
import { targetText } from '@/lib/estate/target';
import {
  bindFunction,
  createRule,
  deleteRule,
  deregisterTargets,
  type LocationIdParam,
  newLocationId,
  registerTargets,
  replaceFunction,
  unbindFunction,
  weighTargets,
} from '@/lib/plan/model/calls';
import type { PlannedChange } from '@/lib/plan/model/change';
import { chunks } from '@/lib/plan/model/chunks';

type Write = Extract<PlannedChange, { kind: 'write' }>;

const functionKey = ({ namespace, name, qualifier }: BoundFunction) => `${namespace}/${name}:${qualifier}`;

function lacking<T>(all: readonly T[], others: readonly T[], key: (item: T) => string): readonly T[] {
  const known = new Set(others.map(key));
  return all.filter((item) => !known.has(key(item)));
}

/** Adds the missing type of old bindings, from the qualifier: a published version or `$LATEST` is a VERSION. */
function typed(bound: BoundFunction): BoundFunction {
  const isVersion = bound.qualifier === '$LATEST' || /^\d+$/.test(bound.qualifier);
  return { ...bound, qualifierType: bound.qualifierType ?? (isVersion ? 'VERSION' : 'ALIAS') };
}

/** Collects the writes on one rule; each needs the previous one, and starts from its end state. */
class RuleChanges {
  readonly changes: PlannedChange[] = [];
  private readonly id: LocationIdParam;

  constructor(
    private readonly ref: RuleRef,
    rule: Rule | undefined,
    private readonly key: string,
    private readonly phase: 'prewarm' | 'divert',
    certificateId: string | null,
    private state: RuleState = getRuleState(rule),
  ) {
    this.id = rule?.id ?? newLocationId;
    if (rule !== undefined) return;
    const made: RuleState = { ...noRule, exists: true };
    this.add(made, createRule(ref, certificateId), deleteRule(ref, newLocationId));
  }

  private add(after: RuleState, call: Write['call'], inverse: Write['inverse']): void {
    const last = this.changes.at(-1);
    this.changes.push({
      kind: 'write',
      key: `${this.key}.${this.changes.length + 1}`,
      phase: this.phase,
      needs: last === undefined ? [] : [last.key],
      object: this.ref,
      before: this.state,
      after,
      call,
      inverse,
    });
    this.state = after;
  }

  take(targets: readonly TargetState[]): void {
    for (const some of chunks(targets, targetsPerCallMax))
      this.add(
        { ...this.state, targets: [...lacking(this.state.targets, some, targetText)] },
        deregisterTargets(this.ref, this.id, some),
        registerTargets(this.ref, this.id, some),
      );
  }

  put(targets: readonly TargetState[]): void {
    for (const some of chunks(targets, targetsPerCallMax))
      this.add(
        { ...this.state, targets: [...this.state.targets, ...some] },
        registerTargets(this.ref, this.id, some),
        deregisterTargets(this.ref, this.id, some),
      );
  }

  weigh(targets: readonly TargetState[]): void {
    for (const some of chunks(targets, targetsPerCallMax)) {
      const by = new Map(some.map((target) => [targetText(target), target]));
      const old = this.state.targets.filter((target) => by.has(targetText(target)));
      this.add(
        { ...this.state, targets: this.state.targets.map((each) => by.get(targetText(each)) ?? each) },
        weighTargets(this.ref, this.id, some),
        weighTargets(this.ref, this.id, old),
      );
    }
  }

  unbind(bound: BoundFunction): void {
    const functions = [...lacking(this.state.functions, [bound], functionKey)];
    const after = { ...this.state, functions };
    this.add(
      after,
      unbindFunction(this.ref, this.id, typed(bound)),
      bindFunction(this.ref, this.id, typed(bound)),
    );
  }

  bind(bound: BoundFunction): void {
    const after = { ...this.state, functions: [...this.state.functions, bound] };
    this.add(
      after,
      bindFunction(this.ref, this.id, typed(bound)),
      unbindFunction(this.ref, this.id, typed(bound)),
    );
  }

  replace(old: BoundFunction, bound: BoundFunction): void {
    this.add(
      { ...this.state, functions: [bound] },
      replaceFunction(this.ref, this.id, typed(bound)),
      replaceFunction(this.ref, this.id, typed(old)),
    );
  }
}

const isBound = ({ targets, functions }: RuleState) => targets.length + functions.length > 0;

function sameFunctions(a: RuleState, b: RuleState): boolean {
  const text = ({ functions }: RuleState) =>
    functions.map((each) => `${functionKey(each)} ${each.weight}`).sort();
  return JSON.stringify(text(a)) === JSON.stringify(text(b));
}

/**
 * Returns the writes that restore the bindings of a rule. Targets are added before others are removed, and a function
 * replaces another in one task. Between targets and a function the rule has no backend for a moment, because the cloud
 * accepts only one of the two kinds. A rule that has no backend now carries no traffic, so it is restored in prewarm.
 * @param rule as it is; undefined = it was deleted, and is created again
 * @param certificateId the certificate to create it with, if its listener has SNI and no other rule of its domain
 */
export function restoreRule(
  ref: RuleRef,
  rule: Rule | undefined,
  wanted: RuleState,
  key: string,
  certificateId: string | null = null,
): readonly PlannedChange[] {
  const found = getRuleState(rule);
  const made = new RuleChanges(ref, rule, key, isBound(found) ? 'divert' : 'prewarm', certificateId);
  const gone = lacking(found.targets, wanted.targets, targetText);
  const missing = lacking(wanted.targets, found.targets, targetText);
  const weights = new Map(found.targets.map((target) => [targetText(target), target.weight]));
  const weighed = wanted.targets.filter(
    (target) => (weights.get(targetText(target)) ?? target.weight) !== target.weight,
  );
  const [old] = found.functions;
  const [bound] = wanted.functions;
  const isOneEach = found.functions.length === 1 && wanted.functions.length === 1;
  if (sameFunctions(found, wanted)) {
    made.put(missing);
    made.weigh(weighed);
    made.take(gone);
  } else if (isOneEach && old !== undefined && bound !== undefined) {
    made.replace(old, bound);
    made.take(gone);
  } else {
    made.take(gone);
    for (const each of lacking(found.functions, wanted.functions, functionKey)) made.unbind(each);
    made.put(missing);
    made.weigh(weighed);
    for (const each of lacking(wanted.functions, found.functions, functionKey)) made.bind(each);
  }
  return made.changes;
}
