import { provisionedNow } from '../model/scf/provisioned-state';
import type { Telemetry } from '../telemetry/telemetry';
import type { WorldFunction, WorldProvisioned } from '../world/scf';
import type { AccountWorld } from '../world/world';

/** The time that a result based on schedules or past calls is valid, in ms: every 600 ms one more instance is warm. */
const keptMs = 500;

/** Returns the number of provisioned instances of a version that are warm at an instant (epoch ms). */
export type WarmInstances = (
  account: AccountWorld,
  fn: WorldFunction,
  version: string,
  now: number,
) => number;

/**
 * Creates a counter with the same results as GetProvisionedConcurrencyConfig, cheap enough to be used for each call.
 */
export function warmInstances(telemetry: Telemetry): WarmInstances {
  const known = new WeakMap<WorldProvisioned, { readonly at: number; readonly warm: number }>();
  return (account, fn, version, now) => {
    const setting = fn.provisioned.find(({ qualifier }) => qualifier === version);
    if (setting === undefined) return 0;
    const before = known.get(setting);
    if (before !== undefined && Math.abs(now - before.at) < keptMs && !isSimple(setting)) return before.warm;
    const { warm } = provisionedNow(fn, setting, { account, telemetry, now });
    known.set(setting, { at: now, warm });
    return warm;
  };
}

function isSimple(setting: WorldProvisioned): boolean {
  return setting.kind === 'Default' && setting.schedule.length === 0;
}
