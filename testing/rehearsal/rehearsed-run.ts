import type { Cutover } from '@/lib/diversion/cutover';
import { type Plan, PlanId } from '@/lib/plan/model/model';
import { MemoryEngine } from '@/lib/rehearsal/memory-engine';
import type { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { execute } from '@/lib/run/executor';
import { foldRun, type RunAttempt } from '@/lib/run/model/fold-run';
import type { Direction, LiveCommand, RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import type { Validator } from '@/lib/run/steps/ports';
import { RehearsalCloud } from './test-cloud';

/** A run of one plan on a virtual clock, over any number of attempts, with a validator that tests can change. */
export class RehearsedRun {
  readonly cloud: RehearsalCloud;
  readonly engine: MemoryEngine;
  /** Called once for each recorded event. */
  onEvent: (event: RunEvent) => void = () => {};
  validator: Validator = { check: async () => [], checkRights: async () => [], checkWrite: async () => [] };
  readonly #attempts: RunAttempt[] = [];

  constructor(
    readonly plan: Plan,
    readonly cutover: Cutover | null,
    readonly clock: VirtualClock,
  ) {
    this.cloud = new RehearsalCloud(plan, clock);
    this.engine = new MemoryEngine(clock, (event) => this.onEvent(event));
  }

  /** Plays a new attempt to its end. */
  go(direction: Direction): Promise<string> {
    return this.clock.run(this.begin(direction));
  }

  /** Starts a new attempt; time passes only in `go`. An earlier one is fenced off. */
  begin(direction: Direction): Promise<string> {
    const attempt = this.#attempts.length + 1;
    const requestedAt = this.clock.now().toISOString();
    this.#attempts.push({ attempt, direction, actor: 'test', reason: '', requestedAt });
    const { plan, cutover, validator } = this;
    const worker = this.engine.begin(attempt, { ...this.cloud.outer, validator });
    const guards = cutover?.guards ?? [];
    return execute({ plan, cutover, guards, direction, attempt, actor: 'test' }, worker.ports);
  }

  /** Sends a command to the newest attempt. */
  send(command: LiveCommand): void {
    const id = `${command} ${this.clock.elapsedMs()}`;
    this.engine.send(this.#attempts.length, { id, command, actor: 'sari', reason: 'because' });
  }

  view() {
    return foldRun({
      id: RunId.parse('R-1'),
      planId: PlanId.parse('P-1'),
      plan: this.plan,
      connectionKind: 'sandbox',
      cutover: this.cutover,
      guards: this.cutover?.guards ?? [],
      events: this.engine.events,
      attempts: this.#attempts,
    });
  }
}
