import 'server-only';
import { drizzle } from 'drizzle-orm/node-postgres';
import { z } from 'zod';
import type { CommandRunAction } from '@/lib/client/actions';
import * as schema from '@/lib/db/schema';
import { ok } from '@/lib/result';
import { foldRun, type RunRecord } from '@/lib/run/fold-run';
import { type Direction, runCan } from '@/lib/run/model';
import { currentActor } from './actor';
import { serverContext } from './context';
import { loadRun } from './load-run';
import { refuse, refuseInput } from './refusal';

const CommandInput = z.object({ runId: z.string().min(1), command: z.enum(['hold', 'retry', 'revert']) });

/** Postgres: a row with this key exists. https://www.postgresql.org/docs/17/errcodes-appendix.html */
const uniqueViolation = '23505';

function isUniqueViolation(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : null;
  return cause instanceof Error && 'code' in cause && cause.code === uniqueViolation;
}

async function startAttempt(run: RunRecord, direction: Direction): ReturnType<CommandRunAction> {
  const { database, engine } = await serverContext();
  const job = { runId: run.id, attempt: run.attempts.length + 1 };
  const transaction = await database.pool.connect();
  try {
    await transaction.query('begin');
    const db = drizzle(transaction, { schema });
    await db.insert(schema.runAttempts).values({ ...job, direction, actor: currentActor() });
    await engine.enqueueRun(job, transaction);
    await transaction.query('commit');
    return ok(null);
  } catch (error) {
    await transaction.query('rollback').catch(() => undefined);
    if (isUniqueViolation(error)) return refuse('run.otherCommand', { run: run.id });
    throw error;
  } finally {
    transaction.release();
  }
}

/** Hold, retry or revert a run, where the table of what a run can do allows it; refused with its state elsewhere. */
export const commandRun = async (input: unknown): ReturnType<CommandRunAction> => {
  const parsed = CommandInput.safeParse(input);
  if (!parsed.success) return refuseInput(parsed.error);
  const { runId, command } = parsed.data;
  const { database, engine } = await serverContext();
  const run = await loadRun(database.db, runId);
  if (run === null) return refuse('run.gone', { run: runId });
  const { state, direction } = foldRun(run);
  if (!runCan[command].includes(state)) return refuse(`run.cannot.${command}`, { run: runId, state });
  if (command !== 'hold') return startAttempt(run, command === 'revert' ? 'revert' : direction);
  await engine.send({ runId, attempt: run.attempts.length }, { command: 'hold', actor: currentActor() });
  return ok(null);
};
