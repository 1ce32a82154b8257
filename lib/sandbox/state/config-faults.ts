import { parseCustomConfig } from '../model/clb/custom-config';
import type { AccountWorld } from '../world/world';

/** Yields invalid custom configurations, and target groups that rules name but that don't exist. */
export function* configFaults(at: string, account: AccountWorld): Generator<string> {
  for (const { id, content } of Object.values(account.customConfigs)) {
    const parsed = parseCustomConfig(content);
    if (!parsed.ok)
      yield `${at}.customConfigs.${id}.content, line ${parsed.error.line}: ${parsed.error.reason}`;
  }
  for (const { id, listeners } of Object.values(account.loadBalancers)) {
    for (const holder of listeners.flatMap((listener) => [listener, ...listener.rules])) {
      const stray = holder.targetGroups.find(({ groupId }) => !Object.hasOwn(account.targetGroups, groupId));
      if (stray)
        yield `${at}.loadBalancers.${id}: ${holder.id} has the target group ${stray.groupId}, which is not there`;
    }
  }
}
