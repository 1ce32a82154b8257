import { type ObjectRef, sameState } from '@/lib/estate/object';
import { unreachable } from '@/lib/invariant';
import type { MemoryLife } from '@/lib/rehearsal/memory-life';
import { editOf } from './foreign-edit';
import type { Deed, Edit } from './scenario';
import type { SimulatedRun } from './simulated-run';
import { readingOf } from './stock';

function editBy(edit: Edit, { given, cloud, witness, trace }: SimulatedRun): void {
  const stateOf = (ref: ObjectRef) => readingOf(cloud.stock, ref).state;
  const made = editOf(given.plan, edit, stateOf);
  if (made === null || sameState(stateOf(made.ref), made.state)) return;
  trace.add('edit', made.ref.kind, () => JSON.stringify(made));
  witness.wasEdited(made.ref, stateOf(made.ref));
  cloud.force(made.ref, made.state);
}

/** Does a deed to a life that has come to its place. @returns until when that life stands still */
export function spring(deed: Deed, life: MemoryLife, place: string, run: SimulatedRun): void | Promise<void> {
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
