import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startRehearsalProcess } from '@/lib/rehearsal/event/start-rehearsal-process';
import type { RehearsalInput } from '@/lib/rehearsal/input';
import { rehearsalFaultKinds } from '@/lib/rehearsal/input';
import type { RehearsalGiven } from '@/testing/rehearsal/test-rehearsal';
import { wideRehearsal } from '@/testing/rehearsal/wide-rehearsal';
import { type Company, companies, measureLiveLateness } from './rehearsal/live-lateness';
import { type Figure, figure, percentile, report } from './support/figures';

/**
 * `npm run bench:rehearsal`: the wall time of a rehearsal, its growth with names, hours, clients and faults, that of a
 * fire drill, and the lateness of the timers of a process that has a rehearsal running beside. With `--live`, instead,
 * the lateness of `--runs` live runs alone and beside rehearsals: each waits for its T0 and its rollback.
 */
const { values: flags } = parseArgs({
  options: {
    json: { type: 'string' },
    runs: { type: 'string', default: '8' },
    live: { type: 'boolean', default: false },
  },
});

const program = join(process.cwd(), '.build/rehearsal.mjs');
const figures: Figure[] = [];

/** Adds a figure, and shows it at once: an interrupted bench has shown what it measured. */
function add(...given: Parameters<typeof figure>): void {
  const added = figure(...given);
  figures.push(added);
  console.log(`${added.figure}: ${added.value?.toFixed(2) ?? 'not measured'} ${added.unit}`.trim());
}

/** Returns the wall time of a rehearsal with the start of its process, in seconds. */
async function measure(input: RehearsalInput): Promise<number> {
  const began = performance.now();
  await startRehearsalProcess(program, { input }).result;
  return (performance.now() - began) / 1000;
}

/** Returns the lateness of timers of 10 ms while some work continues, in ms. */
async function measureLateness(work: Promise<unknown>): Promise<readonly number[]> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  work.then(end, end);
  const late: number[] = [];
  while (!isOver) {
    const due = performance.now() + 10;
    await new Promise((resolve) => setTimeout(resolve, 10));
    late.push(performance.now() - due);
  }
  await work;
  return late;
}

type Size = { readonly names: number; readonly hours: number };

/** The event with a goal: six hours with 50 names in ten seconds. */
const whole: Size = { names: 50, hours: 6 };
/** The event whose wall time is compared as one of its sizes grows. */
const base: Size = { names: 10, hours: 2 };

/** Each event of a growth is measured this often, in turns; the shortest time counts, since others disturb it least. */
const rounds = 2;

/** Measures events that differ in one size, in its ascending order, and compares the last one with the first. */
async function measureGrowth(
  what: string,
  sizes: readonly number[],
  make: (size: number) => RehearsalInput,
  others = `${base.hours} h, ${base.names} names`,
): Promise<void> {
  const took = new Map<number, number>();
  for (let round = 1; round <= rounds; round += 1)
    for (const size of sizes)
      took.set(size, Math.min(took.get(size) ?? Number.POSITIVE_INFINITY, await measure(make(size))));
  for (const [size, seconds] of took) add(`${others}, ${size} ${what}`, seconds, 's', null);
  const [first = 1, last = 1] = [sizes[0], sizes.at(-1)];
  const growth = (took.get(last) ?? 1) / (took.get(first) ?? 1);
  add(`wall time of ${last} ${what}, compared with ${first}`, growth, 'times', null);
}

const withFaults = (size: Size, count: number, settings: RehearsalGiven['settings'] = {}) =>
  wideRehearsal(size, { faults: { kinds: [...rehearsalFaultKinds], count, given: [] }, ...settings });

/** Measures the wall time of rehearsals, and the timers of this process beside one. */
async function measureRehearsals(): Promise<void> {
  const idle = await measureLateness(new Promise((resolve) => setTimeout(resolve, 3000)));
  let wholeS = 0;
  const beside = await measureLateness(
    measure(wideRehearsal(whole)).then((seconds) => {
      wholeS = seconds;
    }),
  );
  add('6 h, 50 names, with the start of its process', wholeS, 's', { most: 10 });
  add('6 h, 50 names, per simulated hour', wholeS / whole.hours, 's', null);
  await measureGrowth(
    'hours',
    [1, 4, 12],
    (hours) => wideRehearsal({ ...base, hours }),
    `${base.names} names`,
  );
  await measureGrowth(
    'names',
    [2, 10, 25, 50],
    (names) => wideRehearsal({ ...base, names }),
    `${base.hours} h`,
  );
  const { population } = wideRehearsal(base);
  await measureGrowth('resolvers of clients', [10, 60, 250], (resolvers) =>
    wideRehearsal(base, { population: { ...population, resolvers } }),
  );
  await measureGrowth('faults', [0, 5, 20], (count) => withFaults(base, count));
  const events = 25;
  const drillS = await measure(withFaults({ hours: 2, names: 2 }, 4, { events }));
  add(`fire drill of ${events} events, 2 h, 2 names, 4 faults`, drillS, 's', null);
  add('fire drill, 100 such events (four times as long)', (drillS / events) * 100, 's', null);
  add('lateness of timers, 99 %, alone', percentile(idle, 0.99), 'ms', null);
  add('lateness of timers, 99 %, beside a rehearsal', percentile(beside, 0.99), 'ms', null);
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
    add(`${name}, median of ${flags.runs}`, median(company), 'ms', null);
    add(`${name}, latest`, Math.max(...listWrites(company)), 'ms', { most: 1000 });
    const gates = measured[company].map(({ gateMs }) => gateMs);
    add(`T0 to its gate, ${companyNames[company]}, median`, percentile(gates, 0.5), 'ms', null);
    if (company !== 'alone')
      add(`${name}, ratio to alone`, median(company) / median('alone'), 'times', { most: 1.3 });
  }
}

const began = performance.now();
await (flags.live ? measureRuns() : measureRehearsals());
add('this bench', (performance.now() - began) / 1000, 's', flags.live ? null : { most: 180 });
report('Rehearsals', figures, flags.json);
