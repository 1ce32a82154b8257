import type { WorldFunction, WorldProvisioned } from '@/lib/sandbox/world/scf';
import type { Telemetry } from '../../telemetry/telemetry';
import type { AccountWorld } from '../../world/world';
import { cronTimes } from './cron';

/** The number of provisioned instances started per minute: https://www.tencentcloud.com/document/product/583/37704. */
const warmedPerMinute = 100;

/**
 * The interval at which tracking checks whether more are needed:
 * https://www.tencentcloud.com/document/product/583/37704.
 */
const trackingCheckMs = 10_000;
/** The time that fewer must have been enough before tracking removes some, same page. */
const trackingWindowMs = 600_000;

/** Returns how many calls of the version run at an instant (epoch ms). */
export type ConcurrencyHistory = (at: number) => number;

type ProvisionedState = {
  /** The number wanted now. */
  readonly target: number;
  /** The number of them that are warm. */
  readonly warm: number;
  readonly status: 'Done' | 'InProgress';
};

/** From `at` on, `target` instances are wanted. */
type Step = { readonly at: number; readonly target: number };

/**
 * Returns the provisioned instances of a version at `now` (epoch ms).
 *
 * Starts are spread evenly over the minute: one more every 600 ms from the moment that more are wanted, so that N more
 * are warm after exactly N ÷ 100 minutes. Surplus instances end at once. A scheduled task sets the wanted number when
 * it is due; of several at the same time the last in the list counts
 * (https://www.tencentcloud.com/document/product/583/44843). Tracking wants concurrency ÷ its target share, between its
 * bounds: it checks every 10 s, and uses the highest value of the last 10 min.
 */
export function provisionedAt(
  provisioned: WorldProvisioned,
  now: number,
  concurrency: ConcurrencyHistory,
): ProvisionedState {
  const steps =
    provisioned.kind === 'Default'
      ? scheduledSteps(provisioned, now)
      : trackedSteps(provisioned, now, concurrency);
  let warm = provisioned.from;
  let target = provisioned.from;
  for (const [index, step] of steps.entries()) {
    target = step.target;
    const until = steps[index + 1]?.at ?? now;
    warm = Math.min(target, warm + startedIn(until - step.at));
  }
  // Intermediate values are not rounded: otherwise a target that changes every second would start none at all.
  const whole = Math.floor(warm + 1e-9);
  return { target, warm: whole, status: whole === target ? 'Done' : 'InProgress' };
}

function startedIn(ms: number): number {
  return (Math.max(0, ms) * warmedPerMinute) / 60_000;
}

/**
 * Returns how far back a target can still affect the present. From any two numbers of warm instances the same steps
 * lead to one: both rise alike until the higher one is capped by the target, and then the lower one catches up. Rising
 * and catching up together take no longer than starting three times the highest target.
 */
function memoryMs(most: number): number {
  return (3 * most * 60_000) / warmedPerMinute;
}

function scheduledSteps(
  { since, target, from, schedule }: WorldProvisioned & { kind: 'Default' },
  now: number,
): Step[] {
  const most = Math.max(from, target, ...schedule.map((task) => task.count));
  const earliest = Math.max(since, now - memoryMs(most));
  /** Targets by time: a later task overwrites an earlier one. */
  const targets = new Map<number, number>([[since, target]]);
  for (const { cron, count } of schedule) {
    const { lastAt } = cronTimes(cron);
    for (let at = lastAt(now); at !== null && at > since; at = lastAt(at - 1)) {
      targets.set(at, count);
      // The last one before that time gives the target at that time.
      if (at < earliest) break;
    }
  }
  return [...targets].map(([at, wanted]) => ({ at, target: wanted })).sort((a, b) => a.at - b.at);
}

function trackedSteps(
  { since, tracking }: WorldProvisioned & { kind: 'ConcurrencyUtilizationTracking' },
  now: number,
  concurrency: ConcurrencyHistory,
): Step[] {
  const wantedFor = (busy: number) =>
    Math.min(tracking.max, Math.max(tracking.min, Math.ceil(busy / tracking.target)));
  const checks = Math.floor((now - since) / trackingCheckMs);
  const first = Math.max(1, checks - Math.ceil(memoryMs(tracking.max) / trackingCheckMs));
  const window = trackingWindowMs / trackingCheckMs;
  const seen: number[] = [];
  const steps: Step[] = [{ at: since, target: tracking.min }];
  for (let check = Math.max(1, first - window); check <= checks; check += 1) {
    const at = since + check * trackingCheckMs;
    seen.push(concurrency(at));
    if (seen.length > window) seen.shift();
    if (check >= first) steps.push({ at, target: wantedFor(Math.max(...seen)) });
  }
  return steps;
}

/** The start of a call (epoch ms) and its duration. */
type Call = { readonly at: number; readonly durationMs: number };

/** Returns how many of the calls ran at an instant: started at or before it, and not yet ended. */
export function concurrencyHistory(calls: readonly Call[]): ConcurrencyHistory {
  const begins = calls.map((call) => call.at).sort((a, b) => a - b);
  const ends = calls.map((call) => call.at + call.durationMs).sort((a, b) => a - b);
  return (at) => countUpTo(begins, at) - countUpTo(ends, at);
}

function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns how many instances are wanted and warm now; tracking follows the calls that were really made. */
export function provisionedNow(
  fn: WorldFunction,
  provisioned: WorldProvisioned,
  {
    account,
    telemetry,
    now,
  }: { readonly account: AccountWorld; readonly telemetry: Telemetry; readonly now: number },
): ProvisionedState {
  const none: ConcurrencyHistory = () => 0;
  if (provisioned.kind === 'Default') return provisionedAt(provisioned, now, none);
  const calls = telemetry.invocations
    .records()
    .filter(
      (call) =>
        call.uin === account.uin &&
        call.region === fn.region &&
        call.namespace === fn.namespace &&
        call.name === fn.name &&
        call.version === provisioned.qualifier,
    );
  return provisionedAt(provisioned, now, concurrencyHistory(calls));
}
