import { isAway } from '@/lib/cloud/transient';
import type { Cutover } from '@/lib/diversion/cutover';
import type { RunEvent } from '@/lib/run/model/model';
import type { FaultSchedule } from './cloud/faults';
import type { Outage } from './cloud/scenario';
import type { SimulatedRun } from './simulated-run';

/** The longest time in which a run that retries must notice that everything is back. */
const noticedWithinMs = 2000;
/** The longest time in which an event may stop a process, in ms: it is frozen, or another one recovers its run. */
const eventLastsMs = 180_000;

/** Triggers the outages of a scenario, and checks that the run continues once they are over. */
export class Outages {
  #open: readonly Outage[];

  constructor(
    outages: readonly Outage[],
    cutover: Cutover | null,
    private readonly run: SimulatedRun,
    private readonly faults: FaultSchedule,
  ) {
    this.#open = outages;
    const { clock } = run;
    for (const at of ['T0', 'T1'] as const) {
      const instant = at === 'T0' ? cutover?.t0 : cutover?.t1;
      if (instant) this.#begin(at, Date.parse(instant) - clock.now().getTime());
    }
  }

  /** Handles each event: without a clock, an apply and a rollback begin where T0 and T1 would be. */
  event(event: RunEvent): void {
    if (event.type === 'waiting') this.#begin('drain', 0);
    if (event.type === 'started') this.#begin(event.direction === 'apply' ? 'T0' : 'T1', 0);
  }

  #begin(at: Outage['at'], inMs: number): void {
    const { clock } = this.run;
    const due = this.#open.filter((outage) => outage.at === at);
    this.#open = this.#open.filter((outage) => outage.at !== at);
    for (const { offsetMs, forMs } of due) clock.after(inMs + offsetMs, () => this.#come(forMs));
  }

  #come(forMs: number): void {
    const { clock, witness } = this.run;
    const fromMs = clock.elapsedMs();
    const untilMs = fromMs + forMs;
    witness.outages.push({ fromMs, untilMs });
    this.faults.away(untilMs);
    clock.after(forMs, () => this.#end(fromMs, untilMs));
  }

  /**
   * Checks that a run that retries at the end of an outage reads something soon; one that was disturbed meanwhile may
   * be late.
   */
  #end(fromMs: number, untilMs: number): void {
    const { clock, witness, trace } = this.run;
    const { retrying } = this.run.view();
    const isRetrying = retrying?.cause.kind === 'cloudError' && isAway(retrying.cause.error);
    const isLeftAlone = () =>
      this.run.lastEventMs < fromMs - eventLastsMs && !this.faults.isAway(clock.elapsedMs());
    if (!isRetrying || !isLeftAlone()) return;
    clock.after(noticedWithinMs, () => {
      if (!isLeftAlone()) return;
      trace.add('return', 'noticed');
      if (witness.lastReadMs < untilMs)
        this.run.breaks(`the run does not continue within ${noticedWithinMs} ms after an outage`);
    });
  }
}
