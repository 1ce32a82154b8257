import { CloudError, type FailureAdvice } from '@/lib/cloud/errors';
import type { Reading } from '@/lib/cloud/port';
import { resolveIds, type WriteCall } from '@/lib/estate/call';
import type { ObjectRef, ObjectState, RecordState } from '@/lib/estate/object';
import { objectKey, recordKey } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import type { Plan, Step, WriteStep } from '@/lib/plan/model/model';
import type { Outer } from '@/lib/rehearsal/memory-worker';
import type { VirtualClock } from '@/lib/rehearsal/virtual-clock';

const isWrite = (step: Step): step is WriteStep => step.kind === 'write';

const silence = {
  passed: false,
  latencyMs: 0,
  status: null,
  address: '127.77.1.2:80',
  body: '',
  failure: 'nothing answered',
  unanswered: true as const,
};

/**
 * A cloud that supports only the writes of one plan: each changes its object from `before` to `after`, after this
 * delay. Counts the writes that take effect.
 */
export class RehearsalCloud {
  readonly states = new Map<string, ObjectState>();
  readonly effects: string[] = [];
  private answers = true;
  private awayUntil = new Date(0);
  private awayCode = '';
  private awayAdvice: FailureAdvice = 'retry';
  private lost: { readonly service: WriteCall['service']; readonly acts: boolean } | null = null;
  /** Weights that should have been removed but still exist, by the key of their record. */
  private readonly keptWeights = new Map<string, number>();

  /** @param unsetWeight the effect of removing a weight, as the sandbox's assumption of this name */
  constructor(
    private readonly plan: Plan,
    private readonly clock: VirtualClock,
    private readonly unsetWeight: 'unset' | 'kept' | 'refused' = 'unset',
    private readonly writeMs = 1000,
  ) {
    for (const step of plan.steps.filter(isWrite).toReversed())
      this.states.set(objectKey(step.object), step.before);
  }

  /**
   * Makes the cloud and all probed targets unreachable until the given time.
   * @param code of the error that each call meets
   * @param advice `giveUp` if the cloud refuses each call instead
   */
  away(until: Date, code = 'Network.ECONNREFUSED', advice: FailureAdvice = 'retry'): void {
    this.awayUntil = until;
    this.awayCode = code;
    this.awayAdvice = advice;
  }

  /** Answers the next write of a service with HTTP 502. @param acts true if it takes effect nevertheless */
  failNext(service: WriteCall['service'], acts: boolean): void {
    this.lost = { service, acts };
  }

  /** @throws CloudError if the response to this write is lost */
  private answerTo({ service, action, region }: WriteCall): void {
    if (this.lost?.service !== service) return;
    this.lost = null;
    const data = { code: 'Http.502', message: 'bad gateway', requestId: null, action, region };
    throw new CloudError({ ...data, mayHaveHappened: true, advice: 'readBack' });
  }

  /** @throws CloudError while it is unreachable: nothing has happened */
  private reach(action: string): void {
    if (this.clock.now() >= this.awayUntil) return;
    const data = { code: this.awayCode, message: 'nothing listens', requestId: null, region: null };
    throw new CloudError({ ...data, action, mayHaveHappened: false, advice: this.awayAdvice });
  }

  /** Simulates another actor's change of a record set's value. */
  edit(key: string): void {
    const state = this.states.get(key);
    invariant(state?.kind === 'recordSet', `${key} is a record set of the plan`);
    this.states.set(key, {
      ...state,
      records: state.records.map((record) => ({ ...record, value: '127.77.9.9' })),
    });
  }

  /** Sets whether the moved routes answer correctly from now on. */
  answer(rightly: boolean): void {
    this.answers = rightly;
  }

  get outer(): Outer {
    return {
      cloud: {
        read: async (ref) => {
          this.reach('DescribeTargets');
          return this.read(ref);
        },
        write: async (call, isUnchanged = async () => true) => {
          invariant(await isUnchanged(), 'no one else changes the cloud');
          this.reach(call.action);
          if (this.lost?.service !== call.service || this.lost.acts) this.write(call);
          this.answerTo(call);
          return {
            action: call.action,
            requestId: `q${this.effects.length}`,
            taskId: null,
            region: null,
            loadBalancerId: null,
          };
        },
        wait: () => this.clock.sleepUntil(new Date(this.clock.now().getTime() + this.writeMs)),
      },
      prober: {
        probe: async () => ({
          ...(this.clock.now() < this.awayUntil
            ? silence
            : {
                passed: this.answers,
                latencyMs: 5,
                status: this.answers ? '200' : '502',
                address: '127.77.1.2:80',
                body: '',
                failure: this.answers ? null : 'expected status 200, found 502',
              }),
        }),
      },
      watcher: {
        sample: async () => ({
          at: this.clock.now().toISOString(),
          probes: [],
          measures: { probeFailures: this.answers ? 0 : 100, latency: 5 },
        }),
      },
    };
  }

  private read(ref: ObjectRef): Reading {
    const state = this.states.get(objectKey(ref));
    invariant(state !== undefined, `${objectKey(ref)} is in the plan`);
    return { state: this.withKept(state), ids: this.idsOf(state), at: this.clock.now() };
  }

  private withKept(state: ObjectState): ObjectState {
    if (state.kind !== 'recordSet') return state;
    const keptWeight = (record: RecordState) => this.keptWeights.get(recordKey(record)) ?? null;
    const records = state.records.map((record) => ({
      ...record,
      weight: record.weight ?? keptWeight(record),
    }));
    return { ...state, records };
  }

  /** @throws CloudError for a weight that can't be removed */
  private keepWeights({ before, after, call }: WriteStep): void {
    if (this.unsetWeight === 'unset' || before.kind !== 'recordSet' || after.kind !== 'recordSet') return;
    const without = new Set(after.records.filter(({ weight }) => weight === null).map(recordKey));
    const kept = before.records.filter((record) => record.weight !== null && without.has(recordKey(record)));
    for (const record of kept) this.keptWeights.set(recordKey(record), record.weight ?? 0);
    if (this.unsetWeight === 'kept' || kept.length === 0) return;
    const data = {
      code: 'InvalidParameter.InvalidWeight',
      message: 'a weight can’t be taken off',
      region: null,
    };
    const told = { requestId: 'q-refused', mayHaveHappened: false, advice: 'giveUp' } as const;
    throw new CloudError({ ...data, ...told, action: call.action });
  }

  private idsOf(state: ObjectState): Reading['ids'] {
    if (state.kind === 'rule') return state.exists ? { LocationId: 'loc-new' } : {};
    if (state.kind !== 'recordSet') return {};
    return Object.fromEntries(
      state.records.map((record) => [recordKey(record), `id of ${recordKey(record)}`]),
    );
  }

  private write(call: WriteCall): void {
    const step = [...this.plan.steps, ...this.plan.rollback].filter(isWrite).find((each) => {
      const state = this.states.get(objectKey(each.object));
      if (state === undefined || JSON.stringify(state) !== JSON.stringify(each.before)) return false;
      return JSON.stringify(resolveIds(each.call, this.idsOf(state)).call) === JSON.stringify(call);
    });
    invariant(step !== undefined, `${call.action} is a write of the plan whose turn it is`);
    this.states.set(objectKey(step.object), step.after);
    this.effects.push(step.id);
    this.keepWeights(step);
  }
}
