import type { AuditTrail } from '@/lib/estate/audit';
import type { KnownIds, WriteCall } from '@/lib/estate/call';
import type { LoadBalancerId } from '@/lib/estate/ids';
import type { CloudMeasure, ListenerPlace, Measured, MeasuredRoute } from '@/lib/estate/measure';
import type { Estate, LoadBalancer, ScfFunction } from '@/lib/estate/model';
import type { ObjectRef, ObjectState, OwnLoadBalancerRef } from '@/lib/estate/object';
import type { Owned } from '@/lib/estate/owner';
import type { ReadyProbe } from '@/lib/estate/probe';

/** What a reading of one object found: its comparable state and the cloud ids that belong to it. */
export type Reading = {
  readonly state: ObjectState;
  readonly ids: KnownIds;
  /** That what it belongs to is gone, so that nobody can change it any more: the function of warm instances. */
  readonly isGone?: true;
  /** That it is another object of the same name, whatever its state. */
  readonly isForeign?: true;
  /** When the cloud was asked, after any wait for the rate: what it found was so then or later. */
  readonly at: Date;
};

/** Proof that the cloud accepted a write. CLB writes go on as a task after this. */
export type WriteReceipt = Owned & {
  readonly action: string;
  readonly requestId: string;
  /** null when the action is done once it answers (DNSPod). */
  readonly taskId: string | null;
  readonly region: string | null;
  readonly loadBalancerId: string | null;
};

/** Progress of a full read: `done` of `total` parts (total grows as load balancers are found) and API calls so far. */
export type SyncProgress = {
  readonly done: number;
  readonly total: number;
  readonly calls: number;
  readonly part: string;
};

export type FunctionSpec = {
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly runtime: string;
  readonly handler: string;
  /** Source text of the one file that the function consists of. */
  readonly code: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
  /** A name that leads to the version once it is published; absent or null = none. */
  readonly alias?: string | null;
};

/** A version of a function, or an alias of it, to be called. */
export type FunctionAddress = Pick<FunctionSpec, 'region' | 'namespace' | 'name'> & {
  readonly qualifier: string;
};

/** A call of a function that has ended, well or not. */
export type Invocation = {
  readonly requestId: string;
  /** What the function returned, as JSON; '' where it returned nothing. */
  readonly returned: string;
  /** '' when it went well; else the platform's own words: JSON with `errorMessage` and, where it says so, `statusCode`. */
  readonly error: string;
  /** Of the code alone, in ms. */
  readonly durationMs: number;
  /** What is billed for, in ms. */
  readonly billedMs: number;
  readonly memoryBytes: number;
};

/** The load balancer that answers at an address, with the ports of its listeners. */
export type AddressOwner = Pick<LoadBalancer, 'id' | 'region' | 'network' | 'domain'> & {
  readonly ports: readonly number[];
};

/** What Spillway needs of a cloud account. Every method may throw `CloudError`, and nothing else. */
export interface Cloud {
  /**
   * Reads everything, page by page. Parts that cannot be read come back as `gaps`, not as an exception.
   * @param rank `background` gives way to all others and leaves half of each rate; `asked` gives way to runs alone
   */
  readEstate(onProgress: (progress: SyncProgress) => void, rank?: 'asked' | 'background'): Promise<Estate>;
  /**
   * Reads again, in the background, what changes often: DNS records, load balancers and functions that have changed by
   * their lists, bindings of those watched, health. @returns what is known with what was found; `partsAt` says when
   */
  readChanges(known: Estate, watched: readonly LoadBalancerId[]): Promise<Estate>;
  /** Reads one object afresh. A load balancer is found by its id where one is given, else by its name. */
  read(ref: ObjectRef | OwnLoadBalancerRef): Promise<Reading>;
  /**
   * Sends one write, exactly once, after the per-load-balancer queue and the rate limit let it through.
   * `isUnchanged` is asked once the turn has come, right before the call goes out: waiting for it may have taken minutes.
   * Where it says no, nothing is sent and the error is `Refused.ObjectChanged`.
   * It never repeats a write: a failure throws a `CloudError` whose `advice` tells the executor what is safe.
   */
  write(call: WriteCall, isUnchanged?: () => Promise<boolean>): Promise<WriteReceipt>;
  /** Waits until the task of a write has ended; throws when it failed or outlasted its bound. */
  wait(receipt: WriteReceipt): Promise<void>;
  /**
   * Creates the function, or replaces its code if it exists; waits until it is Active, publishes a version, and leads the
   * alias to it, if there is to be one. An alias that serves traffic is not moved.
   * @param deploymentId stands in the version's description, so that a deployment that is taken up after a crash finds
   *   the version it has published and publishes no second one.
   * @returns the published version.
   */
  deployFunction(
    spec: FunctionSpec,
    deploymentId: string,
    onProgress: (stage: DeployStage) => void,
  ): Promise<{ version: string }>;
  /**
   * Finds the load balancer of this account that has an address: a VIP, or the domain that the cloud gave it.
   * @returns null where none has it; an answer may be 30 s old
   */
  addressOwner(address: string): Promise<AddressOwner | null>;
  /** How many instances of a version are ready to be called. */
  readyInstances(of: Omit<ReadyProbe, 'kind' | 'expect'>): Promise<number>;
  getFunction(key: Pick<FunctionSpec, 'region' | 'namespace' | 'name'>): Promise<ScfFunction | null>;
  /**
   * Runs a function once with an event, and waits for what comes of it: up to 300 s. What the code does wrong is in the
   * result. It is sent again only where the cloud said that it has not run: a call has effects that nobody can look up.
   */
  invoke(address: FunctionAddress, event: unknown): Promise<Invocation>;
  /**
   * What the cloud knows of these routes now: see `CloudMeasure` for what each one is, and its unit.
   */
  measure(measure: CloudMeasure, routes: readonly MeasuredRoute[]): Promise<Measured>;
  /**
   * Requests per second of some domains of a listener, over the last minutes that monitoring has.
   */
  requestRate(listener: ListenerPlace): Promise<Measured>;
  /**
   * Who wrote what, by the cloud's own trail.
   * @param span `resource` is the id or name of what was written to; null = anything of the account
   */
  auditTrail(span: {
    readonly from: Date;
    readonly to: Date;
    readonly resource: string | null;
  }): Promise<AuditTrail>;
}

export const deployStages = ['creating', 'updating', 'waiting', 'publishing', 'aliasing'] as const;
export type DeployStage = (typeof deployStages)[number];
