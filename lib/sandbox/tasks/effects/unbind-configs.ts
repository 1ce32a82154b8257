import type { WorldCustomConfig } from '../../world/clb';
import type { AccountWorld } from '../../world/world';

/** Unbinds custom configurations from deleted places. */
export function unbindConfigs(
  account: AccountWorld,
  isGone: (place: WorldCustomConfig['bindings'][number]) => boolean,
): void {
  for (const config of Object.values(account.customConfigs)) {
    config.bindings = config.bindings.filter((place) => !isGone(place));
  }
}
