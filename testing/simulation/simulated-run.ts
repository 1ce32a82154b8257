import type { Estate } from '@/lib/estate/model';
import type { Plan } from '@/lib/plan/model/model';
import { TakenOverError } from '@/lib/rehearsal/memory-engine';
import { MemoryEngine, type MemoryWorker, type Outer } from '@/lib/rehearsal/memory-worker';
import { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { type ExecutePorts, execute } from '@/lib/run/executor';
import { foldRun, type RunAttempt } from '@/lib/run/model/fold-run';
import type { Direction, LiveCommand, RunView } from '@/lib/run/model/model';
import { withClientTokens } from '@/lib/run/steps/run-cloud';
import { FaultSchedule } from './cloud/faults';
import { type Modelled, modelAdapter } from './cloud/model-adapter';
import { ModelCloud } from './cloud/model-cloud';
import { ModelProber } from './cloud/model-prober';
import type { Scenario } from './cloud/scenario';
import { createStock, type Stock } from './cloud/stock';
import { EmergencyStop } from './emergency-stop';
import { takenAt } from './estate-parts';
import { fireTrigger } from './fire-trigger';
import { brokenBy } from './invariants/invariants';
import { collectScope } from './invariants/scope';
import { Witness } from './invariants/witness';
import { LostAnswers } from './lost-answers';
import { Outages } from './outages';
import {
  buildAttempt,
  buildInput,
  buildMessage,
  buildRecord,
  buildStopMessage,
  type RunSetup,
  simulatedRunId,
} from './run-input';
import { SafetyGate } from './safety-gate';
import { SimulationTrace } from './trace';
import { Triggers } from './triggers';

/** Introduces mistakes into the ports of a process, to test whether they are noticed. */
export type Breaker = {
  /** @param outer the dependencies behind the ports, unguarded */
  readonly ports?: (ports: ExecutePorts, plan: Plan, outer: Outer) => ExecutePorts;
  readonly cloud?: (cloud: Modelled) => Modelled;
};

/** A run with its environment: the cloud, the engine and the processes that work on it, and the witness. */
export class SimulatedRun {
  readonly clock = new VirtualClock(new Date(takenAt));
  readonly trace = new SimulationTrace(() => this.clock.elapsedMs());
  readonly witness: Witness;
  readonly cloud: ModelCloud;
  readonly before: Stock;
  readonly stop: EmergencyStop;
  /** Resolves with the first broken invariant. */
  readonly broken: Promise<string>;
  /** Resolves when the execution of the newest attempt has returned: a stopped one may stay until its T1. */
  returned: Promise<void> = Promise.resolve();
  hasReturned = true;
  /** The time of the last interference with the current process. */
  lastEventMs = Number.NEGATIVE_INFINITY;
  #break: (what: string) => void = () => {};
  readonly #faults: FaultSchedule;
  readonly #prober: ModelProber;
  readonly #engine: MemoryEngine;
  readonly #triggers: Triggers;
  readonly #gate: SafetyGate;
  readonly #attempts: RunAttempt[] = [];
  #commands = 0;
  /** The last view, and the number of attempts and events that it shows. */
  #seen: { readonly records: number; readonly view: RunView } | null = null;
  /** Starts the next process of the current attempt; null if the run has ended. */
  #recover: (() => void) | null = null;

  constructor(
    scenario: Scenario,
    estate: Estate,
    readonly setup: RunSetup,
    private readonly breaker: Breaker,
  ) {
    const { clock, trace } = this;
    this.before = createStock(estate);
    this.broken = new Promise((resolve) => {
      this.#break = resolve;
    });
    const lostAnswers = new LostAnswers(this);
    this.#faults = new FaultSchedule(scenario.faults, (kind) => {
      trace.add('fault', kind);
      lostAnswers.fault();
    });
    const stock = () => this.cloud.stock;
    this.witness = new Witness(
      setup.plan,
      collectScope(setup.plan.diversion, estate),
      this.before,
      setup.cutover?.t1 ? new Date(setup.cutover.t1) : null,
      () => clock.elapsedMs(),
      () => clock.now(),
      stock,
      (fact) => {
        trace.fact(fact);
        this.breaks(brokenBy(fact, this.witness));
      },
    );
    this.cloud = new ModelCloud(clock, this.before, this.#faults, this.witness);
    this.#prober = new ModelProber(clock, this.cloud, this.#faults);
    this.#engine = new MemoryEngine(clock, (event) => {
      this.witness.event(event);
      outages.event(event);
      lostAnswers.event(event);
    });
    const outages = new Outages(scenario.outages, setup.cutover, this, this.#faults);
    this.stop = new EmergencyStop(scenario.stops, this);
    this.#gate = new SafetyGate(scenario.gates, estate, this);
    this.#triggers = new Triggers(scenario.triggers, (event, worker, place) => {
      this.lastEventMs = clock.elapsedMs();
      trace.add(`event ${event.kind}`, 'command' in event ? event.command : '', () =>
        JSON.stringify([event, place]),
      );
      return fireTrigger(event, worker, place, this);
    });
  }

  /** Reports a broken invariant; the first one counts. */
  breaks(what: string | null): void {
    if (what !== null) this.#break(what);
  }

  /** Ends all faults and foreign edits. */
  calm(): void {
    this.stop.end();
    this.#gate.end();
    this.#triggers.end();
    this.#faults.end();
  }

  /** Returns the run as the page would show it; the same object until something is recorded. */
  view(): RunView {
    const records = this.#attempts.length + this.#engine.events.length;
    if (this.#seen?.records !== records) {
      const view = foldRun(buildRecord(this.setup, this.#attempts, this.#engine.events));
      this.#seen = { records, view };
    }
    return this.#seen.view;
  }

  /** Returns whether the journal ends in a stop: a blocked rollback may be in the middle of another try. */
  isWaiting(): boolean {
    const last = this.#engine.events.at(-1);
    return last?.type === 'stopped' || last?.type === 'blocked';
  }

  /** Sends a command of a person; while all changes are paused, the dashboard takes none that lets a run continue. */
  command(command: LiveCommand): void {
    if (command === 'continue' && this.stop.isActive) return;
    this.#engine.send(this.#attempts.length, buildMessage(command, this.#commands));
    this.#commands += 1;
  }

  /** Sends what pausing all changes, or resuming them, sends to each run. */
  commandStop(command: 'pause' | 'continue'): void {
    this.#engine.send(this.#attempts.length, buildStopMessage(command, this.#commands));
    this.#commands += 1;
  }

  isLatest(worker: MemoryWorker): boolean {
    return worker.fence === this.witness.fence && this.#recover !== null;
  }

  /** Starts another process for this one's work after a time, in ms, unless one has started by then. */
  recoverAfter(worker: MemoryWorker, ms: number): void {
    this.clock.after(ms, () => {
      if (this.isLatest(worker)) this.#recover?.();
    });
  }

  /** Drops what the engine has recorded of the current attempt: a newer version restarts it from its beginning. */
  forget(): void {
    this.#engine.forget(this.#attempts.length);
  }

  /** Begins an attempt, over as many processes as it takes; pending waits of an earlier one are fenced off. */
  attempt(direction: Direction): void {
    const attempt = buildAttempt(this.#attempts.length + 1, direction);
    this.#attempts.push(attempt);
    const { setup } = this;
    this.hasReturned = false;
    this.returned = new Promise((resolve) => {
      this.#recover = () => {
        const fence = this.witness.fence + 1;
        this.witness.fence = fence;
        const outer = this.#outer(fence);
        const worker = this.#engine.begin(attempt.attempt, outer, this.#triggers.at);
        const { cloud, journal } = worker.ports;
        const tokens = { runId: simulatedRunId, plan: setup.plan, events: () => journal.read() };
        const own: ExecutePorts = { ...worker.ports, cloud: withClientTokens(cloud, tokens) };
        const ports = this.breaker.ports?.(own, setup.plan, outer) ?? own;
        execute(buildInput(setup, attempt), ports).then(
          () => {
            if (!this.isLatest(worker)) return;
            this.#recover = null;
            this.hasReturned = true;
            resolve();
          },
          (error) => {
            if (error instanceof TakenOverError) this.trace.add('refused', 'late worker');
            else this.breaks(`the run meets its own error: ${error.stack}`);
          },
        );
      };
      this.#recover();
    });
  }

  #outer(fence: number): Outer {
    const { clock } = this;
    const fails = (what: 'watch' | 'check') => this.#faults.fails(what);
    return {
      cloud: modelAdapter(this.breaker.cloud?.(this.cloud) ?? this.cloud, fence),
      prober: this.#prober,
      validator: {
        check: async () => (fails('check') ? [{ kind: 'simulated', values: {} }] : []),
        checkRights: async () => (fails('check') ? [{ kind: 'simulated', values: {} }] : []),
        checkWrite: async (step, plan) =>
          fails('check') ? [{ kind: 'simulated', values: {} }] : this.#gate.judge(step, plan),
      },
      watcher: {
        sample: async () => ({
          at: clock.now().toISOString(),
          measures: { probeFailures: fails('watch') ? 100 : this.#prober.failuresOf(this.witness.plan) },
          probes: [],
        }),
      },
    };
  }
}
