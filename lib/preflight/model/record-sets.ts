import { getHostName, groupBy } from '@/lib/estate/look-up';
import type { DnsZone } from '@/lib/estate/model';
import type { RecordSetRef, RecordSetState } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import type { Step, WriteStep } from '@/lib/plan/model/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import type { CheckInput } from './model';

/** The records of one name on one line that a list of steps writes to, with all their states. */
export type WrittenSet = {
  readonly ref: RecordSetRef;
  readonly writes: readonly WriteStep[];
  /** The initial state, and the state after each write. */
  readonly states: readonly RecordSetState[];
};

/** Returns the record sets that steps write to, in the order of their first write. */
export function writtenSets(steps: readonly Step[]): readonly WrittenSet[] {
  const sets = new Map<string, { ref: RecordSetRef; writes: WriteStep[]; states: RecordSetState[] }>();
  for (const step of steps) {
    if (step.kind !== 'write' || step.object.kind !== 'recordSet') continue;
    if (step.before.kind !== 'recordSet' || step.after.kind !== 'recordSet') continue;
    const key = objectKey(step.object);
    const set = sets.get(key) ?? { ref: step.object, writes: [], states: [step.before] };
    set.writes.push(step);
    set.states.push(step.after);
    sets.set(key, set);
  }
  return [...sets.values()];
}

/** A name whose DNS the plan moves: its destination route, its zone, and the writes on each line. */
export type MovedName = {
  readonly hostName: string;
  readonly route: ResolvedRoute;
  readonly zone: DnsZone;
  readonly sets: readonly WrittenSet[];
};

/** Returns the names that a plan moves in DNS, in the order of its routes. */
export function movedNames({ steps, routes, diversion }: CheckInput): readonly MovedName[] {
  const sets = groupBy(writtenSets(steps), ({ ref }) => [getHostName(ref)]);
  const gaining = routes.filter(({ route }) => diversion.kind !== 'switch' || route.to === diversion.toward);
  return [...sets].flatMap(([hostName, written]): readonly MovedName[] => {
    const route = gaining.find((each) => each.hostName === hostName);
    return route?.zone === undefined ? [] : [{ hostName, route, zone: route.zone, sets: written }];
  });
}
