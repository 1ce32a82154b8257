import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRehearsalProcess } from '@/lib/rehearsal/event/start-rehearsal-process';
import type { RehearsalInput } from '@/lib/rehearsal/input';
import { rehearsalFaultKinds } from '@/lib/rehearsal/input';
import { wideRehearsal } from '@/testing/rehearsal/wide-rehearsal';
import { type Company, companies, measureLiveLateness } from './rehearsal/live-lateness';
import { type Figure, figure, percentile, report } from './support/figures';

/**
 * `npm run bench:rehearsal`: the wall time of a rehearsal, its growth with names, clients and faults, that of a fire
 * drill, the lateness of the timers of a process that has a rehearsal running beside, and that of `--runs` live runs alone
 * and beside rehearsals.
 */
const { values: flags } = parseArgs({
  options: {
    json: { type: 'string' },
    runs: { type: 'string', default: '8' },
    /** Measures live runs alone. */
    live: { type: 'boolean', default: false },
  },
});

const program = join(process.cwd(), '.build/rehearsal.mjs');

/** Returns the wall time of a rehearsal with the start of its process, in seconds. */
async function measure(input: RehearsalInput): Promise<number> {
  const began = performance.now();
  await startRehearsalProcess(program, { input }).result;
  return (performance.now() - began) / 1000;
}

/** Returns the lateness of timers of 10 ms while some work goes on, in ms. */
async function measureLateness(work: Promise<unknown>): Promise<readonly number[]> {
  let isOver = false;
  work.finally(() => {
    isOver = true;
  });
  const late: number[] = [];
  while (!isOver) {
    const due = performance.now() + 10;
    await new Promise((resolve) => setTimeout(resolve, 10));
    late.push(performance.now() - due);
  }
  return late;
}

const event = { names: 50, hours: 6 };
const figures: Figure[] = [];

/** Measures the wall time of rehearsals, and the timers of this process beside one. */
async function measureRehearsals(): Promise<void> {
  const whole = await measure(wideRehearsal(event));
  figures.push(figure('6 h, 50 names, with the start of its process', whole, 's', { most: 10 }));
  figures.push(figure('per simulated hour', whole / event.hours, 's', null));
  for (const names of [2, 10, 25])
    figures.push(figure(`6 h, ${names} names`, await measure(wideRehearsal({ ...event, names })), 's', null));
  for (const hours of [1, 12])
    figures.push(
      figure(`${hours} h, 50 names`, await measure(wideRehearsal({ ...event, hours })), 's', null),
    );
  for (const resolvers of [10, 250]) {
    const population = wideRehearsal(event, {
      population: { ...wideRehearsal(event).population, resolvers },
    });
    figures.push(figure(`6 h, 50 names, ${resolvers} resolvers`, await measure(population), 's', null));
  }
  for (const count of [5, 20]) {
    const faults = { kinds: [...rehearsalFaultKinds], count, given: [] };
    figures.push(
      figure(`6 h, 50 names, ${count} faults`, await measure(wideRehearsal(event, { faults })), 's', null),
    );
  }
  const drill = { hours: 2, names: 2, events: 100 };
  const drillFaults = { kinds: [...rehearsalFaultKinds], count: 4, given: [] };
  const drilled = await measure(wideRehearsal(drill, { events: drill.events, faults: drillFaults }));
  figures.push(figure('fire drill of 100 events, 2 h, 2 names, 4 faults', drilled, 's', null));
  const idle = await measureLateness(new Promise((resolve) => setTimeout(resolve, 3000)));
  const beside = await measureLateness(measure(wideRehearsal(event)));
  figures.push(figure('lateness of timers, 99 %, alone', percentile(idle, 0.99), 'ms', null));
  figures.push(figure('lateness of timers, 99 %, beside a rehearsal', percentile(beside, 0.99), 'ms', null));
}

const companyNames: Readonly<Record<Company, string>> = {
  alone: 'alone',
  drill: 'beside a fire drill of six hours that the worker runs',
  wide: 'beside rehearsals of six hours with 50 names',
};

/** Measures live runs: from T0 until their first write. */
async function measureRuns(): Promise<void> {
  const measured = await measureLiveLateness(program, Number(flags.runs));
  const listWrites = (company: Company) => measured[company].map(({ writeMs }) => writeMs);
  const median = (company: Company) => percentile(listWrites(company), 0.5);
  for (const company of companies) {
    const name = `T0 to the first write, ${companyNames[company]}`;
    figures.push(figure(`${name}, median of ${flags.runs}`, median(company), 'ms', null));
    figures.push(figure(`${name}, latest`, Math.max(...listWrites(company)), 'ms', { most: 1000 }));
    if (company !== 'alone')
      figures.push(figure(`${name}, ratio to alone`, median(company) / median('alone'), '', null));
  }
}

if (!flags.live) await measureRehearsals();
await measureRuns();
report('Rehearsals', figures, flags.json);
