import type { Reading } from '@/lib/cloud/port';
import { toCloudError } from '@/lib/cloud/to-cloud-error';
import type { WriteCall } from '@/lib/estate/call';
import { type ObjectRef, type ObjectState, objectKey } from '@/lib/estate/object';
import { invariant } from '@/lib/invariant';
import type { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import type { FaultSchedule, WriteFault } from './faults';
import { objectOf } from './object-of';
import { recordEffect } from './record-effect';
import { Refusal } from './refusal';
import { ruleEffect } from './rule-effect';
import { readingOf, type Stock, withState } from './stock';

type Task = { state: 'running' | 'done' | 'failed'; readonly message: string };

/** Told of each look at an object, each write as it leaves for the cloud, and each change that one makes. `id` is the request's, `fence` the life's. */
export interface Told {
  read(ref: ObjectRef, fence: number): void;
  wrote(id: string, call: WriteCall, fence: number): void;
  acted(id: string, before: Stock, after: Stock): void;
}

/** Times of a healthy cloud, in ms. */
const wayMs = { from: 10, to: 150 };
const taskMs = { from: 50, to: 2500 };

/** A spread that depends on nothing but the number of the request, so that one fault less moves nothing else. */
function spread({ from, to }: { from: number; to: number }, n: number): number {
  return from + ((Math.imul(n + 1, 0x9e3779b1) >>> 8) % (to - from + 1));
}

/**
 * A cloud of rules and record sets in memory: requests take time, writes on a load balancer go on as a task and refuse
 * the next one meanwhile, and whatever its faults say goes wrong.
 */
export class ModelCloud {
  #stock: Stock;
  #requests = 0;
  #made = 0;
  #open = 0;
  readonly #tasks = new Map<string, Task>();
  /** Until when a load balancer is busy, by the time that has passed. */
  readonly #busyUntil = new Map<string, number>();
  readonly #lagging = new Map<string, { readonly reading: Omit<Reading, 'at'>; readonly untilMs: number }>();

  constructor(
    readonly clock: VirtualClock,
    stock: Stock,
    private readonly faults: FaultSchedule,
    private readonly told: Told,
  ) {
    this.#stock = stock;
  }

  get stock(): Stock {
    return this.#stock;
  }

  /** Whether nothing is on its way any more. */
  get isQuiet(): boolean {
    return this.#open === 0;
  }

  /** Reads one object for a life. @throws CloudError */
  async read(ref: ObjectRef, fence: number): Promise<Reading> {
    await this.#pause(spread(wayMs, this.#requests++));
    if (this.faults.fails('read')) throw readError(ref);
    this.told.read(ref, fence);
    const lag = this.#lagging.get(objectKey(ref));
    const lags = lag !== undefined && this.clock.elapsedMs() < lag.untilMs;
    return { ...(lags ? lag.reading : readingOf(this.#stock, ref)), at: this.clock.now() };
  }

  /** Somebody else's hand: brings an object into this state at once. */
  force(ref: ObjectRef, state: ObjectState): void {
    this.#lagging.delete(objectKey(ref));
    this.#stock = withState(this.#stock, ref, state, this.#newId);
  }

  taskOf(id: string): Task {
    const task = this.#tasks.get(id);
    invariant(task !== undefined, `task ${id} was begun`);
    return task;
  }

  /**
   * Carries one write out.
   * @returns its request id, which is the task's, too. @throws what the SDK would throw
   */
  async write(call: WriteCall, fence: number): Promise<string> {
    const n = this.#requests++;
    const id = `q-${n}`;
    const fault = this.faults.write();
    this.told.wrote(id, call, fence);
    this.#open += 1;
    await this.#pause(spread(wayMs, n) + (fault?.kind === 'slow' ? fault.byMs : 0));
    try {
      this.#receive(id, call, fault);
    } finally {
      this.#close(this.#tasks.get(id));
    }
    await this.#pause(spread(wayMs, n + 1));
    answer(id, fault);
    return id;
  }

  #close(task: Task | undefined): void {
    if (task?.state !== 'running') this.#open -= 1;
  }

  /** The request is at the cloud's door. */
  #receive(id: string, call: WriteCall, fault: WriteFault | null): void {
    if (fault?.kind === 'requestLost') return;
    if (fault?.kind === 'throttle') throw new Refusal('RequestLimitExceeded', 'too many requests', id);
    if ((fault?.kind === 'http5xx' || fault?.kind === 'internalError') && !fault.acts) return;
    const { LoadBalancerId } = call.params;
    if (typeof LoadBalancerId === 'string') this.#begin(id, call, LoadBalancerId, fault);
    else this.#change(id, call, fault);
  }

  /** A write on a load balancer is checked when it comes and takes effect at the end of its task. */
  #begin(id: string, call: WriteCall, loadBalancerId: string, fault: WriteFault | null): void {
    const now = this.clock.elapsedMs();
    if (fault?.kind === 'busy') this.#busyUntil.set(loadBalancerId, now + fault.forMs);
    if ((this.#busyUntil.get(loadBalancerId) ?? 0) > now) {
      throw new Refusal('FailedOperation.ResourceInOperating', `${loadBalancerId} is busy`, id);
    }
    this.#effect(id, call);
    const forMs = fault?.kind === 'taskStuck' ? fault.forMs : spread(taskMs, this.#requests);
    this.#busyUntil.set(loadBalancerId, now + forMs);
    const task: Task = { state: 'running', message: 'the task did not work' };
    this.#tasks.set(id, task);
    this.clock.after(forMs, () => {
      task.state = this.#end(id, call, fault);
      this.#close(task);
    });
  }

  /** A write on records is done once it is answered. */
  #change(id: string, call: WriteCall, fault: WriteFault | null): void {
    if (fault?.kind === 'busy') throw new Refusal('InvalidParameter.OperationIsTooFrequent', 'too often', id);
    const after = this.#effect(id, call);
    if (fault?.kind === 'taskFails' || fault?.kind === 'partial' || fault?.kind === 'taskStuck') {
      throw new Refusal('FailedOperation', 'it did not work', id);
    }
    const ref = objectOf(this.#stock, call);
    if (fault?.kind === 'indexLags' && ref !== null) {
      const reading = readingOf(this.#stock, ref);
      this.#lagging.set(objectKey(ref), { reading, untilMs: this.clock.elapsedMs() + fault.byMs });
    }
    if (fault?.kind !== 'unchanged') this.#act(id, after);
  }

  #end(id: string, call: WriteCall, fault: WriteFault | null): 'done' | 'failed' {
    if (fault?.kind === 'unchanged') return 'done';
    const isPartial = fault?.kind === 'partial';
    const fails = fault?.kind === 'taskFails' || isPartial || (fault?.kind === 'taskStuck' && !fault.acts);
    try {
      if (!fails) this.#act(id, this.#effect(id, call));
      else if (isPartial) this.#actHalf(id, call);
      return fails ? 'failed' : 'done';
    } catch (error) {
      // What it was about is gone since the task began.
      if (error instanceof Refusal) return 'failed';
      throw error;
    }
  }

  /** A batch that breaks has taken half of its targets by then. */
  #actHalf(id: string, call: WriteCall): void {
    const { Targets } = call.params;
    if (!Array.isArray(Targets) || Targets.length < 2) return;
    const half = Targets.slice(0, Math.floor(Targets.length / 2));
    this.#act(id, this.#effect(id, { ...call, params: { ...call.params, Targets: half } }));
  }

  #effect(id: string, call: WriteCall): Stock {
    const effect = call.service === 'clb' ? ruleEffect : recordEffect;
    return effect(this.#stock, call, this.#newId, (code, message) => new Refusal(code, message, id));
  }

  #act(id: string, after: Stock): void {
    const before = this.#stock;
    this.#stock = after;
    this.told.acted(id, before, after);
  }

  readonly #newId = () => {
    this.#made += 1;
    return 900_000 + this.#made;
  };

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.after(ms, resolve);
    });
  }
}

/** The reply of a request that came through, unless it gets lost or spoilt. @throws what the SDK would throw */
function answer(id: string, fault: WriteFault | null): void {
  if (fault?.kind === 'internalError') throw new Refusal('InternalError', 'something broke', id);
  if (fault?.kind === 'http5xx') throw Object.assign(new Error('not HTTP 200'), { httpCode: fault.status });
  const lost = fault?.kind === 'replyLost' || fault?.kind === 'requestLost';
  if (lost) throw new Error('request to the cloud failed, reason: socket hang up');
}

function readError(ref: ObjectRef) {
  const action = ref.kind === 'rule' ? 'DescribeTargets' : 'DescribeRecordList';
  const cause = new Refusal('InternalError', 'something broke', 'q-read');
  return toCloudError(cause, { action, region: null, isWrite: false, secrets: [] });
}
