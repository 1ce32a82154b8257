import { err, ok, type Result } from '@/lib/result';
import type { ForeignEdits } from '@/lib/sandbox/tasks/foreign-edits';
import type { FaultSpec } from '@/lib/sandbox/world/fault-spec';
import type { Faults, FaultView } from '@/lib/sandbox/world/faults';
import type { Timeline } from '../tasks/timeline';
import type { SandboxClock } from '../world/clock';
import type { WorldInstance } from '../world/network';
import type { AccountWorld } from '../world/world';
import type { WorldStore } from '../world/world-store';
import { checkInsideCall } from './inside-call';

export type FaultDeskParts = {
  readonly faults: Faults;
  readonly foreignEdits: ForeignEdits;
  readonly store: WorldStore;
  readonly clock: SandboxClock;
  readonly timeline: Timeline;
};

/**
 * Injects and clears faults, and applies their effect on the sandbox data: a server stops and starts again, a task that
 * never ends does end when its fault is cleared.
 */
export class FaultDesk {
  readonly #parts: FaultDeskParts;

  constructor(parts: FaultDeskParts) {
    this.#parts = parts;
    this.#adopt();
  }

  /** Injects a fault. @returns the fault's id, or the field of the request that names nothing */
  order(order: FaultSpec): Result<string, string> {
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

  /** Clears a fault. @returns whether there was one with this id */
  lift(id: string): boolean {
    const fault = this.#parts.faults.remove(id);
    if (fault) this.#end(fault);
    return fault !== null;
  }

  liftAll(): void {
    for (const { id } of this.#parts.faults.list()) this.lift(id);
  }

  /** Restores the faults that kept or imported sandbox data contains, so that they can be cleared. */
  #adopt(): void {
    for (const { instances } of this.#accounts()) {
      for (const { id, downSince } of Object.values(instances)) {
        if (downSince !== null) this.#parts.faults.add({ kind: 'instanceDown', instanceId: id });
      }
    }
  }

  /** Must be called when other sandbox data has replaced this: faults injected into the old data no longer apply. */
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
        // Only the last hits are known: if no other fault blocks tasks, all of them belong to this one.
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
