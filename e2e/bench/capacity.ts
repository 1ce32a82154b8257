import { parseArgs } from 'node:util';
import { adviseCapacity, adviseInParts } from '@/lib/capacity/advice/advise';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { simulateCapacity } from '@/lib/capacity/simulate-capacity';
import { eventFunction, saleScenario } from '@/testing/capacity/sale-scenario';
import { figure, percentile, report } from './support/figures';

/** `npm run bench:capacity`: the time of the capacity model and its advice, in the process of a page or worker. */
const { values: flags } = parseArgs({
  options: { json: { type: 'string' }, rounds: { type: 'string', default: '15' } },
});
const rounds = Number(flags.rounds);
const dayS = 86_400;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Returns the median CPU time of some work, in ms, after two rounds that don't count. Other programs of the machine
 * don't lengthen it.
 */
function medianMs(work: () => void): number {
  const times: number[] = [];
  for (let round = 0; round < rounds + 2; round += 1) {
    const start = cpuMs();
    work();
    if (round >= 2) times.push(cpuMs() - start);
  }
  return percentile(times, 0.5);
}

const simulateMs = (scenario: CapacityScenario) => medianMs(() => simulateCapacity(scenario));
const day = saleScenario({ durationS: dayS });
const cold = saleScenario({ durationS: dayS, functions: [eventFunction({ provisioned: [] })] });
const stays = saleScenario({ durationS: dayS, traffic: { changes: [] } });
const several = saleScenario({
  durationS: dayS,
  functions: ['a', 'b', 'c', 'd'].map((name) => eventFunction({ name })),
});
const dayMs = simulateMs(day);
const twoDaysMs = simulateMs({ ...day, durationS: 2 * dayS });
const adviceMs = (scenario: CapacityScenario) => medianMs(() => adviseCapacity(scenario));

/** Returns the median of the longest part of the advice, during which a page does not react. */
function longestPartMs(scenario: CapacityScenario): number {
  const longest = Array.from({ length: 3 }, () => {
    const parts = adviseInParts(scenario);
    let most = 0;
    for (let isDone = false; !isDone; ) {
      const start = cpuMs();
      isDone = parts.next().done === true;
      most = Math.max(most, cpuMs() - start);
    }
    return most;
  });
  return percentile(longest, 0.5);
}

report(
  'The capacity model',
  [
    figure('a day of 10-second steps', dayMs, 'ms', { most: 50 }),
    figure('a day without warm instances', simulateMs(cold), 'ms', { most: 50 }),
    figure('a day beyond the capacity of the servers', simulateMs(stays), 'ms', { most: 50 }),
    figure('a day on four functions', simulateMs(several), 'ms', { most: 80 }),
    figure('two days, as a multiple of one', twoDaysMs / dayMs, '×', { most: 2.5 }),
    figure('advice for a sale of 2.5 hours', adviceMs(saleScenario()), 'ms', { most: 1000 }),
    // About twenty simulations with all steps verify what searches with longer steps find.
    figure('advice for a day', adviceMs(cold), 'ms', { most: 1500 }),
    figure('longest part of the advice for a day', longestPartMs(cold), 'ms', { most: 500 }),
  ],
  flags.json,
);
