import type { Cutover } from '@/lib/diversion/cutover';
import type { Estate } from '@/lib/estate/model';
import { anticipate } from '@/lib/plan/model/anticipate';
import { type Plan, PlanId } from '@/lib/plan/model/model';
import { MemoryEngine, type PlaceHook } from '@/lib/rehearsal/memory-worker';
import type { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { execute } from '@/lib/run/executor';
import { foldRun, type RunAttempt } from '@/lib/run/model/fold-run';
import type { Direction, LiveCommand, RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import type { Validator } from '@/lib/run/steps/ports';
import { judgeChange, nextChange } from '@/lib/safety/judge-change';
import { type SafetyFacts, violationValues } from '@/lib/safety/safety-facts';
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

  /**
   * Lets rules judge each write, as a worker does.
   * @param facts read before each write
   */
  judgeWrites(estate: Estate, facts: () => SafetyFacts): void {
    this.validator = {
      ...this.validator,
      checkWrite: async (step, plan) => {
        const intents = this.engine.events.filter((event) => event.type === 'intent');
        const change = {
          plan,
          estate: anticipate(estate, plan.diversion).estate,
          stepId: step.id,
          begun: new Set(intents.flatMap((event) => (event.direction === 'apply' ? [event.stepId] : []))),
          at: this.clock.now().getTime(),
        };
        return judgeChange(nextChange(change), facts()).map((violation) => ({
          kind: 'safetyRule',
          values: violationValues(violation),
        }));
      },
    };
  }

  /** Plays a new attempt to its end. */
  go(direction: Direction, at?: PlaceHook): Promise<string> {
    return this.clock.run(this.begin(direction, at));
  }

  /**
   * Starts a new attempt; time passes only in `go`. An earlier one is fenced off.
   * @param at called at each place where its process may die
   */
  begin(direction: Direction, at?: PlaceHook): Promise<string> {
    const attempt = this.#attempts.length + 1;
    const requestedAt = this.clock.now().toISOString();
    this.#attempts.push({ attempt, direction, actor: 'test', reason: '', requestedAt });
    return this.#live(direction, attempt, at);
  }

  /** Executes an attempt: a process that dies is followed by another. */
  async #live(direction: Direction, attempt: number, at?: PlaceHook): Promise<string> {
    const { plan, cutover, validator } = this;
    const guards = cutover?.guards ?? [];
    for (;;) {
      const worker = this.engine.begin(attempt, { ...this.cloud.outer, validator }, at);
      const input = { plan, cutover, guards, direction, attempt, actor: 'test' };
      const ended = await Promise.race([execute(input, worker.ports), worker.died.then(() => null)]);
      if (ended !== null) return ended;
    }
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
