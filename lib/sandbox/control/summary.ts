import type { FaultView } from '@/lib/sandbox/world/faults';
import type { ClockMode } from '../world/clock';
import type { World } from '../world/world';

/** The response of `GET /summary`. */
export type Summary = {
  readonly seed: string;
  readonly clock: { readonly mode: ClockMode['mode']; readonly now: number; readonly rate: number };
  readonly taskMs: number;
  readonly tasksRunning: number;
  /** Injected and not yet spent. */
  readonly faultsPending: number;
  readonly counts: Readonly<Record<(typeof counted)[number], number>>;
};

const counted = [
  'accounts',
  'loadBalancers',
  'listeners',
  'rules',
  'targets',
  'functionTargets',
  'targetGroups',
  'instances',
  'functions',
  'zones',
  'records',
] as const;

/** Counts the objects in sandbox data, over all accounts. */
export function summarize(
  world: World,
  { clock, taskMs, faults }: Pick<Summary, 'clock' | 'taskMs'> & { readonly faults: readonly FaultView[] },
): Summary {
  const accounts = Object.values(world.accounts);
  const loadBalancers = accounts.flatMap((account) => Object.values(account.loadBalancers));
  const listeners = loadBalancers.flatMap((loadBalancer) => loadBalancer.listeners);
  const rules = listeners.flatMap((listener) => listener.rules);
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  const zones = accounts.flatMap((account) => Object.values(account.zones));
  const tasks = accounts.flatMap((account) => Object.values(account.tasks));
  return {
    seed: world.seed,
    clock,
    taskMs,
    tasksRunning: tasks.filter((task) => task.outcome === 'running').length,
    faultsPending: faults.filter((fault) => fault.remaining !== 0).length,
    counts: {
      accounts: accounts.length,
      loadBalancers: loadBalancers.length,
      listeners: listeners.length,
      rules: rules.length,
      targets: sum([...listeners, ...rules].map((holder) => holder.targets.length)),
      functionTargets: sum(rules.map((rule) => rule.functions.length)),
      targetGroups: sum(accounts.map((account) => Object.keys(account.targetGroups).length)),
      instances: sum(accounts.map((account) => Object.keys(account.instances).length)),
      functions: sum(accounts.map((account) => Object.keys(account.functions).length)),
      zones: zones.length,
      records: sum(zones.map((zone) => zone.records.length)),
    },
  };
}
