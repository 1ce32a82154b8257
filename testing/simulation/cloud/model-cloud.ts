import { z } from 'zod';
import type { Reading } from '@/lib/cloud/port';
import { toCloudError } from '@/lib/cloud/to-cloud-error';
import type { WriteCall } from '@/lib/estate/call';
import type { ObjectRef, ProvisionedRef } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import type { VirtualClock } from '@/lib/rehearsal/virtual-clock';
import { applyCall } from './apply-call';
import type { FaultSchedule, WriteFault } from './faults';
import { findCallObject } from './find-call-object';
import { toProvisionedRef } from './provisioned-effect';
import { CloudRefusal } from './refusal';
import { countInstances, listStockInside, type NewId, readObject, type Stock, withoutPlace } from './stock';
import { runningLoadBalancer } from './stock-parts';
import { WarmUp } from './warm-up';

type Task = { state: 'running' | 'done' | 'failed'; readonly message: string };

/**
 * Notified of each read of an object, each write when it is sent to the cloud, each change that a write makes, and of
 * one that the cloud undoes itself because its task has failed. `id` is the request's, `fence` the process's.
 */
export interface CloudObserver {
  read(ref: ObjectRef, fence: number): void;
  wrote(id: string, call: WriteCall, fence: number): void;
  acted(id: string, before: Stock, after: Stock): void;
  cancelled(id: string): void;
}

/** Times of a healthy cloud, in ms. */
const wayMs = { from: 10, to: 150 };
const taskMs = { from: 50, to: 2500 };
/** A load balancer takes longer to create than objects on it. */
const createMs = { from: 2000, to: 12_000 };

/** The load balancer of a write. */
const Places = z.object({
  LoadBalancerId: z.string().optional(),
  LoadBalancerIds: z.array(z.string()).optional(),
});

/** The codes that say that it is too early for another write. */
const busyCodes = {
  clb: 'FailedOperation.ResourceInOperating',
  scf: 'FailedOperation.ProvisionedInProgress',
  dnspod: 'InvalidParameter.OperationIsTooFrequent',
} as const;

const readActions = {
  rule: 'DescribeTargets',
  recordSet: 'DescribeRecordList',
  loadBalancer: 'DescribeLoadBalancers',
  listener: 'DescribeListeners',
  provisioned: 'GetProvisionedConcurrencyConfig',
} as const satisfies Readonly<Record<ObjectRef['kind'], string>>;

/** Returns a duration that depends only on the number of the request, so that removing a fault changes nothing else. */
function spread({ from, to }: { from: number; to: number }, n: number): number {
  return from + ((Math.imul(n + 1, 0x9e3779b1) >>> 8) % (to - from + 1));
}

/**
 * A cloud of load balancers with their rules, record sets and warm instances in memory: requests take time, writes on a
 * load balancer continue as a task and refuse the next one meanwhile, and requests fail according to its faults.
 */
export class ModelCloud {
  #stock: Stock;
  #requests = 0;
  #made = 0;
  #open = 0;
  readonly #tasks = new Map<string, Task>();
  /** The load balancers that calls have created, by request; and those requests by their `ClientToken`. */
  readonly #created = new Map<string, string>();
  readonly #byToken = new Map<string, string>();
  /** Until when a load balancer is busy, in elapsed time. */
  readonly #busyUntil = new Map<string, number>();
  readonly #lagging = new Map<string, { readonly reading: Omit<Reading, 'at'>; readonly untilMs: number }>();
  readonly #warmUp: WarmUp;

  constructor(
    readonly clock: VirtualClock,
    stock: Stock,
    private readonly faults: FaultSchedule,
    private readonly observer: CloudObserver,
  ) {
    this.#stock = stock;
    this.#warmUp = new WarmUp(() => clock.elapsedMs());
  }

  get stock(): Stock {
    return this.#stock;
  }

  /** The load balancer that a request has made. */
  createdBy(id: string): string | undefined {
    return this.#created.get(id);
  }

  /** True if nothing is in flight any more. */
  get isQuiet(): boolean {
    return this.#open === 0;
  }

