import type { WorldFunction, WorldProvisioned } from '@/lib/sandbox/world/scf';
import type { Telemetry } from '../../telemetry/telemetry';
import type { AccountWorld } from '../../world/world';
import { concurrencyHistory } from './concurrency-history';
import { type ConcurrencyHistory, type ProvisionedState, provisionedAt } from './provisioned';

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
