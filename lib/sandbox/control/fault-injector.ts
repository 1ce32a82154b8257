import { err, ok, type Result } from '@/lib/result';
import type { ForeignEdits } from '@/lib/sandbox/tasks/foreign-edits';
import type { Owners } from '@/lib/sandbox/tasks/owners';
import type { FaultSpec } from '@/lib/sandbox/world/fault-spec';
import type { Faults, FaultView } from '@/lib/sandbox/world/faults';
import type { FunctionRuntime } from '../functions/runtime';
import { unrun } from '../functions/runtimes/invocation';
import type { Timeline } from '../tasks/timeline';
import type { SandboxClock } from '../world/clock';
import type { WorldInstance } from '../world/network';
import type { AccountWorld } from '../world/world';
import type { WorldStore } from '../world/world-store';
import { checkForeignCall } from './foreign-call';

export type FaultInjectorParts = {
  readonly faults: Faults;
  readonly foreignEdits: ForeignEdits;
  readonly owners: Owners;
  readonly store: WorldStore;
  readonly clock: SandboxClock;
  readonly timeline: Timeline;
};

/**
 * Injects and clears faults, and applies their effect on the sandbox data: a server stops and starts again, and a task
 * that never ends completes when its fault is cleared.
 */
export class FaultInjector {
  readonly #parts: FaultInjectorParts;

  constructor(parts: FaultInjectorParts) {
    this.#parts = parts;
    this.#restore();
  }

  /**
   * Injects a fault.
   * @returns the fault's id, or the field of the request that names no existing object
   */
  inject(fault: FaultSpec): Result<string, string> {
    const { faults, foreignEdits, owners, store, clock } = this.#parts;
    switch (fault.kind) {
      case 'instanceDown': {
        const instance = this.#instance(fault.instanceId);
        if (!instance) return err(`instanceId: there is no instance ${fault.instanceId}`);
        instance.downSince ??= clock.now();
        store.changed();
        return ok(faults.add(fault));
      }
      case 'keyRejected': {
        const account = this.#accounts().find(
          ({ uin }) => fault.account === undefined || fault.account === uin,
        );
        if (!account) return err(`account: no account has the UIN ${fault.account}`);
        return ok(faults.add({ ...fault, account: account.uin }));
      }
      case 'functionDown':
        if (!this.#accounts().some(({ functions }) => Object.hasOwn(functions, fault.function))) {
          return err(`function: there is no function ${fault.function}`);
        }
        return ok(faults.add(fault));
      case 'owner': {
        const owned = owners.find(fault);
        if (!owned.ok) return err(owned.error);
        const id = faults.add(fault);
        owners.add(id, fault, owned.value);
        return ok(id);
      }
      case 'foreignEdit': {
        const checked = checkForeignCall(fault, store);
        if (!checked.ok) return err(checked.error);
        const id = faults.add(fault);
        foreignEdits.add(id, fault);
        return ok(id);
      }
      default:
        return ok(faults.add(fault));
    }
  }

  /**
   * Clears a fault.
   * @returns false if no fault has this id
   */
  clear(id: string): boolean {
    const fault = this.#parts.faults.remove(id);
    if (fault) this.#end(fault);
    return fault !== null;
  }

  clearAll(): void {
    for (const { id } of this.#parts.faults.list()) this.clear(id);
  }

  /** Restores the faults in stored or imported sandbox data, so that they can be cleared. */
  #restore(): void {
    for (const { instances } of this.#accounts()) {
      for (const { id, downSince } of Object.values(instances)) {
        if (downSince !== null) this.#parts.faults.add({ kind: 'instanceDown', instanceId: id });
      }
    }
  }

  /** Must be called when the sandbox data is replaced: faults injected into the old data no longer apply. */
  dataReplaced(): void {
    const { faults, foreignEdits, owners } = this.#parts;
    for (const { id } of faults.list()) {
      faults.remove(id);
      foreignEdits.remove(id);
      owners.remove(id);
    }
    this.#restore();
  }

  #end({ id, spec: fault, lastHits }: FaultView): void {
    const { faults, foreignEdits, owners, store, clock, timeline } = this.#parts;
    switch (fault.kind) {
      case 'instanceDown': {
        const instance = this.#instance(fault.instanceId);
        const stillDown = faults.findLasting('instanceDown', (each) => each.instanceId === fault.instanceId);
        if (!instance || instance.downSince === null || stillDown) return;
        instance.downSince = null;
        instance.stateSince = clock.now();
        store.changed();
        return;
      }
      case 'foreignEdit':
        foreignEdits.remove(id);
        return;
      case 'owner':
        owners.remove(id);
        return;
      case 'taskNeverEnds': {
        // Hits are recorded only up to a limit. If no other fault of this kind exists, all stuck tasks belong to this
        // one.
        const isLast = !faults.list().some(({ spec }) => spec.kind === 'taskNeverEnds');
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

/** Wraps a runtime so that its functions can fail: each call of a failing function ends as if its process had died. */
export function faultyRuntime(runtime: FunctionRuntime, faults: Faults): FunctionRuntime {
  return {
    ...runtime,
    async invoke(...call) {
      const [code, , requestId] = call;
      const name = `${code.region}/${code.namespace}/${code.name}`;
      const down = faults.findLasting('functionDown', (fault) => fault.function === name);
      if (!down) return runtime.invoke(...call);
      faults.hit(down.id, { action: 'Invoke', requestId });
      return unrun({ kind: 'exited', detail: `it is down (${down.id})` });
    },
  };
}
