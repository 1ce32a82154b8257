import type { Client } from './client';
import { CliError, exitCodes } from './exit-codes';
import { Description } from './plan-files';
import { RunItem } from './schemas';
import { type Terminal, toPlain } from './terminal';

/** The states in which a run waits for nothing but a person. */
const stopped: ReadonlySet<string> = new Set(['done', 'rolledBack', 'closed', 'stopped', 'missed', 'paused']);
/** The interval between two reads, in ms. */
const everyMs = 1000;

type Watched = {
  readonly client: Client;
  readonly terminal: Terminal;
  readonly runId: string;
  /** The direction in which the run should end; null = its own now. */
  readonly wanted: 'apply' | 'rollback' | null;
  /** True: an applied run is watched only until it is in effect, not until its T1. */
  readonly untilInEffect: boolean;
};

type Goal = { readonly goal: 'apply' | 'rollback'; readonly wanted: Watched['wanted'] };

/** Reads the words of a run's steps by direction and id. */
async function readWords(client: Client, planId: string): Promise<ReadonlyMap<string, string>> {
  const { steps, rollback } = await client.read(`/plans/${planId}/description`, Description);
  return new Map([
    ...steps.map(({ id, text }) => [`apply ${id}`, text] as const),
    ...rollback.map(({ id, text }) => [`rollback ${id}`, text] as const),
  ]);
}

/**
 * Returns whether a run has ended as intended. An automatic rollback, by a guard or after a missed T0, is not intended
 * unless it was requested; one at T1 is part of the schedule.
 */
function isIntended({ state, direction, rollbackReason }: RunItem, { goal, wanted }: Goal): boolean {
  const why = rollbackReason?.why.kind;
  if (wanted !== 'rollback' && (why === 'guard' || why === 'missedT0')) return false;
  if (goal === 'apply' && direction === 'apply') return state === 'done' || state === 'diverted';
  return state === 'rolledBack' && (goal === 'rollback' || why === 'T1');
}

/**
 * Watches a run until it ends or waits for a person, and reports each change of its state and steps on standard error.
 * @throws CliError if it ends otherwise than wanted
 */
export async function watchRun({
  client,
  terminal,
  runId,
  wanted,
  untilInEffect,
}: Watched): Promise<RunItem> {
  const path = `/runs/${encodeURIComponent(runId)}`;
  const seen = new Map<string, string>();
  const report = (key: string, state: string, text: string) => {
    if (seen.get(key) === state) return;
    seen.set(key, state);
    terminal.writeError(text);
  };
  let run = await client.read(path, RunItem);
  const goal = wanted ?? run.direction;
  const words = await readWords(client, run.planId);
  for (;;) {
    for (const direction of ['apply', 'rollback'] as const)
      for (const { step, state } of run[direction]) {
        if (state === 'todo' || state === 'notRun') continue;
        const key = `${direction} ${step.id}`;
        report(key, state, `  ${state.padEnd(11)} ${step.id.padEnd(5)} ${toPlain(words.get(key) ?? '')}\n`);
      }
    report('run', `${run.direction} ${run.state}`, `${runId}: ${run.state}\n`);
    // A rollback that was just requested is not in the run's state yet.
    const isOld = goal === 'rollback' && run.direction === 'apply' && run.state !== 'stopped';
    if (!isOld && (stopped.has(run.state) || (untilInEffect && run.state === 'diverted'))) break;
    await terminal.sleep(everyMs);
    run = await client.read(path, RunItem);
  }
  if (isIntended(run, { goal, wanted })) return run;
  throw new CliError(
    exitCodes.runFailed,
    `${runId} is ${run.state}.`,
    `See ${client.url}/runs/${runId} for the reason.`,
  );
}
