import { objectKey, sameState } from '@/lib/estate/object-state';
import { unreachable } from '@/lib/invariant';
import type { MemoryWorker } from '@/lib/rehearsal/memory-worker';
import { buildEdit, listObjects } from './cloud/foreign-edit';
import type { Edit, SimulatedEvent } from './cloud/scenario';
import { readObject } from './cloud/stock';
import type { SimulatedRun } from './simulated-run';

function editBy(edit: Edit, { cloud, witness, trace }: SimulatedRun): void {
  const { stock } = cloud;
  const made = buildEdit(witness.plan, edit, stock);
  if (made === null) return;
  const { ref, change } = made;
  const before = listObjects(witness.plan).map((each) => ({ each, state: readObject(stock, each).state }));
  cloud.force(ref, change);
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
  event: SimulatedEvent,
  worker: MemoryWorker,
  place: string,
  run: SimulatedRun,
): void | Promise<void> {
  const { clock, witness } = run;
  switch (event.kind) {
    case 'crash': {
      const die = () => {
        if (!run.isLatest(worker)) return;
        worker.die();
        if (event.forgets) run.forget();
        run.recoverAfter(worker, event.restartMs);
      };
      if (event.afterMs === 0) die();
      else clock.after(event.afterMs, die);
      return;
    }
    case 'freeze':
      if (event.takeOverMs !== null) run.recoverAfter(worker, event.takeOverMs);
      if (place.startsWith('before send'))
        witness.frozen.push({ atMs: clock.elapsedMs(), forMs: event.forMs });
      return new Promise((resolve) => void clock.after(event.forMs, resolve));
    case 'jump':
      witness.jumps.push({ atMs: clock.elapsedMs(), byMs: event.byMs });
      clock.jump(event.byMs);
      return;
    case 'command':
      run.command(event.command);
      return;
    case 'edit':
      editBy(event.edit, run);
      return;
    default:
      return unreachable(event);
  }
}