  /**
   * Reads one object for a process.
   * @throws CloudError
   */
  async read(ref: ObjectRef, fence: number): Promise<Reading> {
    await this.#pause(spread(wayMs, this.#requests++));
    this.#checkRead(readActions[ref.kind]);
    this.observer.read(ref, fence);
    const lag = this.#lagging.get(objectKey(ref));
    const lags = lag !== undefined && this.clock.elapsedMs() < lag.untilMs;
    return { ...(lags ? lag.reading : readObject(this.#stock, ref)), at: this.clock.now() };
  }

  /**
   * Returns what would be deleted along with this call's object.
   * @throws CloudError
   */
  async inside({ action, params }: WriteCall): Promise<readonly string[]> {
    const [first] = Array.isArray(params.LoadBalancerIds) ? params.LoadBalancerIds : [];
    const deleted =
      action === 'DeleteLoadBalancer' ? first : action === 'DeleteListener' ? params.ListenerId : null;
    if (typeof deleted !== 'string') return [];
    await this.#pause(spread(wayMs, this.#requests++));
    this.#checkRead('DescribeListeners');
    return listStockInside(this.#stock, deleted);
  }

  /** Returns the number of instances of a version that are ready now. */
  ready(ref: ProvisionedRef): number {
    return this.#warmUp.ready(this.#stock, ref);
  }

  /** Makes someone else's change, which is visible at once. */
  force(ref: ObjectRef, change: (stock: Stock, newId: NewId) => Stock): void {
    this.#lagging.delete(objectKey(ref));
    this.#become(change(this.#stock, this.#newId));
  }

  get #isAway(): boolean {
    return this.faults.isAway(this.clock.elapsedMs());
  }

  #checkRead(action: string): void {
    if (this.#isAway) throw awayError(action);
    if (this.faults.fails('read')) throw readError(action);
  }

  #become(after: Stock): void {
    this.#warmUp.changed(this.#stock, after);
    this.#stock = after;
  }

  /**
   * Returns the status of a task.
   * @throws CloudError
   */
  taskOf(id: string): Task {
    if (this.#isAway) throw awayError('DescribeTaskStatus');
    const task = this.#tasks.get(id);
    invariant(task !== undefined, `task ${id} was begun`);
    return task;
  }

  /**
   * Executes one write.
   * @returns its request id, which is also the task's.
   * @throws what the SDK would throw
   */
  async write(call: WriteCall, fence: number): Promise<string> {
    const n = this.#requests++;
    if (this.#isAway) throw notConnected();
    const earlier = this.#byToken.get(String(call.params.ClientToken));
    if (earlier !== undefined) {
      await this.#pause(spread(wayMs, n));
      return earlier;
    }
    const id = `q-${n}`;
    const fault = this.faults.write();
    // Plans know no token: it comes with the run.
    const { ClientToken: _token, ...params } = call.params;
    this.observer.wrote(id, { ...call, params }, fence);
    this.#open += 1;
    await this.#pause(spread(wayMs, n) + (fault?.kind === 'slow' ? fault.byMs : 0));
    try {
      this.#receive(id, call, fault);
    } finally {
      this.#close(this.#tasks.get(id));
    }
    await this.#pause(spread(wayMs, n + 1));
    // The connection to the cloud broke while the call was in flight.
    answer(id, this.#isAway ? { kind: 'replyLost' } : fault);
    return id;
  }

  #close(task: Task | undefined): void {
    if (task?.state !== 'running') this.#open -= 1;
  }

  /** Handles a request when it reaches the cloud. */
  #receive(id: string, call: WriteCall, fault: WriteFault | null): void {
    if (fault?.kind === 'requestLost') return;
    if (fault?.kind === 'throttle') throw new CloudRefusal('RequestLimitExceeded', 'too many requests', id);
    if ((fault?.kind === 'http5xx' || fault?.kind === 'internalError') && !fault.acts) return;
    if (call.action === 'CreateLoadBalancer') {
      this.#create(id, call, fault);
      return;
    }
    const { LoadBalancerId: at, LoadBalancerIds: [first] = [] } = Places.parse(call.params);
    const loadBalancerId = at ?? first;
    if (loadBalancerId !== undefined) this.#begin(id, call, loadBalancerId, fault);
    else this.#change(id, call, fault);
  }

  /**
   * Creates a load balancer, which exists at once and runs at the end of its task; it is removed again if that fails.
   */
  #create(id: string, call: WriteCall, fault: WriteFault | null): void {
    if (fault?.kind === 'busy') throw new CloudRefusal('FailedOperation.FrequencyLimit', 'too often', id);
    const after = this.#effect(id, call);
    const made = after.loadBalancers.find((lb) => !this.#stock.loadBalancers.includes(lb));
    invariant(made !== undefined, 'one is made');
    const forMs = fault?.kind === 'taskStuck' ? fault.forMs : spread(createMs, this.#requests);
    if (fault?.kind !== 'unchanged') {
      this.#busyUntil.set(made.id, this.clock.elapsedMs() + forMs);
      this.#act(id, after);
      this.#created.set(id, made.id);
      if (call.params.ClientToken !== undefined) this.#byToken.set(String(call.params.ClientToken), id);
    }
    this.#run(id, forMs, () => {
      if (fault?.kind === 'unchanged') return 'done';
      const there = this.#stock.loadBalancers.find((lb) => lb.id === made.id);
      // Someone has deleted it meanwhile.
      if (there === undefined) return 'failed';
      if (isFailing(fault)) {
        this.#become(withoutPlace(this.#stock, made.id));
        for (const [token, by] of this.#byToken) if (by === id) this.#byToken.delete(token);
        this.observer.cancelled(id);
        return 'failed';
      }
      const others = this.#stock.loadBalancers.filter((lb) => lb !== there);
      this.#become({ ...this.#stock, loadBalancers: [...others, runningLoadBalancer(there)] });
      return 'done';
    });
  }

  /** Keeps a task running for this long, in ms. */
  #run(id: string, forMs: number, end: () => 'done' | 'failed'): void {
    const task: Task = { state: 'running', message: 'the task did not work' };
    this.#tasks.set(id, task);
    this.clock.after(forMs, () => {
      task.state = end();
      this.#close(task);
    });
  }

  /** Starts a write on a load balancer, which is checked when it arrives and takes effect at the end of its task. */
  #begin(id: string, call: WriteCall, loadBalancerId: string, fault: WriteFault | null): void {
    const now = this.clock.elapsedMs();
    if (fault?.kind === 'busy') this.#busyUntil.set(loadBalancerId, now + fault.forMs);
    if ((this.#busyUntil.get(loadBalancerId) ?? 0) > now) {
      throw new CloudRefusal('FailedOperation.ResourceInOperating', `${loadBalancerId} is busy`, id);
    }
    this.#effect(id, call);
    const forMs = fault?.kind === 'taskStuck' ? fault.forMs : spread(taskMs, this.#requests);
    this.#busyUntil.set(loadBalancerId, now + forMs);
    this.#run(id, forMs, () => this.#end(id, call, fault));
  }

  /** Returns true if instances are still starting: their number can't be changed meanwhile. */
  #isStarting(call: WriteCall): boolean {
    if (call.service !== 'scf') return false;
    const ref: ProvisionedRef = { kind: 'provisioned', ...toProvisionedRef(call) };
    return this.ready(ref) < countInstances(this.#stock, ref);
  }

  /** Makes a write on records or instances, which is done once its response is sent. */
  #change(id: string, call: WriteCall, fault: WriteFault | null): void {
    if (fault?.kind === 'busy' || this.#isStarting(call))
      throw new CloudRefusal(busyCodes[call.service], 'too early or too often', id);
    const after = this.#effect(id, call);
    if (fault?.kind === 'taskFails' || fault?.kind === 'partial' || fault?.kind === 'taskStuck') {
      throw new CloudRefusal('FailedOperation', 'it did not work', id);
    }
    const ref = findCallObject(this.#stock, call);
    if (fault?.kind === 'indexLags' && ref?.kind === 'recordSet') {
      const reading = readObject(this.#stock, ref);
      this.#lagging.set(objectKey(ref), { reading, untilMs: this.clock.elapsedMs() + fault.byMs });
    }
    if (fault?.kind !== 'unchanged') this.#act(id, after);
  }

  #end(id: string, call: WriteCall, fault: WriteFault | null): 'done' | 'failed' {
    if (fault?.kind === 'unchanged') return 'done';
    const fails = isFailing(fault);
    try {
      if (!fails) this.#act(id, this.#effect(id, call));
      else if (fault?.kind === 'partial') this.#actHalf(id, call);
      return fails ? 'failed' : 'done';
    } catch (error) {
      // Its object was deleted since the task began.
      if (error instanceof CloudRefusal) return 'failed';
      throw error;
    }
  }

  /** Applies half of the targets of a batch that fails. */
  #actHalf(id: string, call: WriteCall): void {
    const { Targets } = call.params;
    if (!Array.isArray(Targets) || Targets.length < 2) return;
    const half = Targets.slice(0, Math.floor(Targets.length / 2));
    this.#act(id, this.#effect(id, { ...call, params: { ...call.params, Targets: half } }));
  }

  #effect(id: string, call: WriteCall): Stock {
    return applyCall(this.#stock, call, this.#newId, (code, message) => new CloudRefusal(code, message, id));
  }

  #act(id: string, after: Stock): void {
    const before = this.#stock;
    this.#become(after);
    this.observer.acted(id, before, after);
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

/**
 * Returns the response of a request that arrived, unless it gets lost or corrupted.
 * @throws what the SDK would throw
 */
function answer(id: string, fault: WriteFault | null): void {
  if (fault?.kind === 'internalError') throw new CloudRefusal('InternalError', 'something broke', id);
  if (fault?.kind === 'http5xx') throw Object.assign(new Error('not HTTP 200'), { httpCode: fault.status });
  const lost = fault?.kind === 'replyLost' || fault?.kind === 'requestLost';
  if (lost) throw new Error('request to the cloud failed, reason: socket hang up');
}

/** Returns true if the task of a write ends without its effect, or with only a part of it. */
function isFailing(fault: WriteFault | null): boolean {
  return (
    fault?.kind === 'taskFails' || fault?.kind === 'partial' || (fault?.kind === 'taskStuck' && !fault.acts)
  );
}

/** Creates the SDK's error for a connection that was not established. */
function notConnected(): Error {
  return new Error('request to the cloud failed, reason: connect ECONNREFUSED');
}

function awayError(action: string) {
  return toCloudError(notConnected(), { action, region: null, isWrite: false, secrets: [] });
}

function readError(action: string) {
  const cause = new CloudRefusal('InternalError', 'something broke', 'q-read');
  return toCloudError(cause, { action, region: null, isWrite: false, secrets: [] });
}
