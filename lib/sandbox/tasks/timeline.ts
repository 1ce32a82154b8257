import type { SandboxClock } from '../clock';
import type { EffectLog } from '../control/effect-log';
import type { WorldStore } from '../state/world-store';
import type { WorldFunction } from '../world/scf';
import type { WorldTask } from '../world/task';
import type { AccountWorld } from '../world/world';
import { applyEffect, effectObjects } from './effects/effect';

/**
 * Ends what takes time in the sandbox: tasks of load balancers and functions in a passing status. All of it stands in
 * the world with its end time, so one timer at a time is enough, and a restarted sandbox goes on where it was.
 */
export class Timeline {
  readonly #store: WorldStore;
  readonly #clock: SandboxClock;
  readonly #effects: EffectLog;
  #cancel: () => void = () => {};
  #stopped = false;

  constructor(store: WorldStore, clock: SandboxClock, effects: EffectLog) {
    this.#store = store;
    this.#clock = clock;
    this.#effects = effects;
  }

  /** Sets the timer for whatever ends next. To be called after each change that adds an end time. */
  arm(): void {
    this.#cancel();
    if (this.#stopped) return;
    const ends = Object.values(this.#store.world.accounts).flatMap((account) => [
      ...runningTasks(account).map((task) => task.endsAt),
      ...passingFunctions(account).map((fn) => fn.settlesAt),
    ]);
    if (ends.length === 0) return;
    this.#cancel = this.#clock.at(Math.min(...ends), () => this.#endDue());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #endDue(): void {
    const now = this.#clock.now();
    for (const account of Object.values(this.#store.world.accounts)) {
      const due = runningTasks(account).filter((task) => task.endsAt <= now);
      for (const task of due.sort((a, b) => a.endsAt - b.endsAt)) this.#endTask(account, task);
      for (const fn of passingFunctions(account)) if (fn.settlesAt <= now) settleFunction(fn);
      forgetOldTasks(account);
    }
    this.#store.changed();
    this.arm();
  }

  #endTask(account: AccountWorld, task: WorldTask): void {
    const gone = task.loadBalancerIds.find((id) => account.loadBalancers[id] === undefined);
    if (task.fault?.kind === 'fails' || gone !== undefined) {
      task.outcome = 'failed';
      task.message = task.fault?.kind === 'fails' ? task.fault.message : `Loadbalancer(${gone}) is gone.`;
      return;
    }
    if (task.fault === null) {
      for (const object of effectObjects(account, task.effect)) {
        this.#effects.count(task.action, object, task.id);
      }
      applyEffect(account, task.effect);
    }
    task.outcome = 'done';
  }
}

/** How many ended tasks an account can still be asked about. How long the cloud remembers is not documented. */
const endedTasksKept = 1000;

function forgetOldTasks(account: AccountWorld): void {
  const ended = Object.values(account.tasks).filter((task) => task.outcome !== 'running');
  const old = ended.sort((a, b) => b.startedAt - a.startedAt).slice(endedTasksKept);
  for (const task of old) delete account.tasks[task.id];
}

type EndingTask = WorldTask & { endsAt: number };

/** Without those that never end. */
function runningTasks(account: AccountWorld): EndingTask[] {
  return Object.values(account.tasks).filter(
    (task): task is EndingTask => task.outcome === 'running' && task.endsAt !== null,
  );
}

type PassingFunction = WorldFunction & { settlesAt: number };

function passingFunctions(account: AccountWorld): PassingFunction[] {
  return Object.values(account.functions).filter((fn): fn is PassingFunction => fn.settlesAt !== null);
}

function settleFunction(fn: WorldFunction): void {
  fn.status = 'Active';
  fn.settlesAt = null;
}
