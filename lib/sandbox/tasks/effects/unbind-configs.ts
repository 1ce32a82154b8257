import type { WorldCustomConfig } from '../../world/clb';
import type { AccountWorld } from '../../world/world';

/** Takes custom configurations off places that are gone. */
export function unbindConfigs(
  account: AccountWorld,
  isGone: (place: WorldCustomConfig['bindings'][number]) => boolean,
): void {
  for (const config of Object.values(account.customConfigs)) {
    config.bindings = config.bindings.filter((place) => !isGone(place));
  }
}
