import { cronTimes } from '../model/scf/cron';
import { isoTime, type SandboxClock } from '../world/clock';
import type { InvocationCall } from '../world/invoker';
import type { WorldFunction, WorldTrigger } from '../world/scf';
import type { AccountWorld } from '../world/world';
import type { WorldStore } from '../world/world-store';
import type { TimedEvent, TimelineSource } from './timeline';

export type TimerParts = {
  readonly store: WorldStore;
  readonly clock: Pick<SandboxClock, 'now'>;
  /** Calls the function without waiting for it. */
  readonly call: (call: InvocationCall) => void;
  readonly newRequestId: () => string;
};

/**
 * Returns the timers of functions: at each of their times the function is called asynchronously with the event of
 * https://cloud.tencent.com/document/product/583/9708. Times missed while the sandbox was down are skipped, and of
 * several times passed at once only the last counts.
 */
export function timerTriggers({ store, clock, call, newRequestId }: TimerParts): TimelineSource {
  let seenUntil = clock.now();
  const begin = (trigger: WorldTrigger) => Math.max(seenUntil, trigger.modifiedAt);
  return {
    next() {
      seenUntil = Math.min(seenUntil, clock.now());
      let next: number | null = null;
      for (const { trigger } of timers(store)) {
        const at = cronTimes(trigger.cron).nextAfter(begin(trigger));
        if (at !== null && (next === null || at < next)) next = at;
      }
      return next;
    },
    due(now) {
      const due: TimedEvent[] = [];
      for (const { account, fn, trigger } of timers(store)) {
        const at = cronTimes(trigger.cron).lastAt(now);
        if (at === null || at <= begin(trigger)) continue;
        due.push({ at, fire: () => call(buildCall(account, fn, trigger, at, newRequestId())) });
      }
      seenUntil = now;
      return due;
    },
  };
}

function* timers(
  store: WorldStore,
): Generator<{ account: AccountWorld; fn: WorldFunction; trigger: WorldTrigger }> {
  for (const account of Object.values(store.world.accounts)) {
    for (const fn of Object.values(account.functions)) {
      for (const trigger of fn.triggers) if (trigger.enabled) yield { account, fn, trigger };
    }
  }
}

function buildCall(
  account: AccountWorld,
  { region, namespace, name }: WorldFunction,
  trigger: WorldTrigger,
  at: number,
  requestId: string,
): InvocationCall {
  const event = {
    Type: 'Timer',
    TriggerName: trigger.name,
    Time: isoTime(at),
    Message: trigger.customArgument,
  };
  return { account, region, namespace, name, qualifier: trigger.qualifier, event, requestId };
}
