import type { Result } from '@/lib/result';
import { parseCron, parseTimerCron } from '../scf-model/cron';
import type { AccountWorld } from '../world/world';

/** The cron expressions of an account's functions that can't be read, each with where it stands, below `at`. */
export function* cronFaults(at: string, account: AccountWorld): Generator<string> {
  for (const [key, fn] of Object.entries(account.functions)) {
    const place = `${at}.functions.${key}`;
    for (const [index, { cron }] of fn.triggers.entries()) {
      yield* faultOf(`${place}.triggers.${index}.cron`, parseTimerCron(cron));
    }
    for (const [index, setting] of fn.provisioned.entries()) {
      const schedule = setting.kind === 'Default' ? setting.schedule : [];
      for (const [task, { cron }] of schedule.entries()) {
        yield* faultOf(`${place}.provisioned.${index}.schedule.${task}.cron`, parseCron(cron));
      }
    }
  }
}

function* faultOf(place: string, parsed: Result<unknown, string>): Generator<string> {
  if (!parsed.ok) yield `${place} is not a cron expression: ${parsed.error}`;
}
