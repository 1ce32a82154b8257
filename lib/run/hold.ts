import { CloudError } from '@/lib/cloud/errors';
import type { WriteStep } from '@/lib/plan/model';
import { findDoubt, findForwardDoubt } from './history';
import type { StepContext, StepResult } from './step-context';

/** Turns a cloud that can't even be read into a hold, saying whether a call of ours may be in effect unknown to us. */
export async function holdingOnCloudError(
  step: WriteStep,
  context: StepContext,
  fn: () => Promise<StepResult>,
): Promise<StepResult> {
  try {
    return await fn();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const events = await context.journal.read();
    const doubt = findDoubt(step, events, context.direction) ?? findForwardDoubt(step, context.plan, events);
    return { kind: 'hold', reason: { kind: 'cloudError', error: error.data, settled: doubt === null } };
  }
}
