import type { Logger } from 'pino';
import { cronTimes } from '../model/scf/cron';
import { provisionedNow } from '../model/scf/provisioned';
import type { Telemetry } from '../telemetry/telemetry';
import type { SandboxClock } from '../world/clock';
import type { WorldProvisioned } from '../world/scf';
import type { WorldStore } from '../world/world-store';
import { versionCode } from './resolve-function';
import type { FunctionRuntime } from './runtime';

/**
 * The interval at which target tracking may change the number: https://www.tencentcloud.com/document/product/583/37704
 */
const trackingCheckMs = 10_000;

export type ProvisionedParts = {
  readonly store: Pick<WorldStore, 'world' | 'onChange'>;
  readonly runtime: FunctionRuntime;
  readonly clock: SandboxClock;
  readonly telemetry: Telemetry;
  readonly log: Logger;
};

/**
 * Starts real processes for provisioned instances as soon as they are requested. Concurrency is counted by the
 * instances that the cloud would have warm; a machine has room for fewer processes.
 * @returns a function that stops it
 */
export function keepProvisioned({ store, runtime, clock, telemetry, log }: ProvisionedParts): () => void {
  let cancel = () => {};
  let queued = false;
  let stopped = false;

  function update(): void {
    queued = false;
    if (stopped) return;
    cancel();
    const now = clock.now();
    const found = Object.values(store.world.accounts).flatMap((account) =>
      Object.values(account.functions).flatMap((fn) =>
        fn.provisioned.map((setting) => ({ account, fn, setting })),
      ),
    );
    const wanted = found.flatMap(({ account, fn, setting }) => {
      const version = fn.versions.find((each) => each.version === setting.qualifier);
      if (version === undefined) return [];
      const { target } = provisionedNow(fn, setting, { account, telemetry, now });
      return target === 0 ? [] : { code: versionCode(account, fn, version), count: target };
    });
    runtime.keepWarm(wanted).catch((error: unknown) => {
      log.error({ err: error }, 'provisioned instances were not started');
    });
    const times = found.map(({ setting }) => nextChange(setting, now)).filter((time) => time !== null);
    cancel = times.length === 0 ? () => {} : clock.at(Math.min(...times), updateSoon);
  }

  /** Coalesces changes in quick succession. */
  function updateSoon(): void {
    if (queued) return;
    queued = true;
    queueMicrotask(update);
  }

  const unsubscribe = store.onChange(updateSoon);
  update();
  return () => {
    stopped = true;
    cancel();
    unsubscribe();
  };
}

/** Returns when a setting may next change the number on its own, in epoch ms; null = never. */
function nextChange(setting: WorldProvisioned, now: number): number | null {
  if (setting.kind !== 'Default') return now + trackingCheckMs;
  const times = setting.schedule
    .map(({ cron }) => cronTimes(cron).nextAfter(now))
    .filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
}
