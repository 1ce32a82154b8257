import type { Result } from '@/lib/result';
import { parseCron, parseTimerCron } from '../model/scf/cron';
import type { WorldFunction } from '../world/scf';

/**
 * Yields the problems of a function that has the right shape: versions that aliases and provisioned instances name must
 * exist, no number may be used twice, and times must be readable.
 * @param at the path of the function
 */
export function* functionFaults(at: string, fn: WorldFunction): Generator<string> {
  const versions = fn.versions.map((each) => each.version);
  const highest = Math.max(0, ...versions.map(Number));
  if (!(fn.lastVersion >= highest)) yield `${at}.lastVersion must be at least ${highest}`;
  if (fn.aliases[0]?.name !== '$DEFAULT') yield `${at}.aliases must begin with $DEFAULT`;
  for (const [index, { version, extra, match }] of fn.aliases.entries()) {
    const named = [version, extra?.version, match?.version].filter((each) => each !== undefined);
    const lost = named.find((each) => each !== '$LATEST' && !versions.includes(each));
    if (lost !== undefined) yield `${at}.aliases.${index} names the version ${lost}, which is not there`;
  }
  for (const [index, { cron }] of fn.triggers.entries()) {
    yield* cronFault(`${at}.triggers.${index}.cron`, parseTimerCron(cron));
  }
  for (const [index, setting] of fn.provisioned.entries()) {
    const place = `${at}.provisioned.${index}`;
    if (!versions.includes(setting.qualifier)) {
      yield `${place} names the version ${setting.qualifier}, which is not there`;
    }
    const schedule = setting.kind === 'Default' ? setting.schedule : [];
    for (const [task, { cron }] of schedule.entries()) {
      yield* cronFault(`${place}.schedule.${task}.cron`, parseCron(cron));
    }
  }
}

function* cronFault(place: string, parsed: Result<unknown, string>): Generator<string> {
  if (!parsed.ok) yield `${place} is not a cron expression: ${parsed.error}`;
}
