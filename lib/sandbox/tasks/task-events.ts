import type { EffectLog } from '../world/effect-log';
import type { WorldFunction } from '../world/scf';
import type { WorldTask } from '../world/task';
import type { AccountWorld } from '../world/world';
import type { WorldStore } from '../world/world-store';
import { abandonEffect, applyEffect, effectObjects } from './effects/effect';
import type { TimedEvent, TimelineSource } from './timeline';

type TaskLog = { error(fields: object, message: string): void };

/**
 * Returns the running tasks of load balancers. A task that throws is logged and fails: the others must not wait for it.
 */
export function taskEvents(store: WorldStore, effects: EffectLog, log: TaskLog): TimelineSource {
  return {
    next() {
      let next: number | null = null;
      for (const account of Object.values(store.world.accounts)) {
        for (const task of Object.values(account.tasks)) {
          if (isEnding(task) && (next === null || task.endsAt < next)) next = task.endsAt;
        }
      }
      return next;
    },
    due(now) {
      const due: TimedEvent[] = [];
      for (const account of Object.values(store.world.accounts)) {
        for (const task of Object.values(account.tasks)) {
          if (!isEnding(task) || task.endsAt > now) continue;
          const end = () => {
            try {
              endTask(account, task, effects);
            } catch (error) {
              log.error({ err: error, action: task.action, requestId: task.id }, 'task broken');
              task.outcome = 'failed';
              task.message = 'The sandbox failed; see its log.';
            }
            forgetOldTasks(account);
          };
          due.push({ at: task.endsAt, fire: end });
        }
      }
      return due;
    },
  };
}

type EndingTask = WorldTask & { endsAt: number };

function isEnding(task: WorldTask): task is EndingTask {
  return task.outcome === 'running' && task.endsAt !== null;
}

function endTask(account: AccountWorld, task: WorldTask, effects: EffectLog): void {
  if (task.fault?.kind === 'changesNothing') {
    task.outcome = 'done';
    return;
  }
  const gone = task.loadBalancerIds.find((id) => account.loadBalancers[id] === undefined);
  if (task.fault?.kind === 'fails' || gone !== undefined) {
    task.outcome = 'failed';
    task.message = task.fault?.kind === 'fails' ? task.fault.message : `Loadbalancer(${gone}) is gone.`;
    abandonEffect(account, task.effect);
    return;
  }
  const objects = effectObjects(account, task.effect);
  applyEffect(account, task.effect);
  for (const object of objects) effects.count(task.action, object, task.id);
  task.outcome = 'done';
}

/**
 * The maximum number of ended tasks per account for queries. The cloud's retention is not documented. They are removed
 * a hundred at a time, because finding the oldest takes a while.
 */
const endedTasksKept = 1000;
const forgottenTogether = 100;

function forgetOldTasks(account: AccountWorld): void {
  const ended = Object.values(account.tasks).filter((task) => task.outcome !== 'running');
  if (ended.length < endedTasksKept + forgottenTogether) return;
  const old = ended.sort((a, b) => b.startedAt - a.startedAt).slice(endedTasksKept);
  for (const task of old) delete account.tasks[task.id];
}

/** Returns the functions in a temporary status, and the versions that are being published: they become Active. */
export function functionEvents(store: WorldStore): TimelineSource {
  return {
    next() {
      let next: number | null = null;
      for (const { at } of passing(store)) if (next === null || at < next) next = at;
      return next;
    },
    due: (now) => [...passing(store)].filter(({ at }) => at <= now),
  };
}

function* passing(store: WorldStore): Generator<TimedEvent> {
  for (const account of Object.values(store.world.accounts)) {
    for (const fn of Object.values(account.functions)) {
      if (fn.settlesAt !== null) yield { at: fn.settlesAt, fire: () => settle(fn) };
      for (const version of fn.versions) {
        if (version.activeAt !== undefined)
          yield { at: version.activeAt, fire: () => delete version.activeAt };
      }
    }
  }
}

function settle(fn: WorldFunction): void {
  fn.status = 'Active';
  fn.settlesAt = null;
}
