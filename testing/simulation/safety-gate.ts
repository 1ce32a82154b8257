import type { Estate } from '@/lib/estate/model';
import { anticipate } from '@/lib/plan/model/anticipate';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import type { Problem } from '@/lib/run/model/model';
import { judgeChange, nextChange } from '@/lib/safety/judge-change';
import { type SafetyFacts, violationValues } from '@/lib/safety/safety-facts';
import { SafetyRule } from '@/lib/safety/safety-rule';
import type { Stop } from './cloud/scenario';
import type { SimulatedRun } from './simulated-run';

const rule = SafetyRule.parse({ kind: 'gating', name: 'simulated', match: {}, condition: 'gate' });

/** A safety rule with a gate that is switched off, and on again, when a scenario says so. */
export class SafetyGate {
  #isOn = true;
  #isOver = false;

  constructor(
    closings: readonly Stop[],
    private readonly estate: Estate,
    private readonly run: SimulatedRun,
  ) {
    for (const { atMs, forMs } of closings) run.clock.after(atMs, () => this.#close(forMs));
  }

  /** Returns the problems of the next write of an apply: the same judgement as that of a worker. */
  judge(step: WriteStep, plan: Plan): readonly Problem[] {
    const at = this.run.clock.now();
    const gate = { isOn: this.#isOn, by: 'simulated', reason: '', at: at.toISOString() };
    const facts: SafetyFacts = {
      rules: [{ id: 1, rule, gate }],
      freezes: [],
      isPaused: false,
      otherRuns: [],
      approvals: 0,
      pastWrites: [],
      isFailover: false,
    };
    const { estate } = anticipate(this.estate, this.run.setup.plan.diversion);
    const change = { plan, estate, stepId: step.id, begun: new Set<never>(), at: at.getTime() };
    return judgeChange(nextChange(change), facts).map((violation) => ({
      kind: 'safetyRule',
      values: violationValues(violation),
    }));
  }

  /** Leaves the gate on for good. */
  end(): void {
    this.#isOver = true;
    this.#open();
  }

  #close(forMs: number): void {
    if (!this.#isOn || this.#isOver) return;
    this.#isOn = false;
    this.run.witness.gates.push({ closedAt: this.run.witness.events.length, isOn: false });
    this.run.trace.add('gate', 'off');
    this.run.clock.after(forMs, () => this.#open());
  }

  #open(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    const gate = this.run.witness.gates.at(-1);
    if (gate !== undefined) gate.isOn = true;
    this.run.trace.add('gate', 'on');
  }
}
