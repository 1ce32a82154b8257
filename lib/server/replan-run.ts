import 'server-only';
import { z } from 'zod';
import type { ReplanRunAction } from '@/lib/client/actions';
import { ok } from '@/lib/result';
import { foldRun } from '@/lib/run/fold-run';
import { canCommand } from '@/lib/run/model';
import { commandRun } from './command-run';
import { serverContext } from './context';
import { createPlan } from './create-plan';
import { loadRun } from './load-run';
import { refuse, refuseInput } from './refusal';

const ReplanInput = z.object({
  runId: z.string().min(1),
  reason: z.string().trim().max(500, 'reason.tooLong').default(''),
});

/**
 * Plans a held run's diversion anew from the estate as it is now, for review, and gives the held run up for it: what that
 * one has applied stays, and the new plan goes on from there. Its way back leads to where it begins.
 */
export const replanRun = async (input: unknown): ReturnType<ReplanRunAction> => {
  const parsed = ReplanInput.safeParse(input);
  if (!parsed.success) return refuseInput(parsed.error);
  const { runId, reason } = parsed.data;
  const { database } = await serverContext();
  const run = await loadRun(database.db, runId);
  if (run === null) return refuse('run.gone', { run: runId });
  const { state, direction } = foldRun(run);
  if (!canCommand({ state, direction }, 'replan')) return refuse('run.cannot.replan', { run: runId, state });
  const planned = await createPlan(run.plan.connectionId, run.plan.diversion);
  if (!planned.ok) return planned;
  const closed = await commandRun({ runId, command: 'abort', reason: reason || planned.value.planId });
  return closed.ok ? ok(planned.value) : closed;
};
