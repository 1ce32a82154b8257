import type { Cloud } from '@/lib/cloud/port';
import type { Cutover, Guard } from '@/lib/diversion/cutover';
import { type Plan, PlanId } from '@/lib/plan/model/model';
import type { RehearsalCommand } from '@/lib/rehearsal/input';
import { MemoryEngine, type MemoryWorker } from '@/lib/rehearsal/memory-worker';
import type { RehearsalClock } from '@/lib/rehearsal/rehearsal-clock';
import { type ExecuteResult, execute } from '@/lib/run/executor';
import { foldRun, type RunAttempt, type RunRecord } from '@/lib/run/model/fold-run';
import { canCommand, type Direction, liveStates, type RunEvent, type RunState } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import type { Prober, Validator, Watcher } from '@/lib/run/steps/ports';
import { runCloud } from '@/lib/run/steps/run-cloud';

const runId = RunId.parse('R-1');
const actor = 'rehearsal';
/** The actor of the commands in a rehearsal. */
const operator = 'operator';

/** The time until another worker takes over, in ms: a worker's lease, and the interval at which others look. */
const takeOverMs = 30_000;

export type RunParts = {
  readonly plan: Plan;
  readonly cutover: Cutover | null;
  readonly guards: readonly Guard[];
  readonly clock: RehearsalClock;
  /** Returns the adapters of a new worker process. */
  readonly newAdapters: () => (connectionId: string) => Cloud;
  readonly prober: (cloudOf: (connectionId: string) => Cloud) => Prober;
  readonly validator: (
    cloudOf: (connectionId: string) => Cloud,
    events: () => readonly RunEvent[],
  ) => Validator;
  readonly watcher: (prober: Prober, events: () => readonly RunEvent[], direction: Direction) => Watcher;
  readonly onEvent: (event: RunEvent) => void;
};

/** The result of a command when it is given. */
export type GivenCommand = {
  readonly command: RehearsalCommand;
  /** Epoch ms of the cloud's clock. */
  readonly atMs: number;
  /** The state of the run at that time. */
  readonly state: RunState;
  /**
   * `sent`: the run in progress gets it as a message with this id; `attempt`: a new attempt starts; `closed`: the stopped run
   * is left as is; `refused`: it is not valid in this state.
   */
  readonly effect: 'sent' | 'attempt' | 'closed' | 'refused';
  readonly id: string;
};

/**
 * The run of the plan by the executor, on workers in memory: a worker that ends is replaced by another one, which
 * continues from what was recorded. Commands can start further attempts.
 */
export class RehearsalRun {
  readonly #parts: RunParts;
  readonly #engine: MemoryEngine;
  readonly #attempts: RunAttempt[] = [];
  #worker: MemoryWorker | null = null;
  /** The end of the newest attempt; null = it has not ended. */
  result: ExecuteResult | null = null;
  /** An error of our own, which ends the rehearsal; null = none. */
  failure: unknown = null;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#engine = new MemoryEngine(parts.clock, parts.onEvent);
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

  /** Starts the run. `result` has its end. */
  start(): void {
    this.#begin('apply', '');
  }

  /**
   * Gives the run a command as the dashboard does: one that is not valid in the state of the run is refused, a run in
   * progress gets it as a message, and a run that has ended or is stopped starts a new attempt, or is left as is.
   */
  command(command: RehearsalCommand, atMs: number): GivenCommand {
    const { state, direction } = foldRun(this.record());
    const { kind } = command;
    const id = `${kind} ${atMs} ${this.events.length}`;
    const given = (effect: GivenCommand['effect']): GivenCommand => ({ command, atMs, state, effect, id });
    if (!canCommand({ state, direction }, kind)) return given('refused');
    const isStopped = !liveStates.includes(state);
    if (isStopped && (kind === 'continue' || kind === 'rollback')) {
      this.#begin(kind === 'continue' ? direction : 'rollback', kind);
      return given('attempt');
    }
    if (kind === 'leaveAsIs' && state === 'stopped') {
      this.crash();
      const at = this.#parts.clock.now().toISOString();
      this.#engine.append({ type: 'closed', actor: operator, reason: '', at, direction });
      this.result = 'closed';
      return given('closed');
    }
    this.#engine.send(this.#attempts.length, { id, command: kind, actor: operator, reason: '' });
    return given('sent');
  }

  /** Starts a new attempt, which takes over from an earlier one. */
  #begin(direction: Direction, reason: string): void {
    const attempt = this.#attempts.length + 1;
    const requestedAt = this.#parts.clock.now().toISOString();
    this.#attempts.push({ attempt, direction, actor, reason, requestedAt });
    this.crash();
    this.result = null;
    this.#live(direction, attempt).catch((error: unknown) => {
      this.failure ??= error ?? new Error('the run failed');
    });
  }

  /** Executes an attempt to its end, or until a newer one takes over. */
  async #live(direction: Direction, attempt: number): Promise<void> {
    const { plan, cutover, guards, clock } = this.#parts;
    const isNewest = () => attempt === this.#attempts.length;
    while (isNewest()) {
      const cloudOf = this.#parts.newAdapters();
      const read = async () => [...this.#engine.events];
      const { cloud } = runCloud(
        { own: plan.connectionId, cloudOf },
        { runId, plan, events: read },
        // The engine fences workers itself.
        async () => {},
      );
      const prober = this.#parts.prober(cloudOf);
      const worker = this.#engine.begin(attempt, {
        cloud,
        prober,
        validator: this.#parts.validator(cloudOf, () => this.#engine.events),
        watcher: this.#parts.watcher(prober, () => this.#engine.events, direction),
      });
      this.#worker = worker;
      const input = { plan, cutover, guards, direction, attempt, actor } as const;
      const ended = await Promise.race([execute(input, worker.ports), worker.died.then(() => null)]);
      if (!isNewest()) return;
      if (ended !== null) {
        this.#worker = null;
        this.result = ended;
        return;
      }
      // It was left as is.
      if (this.result !== null) return;
      await new Promise<void>((resolve) => void clock.after(takeOverMs, resolve));
    }
  }

  /** Returns the run as it would be stored. */
  record(): RunRecord {
    const { plan, cutover, guards } = this.#parts;
    return {
      id: runId,
      planId: PlanId.parse('P-1'),
      plan,
      cutover,
      guards,
      connectionKind: 'sandbox',
      attempts: this.#attempts,
      events: this.#engine.events,
    };
  }
}
