import { err, ok, type Result } from '@/lib/result';
import type { SandboxClock } from '../clock';
import type { WorldStore } from '../state/world-store';
import type { Timeline } from '../tasks/timeline';
import type { WorldInstance } from '../world/network';
import type { AccountWorld } from '../world/world';
import type { FaultOrder } from './fault-order';
import type { Faults, FaultView } from './faults';
import type { ForeignEdits } from './foreign-edits';
import { checkInsideCall } from './inside-call';

export type FaultDeskParts = {
  readonly faults: Faults;
  readonly foreignEdits: ForeignEdits;
  readonly store: WorldStore;
  readonly clock: SandboxClock;
  readonly timeline: Timeline;
};

/**
 * Orders faults and lifts them, with what that does to the world: a server goes down and comes up again, a task that
 * was not to end ends when its fault is taken away.
 */
export class FaultDesk {
  readonly #parts: FaultDeskParts;

  constructor(parts: FaultDeskParts) {
    this.#parts = parts;
    this.#adopt();
  }

  /** @returns the fault's id, or which field of the order names nothing */
  order(order: FaultOrder): Result<string, string> {
    const { faults, foreignEdits, store, clock } = this.#parts;
    switch (order.kind) {
      case 'instanceDown': {
        const instance = this.#instance(order.instanceId);
        if (!instance) return err(`instanceId: there is no instance ${order.instanceId}`);
        instance.downSince ??= clock.now();
        store.changed();
        return ok(faults.add(order));
      }
      case 'functionDown':
        if (!this.#accounts().some(({ functions }) => Object.hasOwn(functions, order.function))) {
          return err(`function: there is no function ${order.function}`);
        }
        return ok(faults.add(order));
      case 'foreignEdit': {
        const checked = checkInsideCall(order, store);
        if (!checked.ok) return err(checked.error);
        const id = faults.add(order);
        foreignEdits.add(id, order);
        return ok(id);
      }
      default:
        return ok(faults.add(order));
    }
  }

  /** @returns whether there was one of this id */
  lift(id: string): boolean {
    const fault = this.#parts.faults.remove(id);
    if (fault) this.#end(fault);
    return fault !== null;
  }

  liftAll(): void {
    for (const { id } of this.#parts.faults.list()) this.lift(id);
  }

  /** What a kept or imported world has that was a fault is one again, so that it can be lifted. */
  #adopt(): void {
    for (const { instances } of this.#accounts()) {
      for (const { id, downSince } of Object.values(instances)) {
        if (downSince !== null) this.#parts.faults.add({ kind: 'instanceDown', instanceId: id });
      }
    }
  }

  /** To be called when another world has taken the place of this one: nothing ordered for that holds any more. */
  worldReplaced(): void {
    const { faults, foreignEdits } = this.#parts;
    for (const { id } of faults.list()) {
      faults.remove(id);
      foreignEdits.remove(id);
    }
    this.#adopt();
  }

  #end({ id, order, lastHits }: FaultView): void {
    const { faults, foreignEdits, store, clock, timeline } = this.#parts;
    switch (order.kind) {
      case 'instanceDown': {
        const instance = this.#instance(order.instanceId);
        const stillDown = faults.standing('instanceDown', (each) => each.instanceId === order.instanceId);
        if (!instance || instance.downSince === null || stillDown) return;
        instance.downSince = null;
        instance.stateSince = clock.now();
        store.changed();
        return;
      }
      case 'foreignEdit':
        foreignEdits.remove(id);
        return;
      case 'taskNeverEnds': {
        // Only the last hits are known: when no other fault holds up tasks, all of them are this one's.
        const isLast = !faults.list().some((fault) => fault.order.kind === 'taskNeverEnds');
        const stuck = new Set(lastHits.map(({ requestId }) => requestId));
        for (const task of this.#accounts().flatMap(({ tasks }) => Object.values(tasks))) {
          const isStuck = task.outcome === 'running' && task.endsAt === null;
          if (isStuck && (isLast || stuck.has(task.id))) task.endsAt = clock.now();
        }
        store.changed();
        timeline.arm();
        return;
      }
      default:
    }
  }

  #accounts(): readonly AccountWorld[] {
    return Object.values(this.#parts.store.world.accounts);
  }

  #instance(id: string): WorldInstance | undefined {
    return this.#accounts()
      .map(({ instances }) => (Object.hasOwn(instances, id) ? instances[id] : undefined))
      .find((instance) => instance !== undefined);
  }
}
