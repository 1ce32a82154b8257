import { isAway } from '@/lib/cloud/transient';
import type { RunEvent } from '@/lib/run/model/model';
import type { SimulatedRun } from './simulated-run';

/** The longest time in which a run must continue after a response that leaves a write's outcome open. */
const continuesWithinMs = 5000;
/** A fault or an event that is at least this old no longer delays the run. */
const forgottenMs = 180_000;
/** The longest time from a request that meets a fault to its failure, with a margin. */
const failsWithinMs = 500;

/**
 * Checks that a run continues soon after a lost response to a write: it sends the call again, or has read that the write
 * is in effect. Creations of load balancers are left out: they are listed late.
 */
export class LostAnswers {
  readonly #faultsMs: number[] = [];

  constructor(private readonly run: SimulatedRun) {}

  /** Handles each fault that a request meets. */
  fault(): void {
    this.#faultsMs.push(this.run.clock.elapsedMs());
  }

  /** Handles each event of the journal. */
  event(event: RunEvent): void {
    if (event.type !== 'callFailed' || !event.error.mayHaveHappened || !isAway(event.error)) return;
    if (event.error.code.startsWith('Task.') || event.error.action === 'CreateLoadBalancer') return;
    const { clock, witness, trace } = this.run;
    const failedMs = clock.elapsedMs();
    const seen = witness.events.length;
    const isLeftAlone = () =>
      this.run.lastEventMs < failedMs - forgottenMs &&
      witness.outages.every(({ untilMs }) => untilMs < failedMs - forgottenMs) &&
      this.#faultsMs.every(
        (atMs) => atMs < failedMs - forgottenMs || Math.abs(atMs - failedMs) <= failsWithinMs,
      ) &&
      this.#faultsMs.filter((atMs) => atMs >= failedMs - forgottenMs).length === 1;
    clock.after(continuesWithinMs, () => {
      if (!isLeftAlone()) return;
      const since = witness.events.slice(seen);
      const ownTypes: readonly RunEvent['type'][] = ['intent', 'stepDone'];
      const hasContinued = since.some(
        (each) =>
          ['stopped', 'paused', 'rollback', 'closed'].includes(each.type) ||
          ('stepId' in each && each.stepId === event.stepId && ownTypes.includes(each.type)),
      );
      trace.add('return', 'decided');
      if (!hasContinued)
        this.run.breaks(`the run does not continue within ${continuesWithinMs} ms after a lost response`);
    });
  }
}
