import type { World } from '../world/world';

/**
 * Lets every task end that a fault blocked: the fault is not part of the sandbox data.
 * @param now epoch milliseconds
 */
export function releaseTasks(world: World, now: number): void {
  for (const account of Object.values(world.accounts)) {
    for (const task of Object.values(account.tasks)) {
      if (task.outcome === 'running') task.endsAt ??= now;
    }
  }
}
