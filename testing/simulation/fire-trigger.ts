import { objectKey, sameState } from '@/lib/estate/object';
import { unreachable } from '@/lib/invariant';
import type { MemoryLife } from '@/lib/rehearsal/memory-life';
import { buildEdit, listObjects } from './cloud/foreign-edit';
import type { Edit, SimulatedEvent } from './cloud/scenario';
import { readObject } from './cloud/stock';
import type { SimulatedRun } from './simulated-run';

function editBy(edit: Edit, { cloud, witness, trace }: SimulatedRun): void {
  const { stock } = cloud;
  const made = buildEdit(witness.plan, edit, stock);
  if (made === null) return;
  const { ref, hand } = made;
  const before = listObjects(witness.plan).map((each) => ({ each, state: readObject(stock, each).state }));
  cloud.force(ref, hand);
  if (cloud.stock === stock) return;
  trace.add('edit', ref.kind, () => JSON.stringify([ref, readObject(cloud.stock, ref).state]));
  // The content of a load balancer that someone deletes is deleted with it.
  for (const { each, state } of before) {
    const isIt = objectKey(each) === objectKey(ref);
    if (isIt || !sameState(state, readObject(cloud.stock, each).state)) witness.wasEdited(each, state);
  }
}

/**
 * Fires an event on a process that has reached its place.
 * @returns resolves when that process is no longer frozen
 */
export function fireTrigger(
  deed: SimulatedEvent,
  life: MemoryLife,
  place: string,
  run: SimulatedRun,
): void | Promise<void> {
  const { clock, witness } = run;
  switch (deed.kind) {
    case 'crash': {
      const die = () => {
        if (!run.isLatest(life)) return;
        life.die();
        if (deed.forgets) run.forget();
        run.takeUpAfter(life, deed.restartMs);
      };
      if (deed.afterMs === 0) die();
      else clock.after(deed.afterMs, die);
      return;
    }
    case 'freeze':
      if (deed.takeOverMs !== null) run.takeUpAfter(life, deed.takeOverMs);
      if (place.startsWith('before send'))
        witness.stoodStill.push({ atMs: clock.elapsedMs(), forMs: deed.forMs });
      return new Promise((resolve) => void clock.after(deed.forMs, resolve));
    case 'jump':
      witness.jumps.push({ atMs: clock.elapsedMs(), byMs: deed.byMs });
      clock.jump(deed.byMs);
      return;
    case 'say':
      run.say(deed.command);
      return;
    case 'edit':
      editBy(deed.edit, run);
      return;
    default:
      return unreachable(deed);
  }
}
