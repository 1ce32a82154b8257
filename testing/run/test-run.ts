import { randomUUID } from 'node:crypto';
import { createProber } from '@/lib/cloud/probe/prober';
import type { Cutover } from '@/lib/diversion/cutover';
import { type Plan, PlanId, type WriteStep } from '@/lib/plan/model/model';
import { execute } from '@/lib/run/executor';
import { foldRun } from '@/lib/run/model/fold-run';
import type { Direction, Problem, RunEvent, Sample } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import type { CommandMessage, Once } from '@/lib/run/steps/ports';
import { withClientTokens } from '@/lib/run/steps/run-cloud';
import type { FaultPoint } from '@/lib/run/steps/step-context';
import { clock, connectFast, type RunFixture } from './test-run-fixture';

/*
 * Runs the executor against the real sandbox, over HTTP and the real adapter; only the engine is in memory here, so
 * that a crash is an exception after which only the journal and the recorded results remain.
 */

class Crash extends Error {}

/** A run whose process can crash: only data stored by the engine survives. */
export class TestRun {
  readonly events: RunEvent[] = [];
  readonly messages: CommandMessage[] = [];
  /** Refuses the write of this step once. */
  stopAt: string | null = null;
  /** Runs once, at the start of the next wait. */
  onWait: (() => Promise<void>) | null = null;
  readonly #id = randomUUID();
  /** Called between a crash and the next process. */
  onCrash: (() => Promise<void>) | null = null;
  private recorded = new Map<string, unknown>();
  private attempt = 0;
  cutover: Cutover | null = null;
  /** Returns the safety rules that refuse a write. */
  refuses: (step: WriteStep) => readonly Problem[] = () => [];
  /** The measures of each round of the guards. */
  measures: () => Sample['measures'] = () => ({});

  constructor(
    private readonly world: RunFixture,
    readonly plan: Plan,
  ) {}

  /** Starts an attempt and restarts it after crashes until it has ended. */
  async go(
    direction: Direction,
    crashAt?: { point: FaultPoint | 'beforeResult'; step: string },
  ): Promise<string> {
    this.recorded = new Map();
    this.attempt += 1;
    let armed = crashAt !== undefined;
    const crash = (point: string, step: string) => {
      if (!armed || point !== crashAt?.point || step !== crashAt.step) return;
      armed = false;
      throw new Crash(`${point} ${step}`);
    };
    for (;;) {
      try {
        return await this.live(direction, crash);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        await this.onCrash?.();
      }
    }
  }

  private live(direction: Direction, crash: (point: string, step: string) => void): Promise<string> {
    const { connection } = this.world;
    // A crashed process loses its queue and connections, so each process has its own adapter.
    const cloud = withClientTokens(connectFast(connection), {
      runId: RunId.parse(this.#id),
      plan: this.plan,
      events: async () => this.events,
    });
    const once: Once = async <T>(name: string, fn: () => Promise<T>): Promise<T> => {
      if (this.recorded.has(name)) return this.recorded.get(name) as T;
      const result = await fn();
      crash('beforeResult', name);
      this.recorded.set(name, result);
      return result;
    };
    return execute(
      {
        plan: this.plan,
        cutover: this.cutover,
        guards: this.cutover?.guards ?? [],
        direction,
        attempt: this.attempt,
        actor: 'test',
      },
      {
        cloud,
        prober: createProber(connection, cloud),
        clock,
        random: Math.random,
        once,
        journal: {
          append: async (event) => void this.events.push(event),
          read: async () => this.events.filter(({ type }) => type !== 'watched'),
          readAll: async () => [...this.events],
        },
        inbox: {
          take: async (until) => {
            const wait = this.onWait;
            if (until !== null && wait !== null) {
              this.onWait = null;
              await wait();
            }
            const message = this.messages.shift();
            if (message === undefined && until !== null) await clock.sleepUntil(until);
            return message ?? null;
          },
        },
        faultPoint: async (point, step) => crash(point, step),
        reportError: (error) => {
          throw error;
        },
        validator: {
          check: async () => [],
          checkRights: async () => [],
          checkWrite: async (step) => {
            if (step.id !== this.stopAt) return this.refuses(step);
            this.stopAt = null;
            return [{ kind: 'safetyRule', values: { rule: 'Shop' } }];
          },
        },
        watcher: {
          sample: async () => ({ at: clock.now().toISOString(), measures: this.measures(), probes: [] }),
        },
      },
    );
  }

  view() {
    const { plan, events } = this;
    const at = new Date(0).toISOString();
    const attempts = events.flatMap((e) =>
      e.type === 'started'
        ? [{ attempt: e.attempt, direction: e.direction, actor: e.actor, reason: '', requestedAt: at }]
        : [],
    );
    return foldRun({
      id: RunId.parse('R-1'),
      planId: PlanId.parse('P-1'),
      plan,
      cutover: this.cutover,
      guards: this.cutover?.guards ?? [],
      connectionKind: 'sandbox',
      attempts,
      events,
    });
  }
}
