import { parseArgs } from 'node:util';
import { generateScenario } from './generate-scenario';
import { shrink } from './shrink';
import { simulate } from './simulate';

/**
 * `npm run sim -- --seeds N [--seed S]`: N simulated runs from the seed S on. Prints how often each thing happened; for
 * each run that broke an invariant, its seed, the smallest scenario that still breaks it, and the trace. Exits 1 in
 * that case.
 */
const { values: flags } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
});
const first = Number(flags.seed);
const seeds = Number(flags.seeds);
/** The number of failures that are shrunk and printed in full; of the others only the seed is. */
const printedInFull = 5;
const widthMax = 300;

async function tell(seed: number): Promise<void> {
  const isBroken = async (scenario: Parameters<typeof simulate>[0]) =>
    (await simulate(scenario)).broken !== null;
  const least = await shrink(generateScenario(seed), isBroken);
  const { broken, trace } = await simulate(least);
  process.stdout.write(`${JSON.stringify(least, null, 2)}\n`);
  for (const line of trace.lines()) process.stdout.write(`${line.slice(0, widthMax)}\n`);
  process.stdout.write(`seed ${seed}, at its least: ${broken}\n\n`);
}

const startedAt = performance.now();
const counts = new Map<string, number>();
let failures = 0;
for (let seed = first; seed < first + seeds; seed += 1) {
  const { broken, trace } = await simulate(generateScenario(seed));
  for (const [what, count] of trace.counts) counts.set(what, (counts.get(what) ?? 0) + count);
  if (broken === null) continue;
  failures += 1;
  process.stdout.write(`seed ${seed}: ${broken}\n`);
  if (failures <= printedInFull) await tell(seed);
}
const seconds = (performance.now() - startedAt) / 1000;
for (const [what, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
  process.stdout.write(`${String(count).padStart(8)}  ${what}\n`);
}
process.stdout.write(
  `${seeds} seeds from ${first}, ${(seeds / seconds).toFixed(1)} a second: ${failures} failed\n`,
);
if (failures > 0) process.exitCode = 1;
