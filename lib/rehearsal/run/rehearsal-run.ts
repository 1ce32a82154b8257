import type { Cloud } from '@/lib/cloud/port';
import type { Cutover, Guard } from '@/lib/diversion/cutover';
import type { Plan } from '@/lib/plan/model/model';
import { PlanId } from '@/lib/plan/model/model';
import { MemoryEngine } from '@/lib/rehearsal/memory-engine';
import type { MemoryWorker } from '@/lib/rehearsal/memory-worker';
import type { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { type ExecuteResult, execute } from '@/lib/run/executor';
import type { RunRecord } from '@/lib/run/model/fold-run';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import type { Prober, Validator, Watcher } from '@/lib/run/steps/ports';
import { runCloud } from '@/lib/run/steps/run-cloud';

const runId = RunId.parse('R-1');
const actor = 'rehearsal';

/** The time until another worker takes over, in ms: a worker's lease, and the interval at which others look. */
const takeOverMs = 30_000;

export type RunParts = {
  readonly plan: Plan;
  readonly cutover: Cutover | null;
  readonly guards: readonly Guard[];
  readonly clock: VirtualClock;
  /** Returns the adapters of a new worker process. */
  readonly newAdapters: () => (connectionId: string) => Cloud;
  readonly prober: (cloudOf: (connectionId: string) => Cloud) => Prober;
  readonly validator: (cloudOf: (connectionId: string) => Cloud) => Validator;
  readonly watcher: (prober: Prober, events: () => readonly RunEvent[]) => Watcher;
  readonly onEvent: (event: RunEvent) => void;
};

/**
 * One run of the plan by the executor, on workers in memory: a worker that ends is replaced by another one, which
 * continues from what was recorded.
 */
export class RehearsalRun {
  readonly #parts: RunParts;
  readonly #engine: MemoryEngine;
  readonly #startedAt: string;
  #worker: MemoryWorker | null = null;
  /** The end of the run; null = it has not ended. */
  result: ExecuteResult | null = null;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#engine = new MemoryEngine(parts.clock, parts.onEvent);
    this.#startedAt = parts.clock.now().toISOString();
  }

  get events(): readonly RunEvent[] {
    return this.#engine.events;
  }

  /** Ends the worker that executes the run, as a kill does. @returns false if there is none now */
  crash(): boolean {
    const worker = this.#worker;
    this.#worker = null;
    worker?.die();
    return worker !== null;
  }

  /** Executes the run to its end. */
  async execute(): Promise<ExecuteResult> {
    const { plan, cutover, guards, clock } = this.#parts;
    for (;;) {
      const cloudOf = this.#parts.newAdapters();
      const read = async () => [...this.#engine.events];
      const { cloud } = runCloud(
        { own: plan.connectionId, cloudOf },
        { runId, plan, events: read },
        // The engine fences workers itself.
        async () => {},
      );
      const prober = this.#parts.prober(cloudOf);
      const worker = this.#engine.begin(1, {
        cloud,
        prober,
        validator: this.#parts.validator(cloudOf),
        watcher: this.#parts.watcher(prober, () => this.#engine.events),
      });
      this.#worker = worker;
      const input = { plan, cutover, guards, direction: 'apply', attempt: 1, actor } as const;
      const ended = await Promise.race([execute(input, worker.ports), worker.died.then(() => null)]);
      if (ended !== null) {
        this.#worker = null;
        this.result = ended;
        return ended;
      }
      await new Promise<void>((resolve) => void clock.after(takeOverMs, resolve));
    }
  }

  /** Returns the run as it would be stored. */
  record(): RunRecord {
    const { plan, cutover, guards } = this.#parts;
    const attempt = {
      attempt: 1,
      direction: 'apply',
      actor,
      reason: '',
      requestedAt: this.#startedAt,
    } as const;
    return {
      id: runId,
      planId: PlanId.parse('P-1'),
      plan,
      cutover,
      guards,
      connectionKind: 'sandbox',
      attempts: [attempt],
      events: this.#engine.events,
    };
  }
}
