import type { KnownIds, WriteCall } from '@/lib/estate/call';
import type { FunctionChange, FunctionId } from '@/lib/estate/functions/function-change';
import type { FunctionPartContent, ReadingPart } from '@/lib/estate/functions/function-reading';
import type { AuditTrail } from '@/lib/estate/history/audit';
import type { AskedHistory, TrafficHistory } from '@/lib/estate/history/traffic-history';
import type { LoadBalancerId } from '@/lib/estate/ids';
import type { Matchable } from '@/lib/estate/match-rule';
import type { CloudMeasure, ListenerPlace, Measured, MeasuredRoute } from '@/lib/estate/measure';
import type { Estate, LoadBalancer, ScfFunction } from '@/lib/estate/model';
import type { ObjectRef, ObjectState, OwnLoadBalancerRef } from '@/lib/estate/object';
import type { Owned } from '@/lib/estate/owner';
import type { ReadyProbe } from '@/lib/estate/probe';

/** The result of reading one object: its comparable state and the cloud ids that belong to it. */
export type Reading = {
  readonly state: ObjectState;
  readonly ids: KnownIds;
  /** That its owner is deleted, so that it can no longer change: the function of warm instances. */
  readonly isGone?: true;
  /** That it is another object of the same name, in any state. */
  readonly isForeign?: true;
  /** The time at which the cloud was queried, after any wait for the rate limit: the result was true then or later. */
  readonly at: Date;
};

/** Proof that the cloud accepted a write. CLB writes continue as a task after this. */
export type WriteReceipt = Owned & {
  readonly action: string;
  readonly requestId: string;
  /** null when the action is complete once the response arrives (DNSPod). */
  readonly taskId: string | null;
  readonly region: string | null;
  readonly loadBalancerId: string | null;
};

/**
 * Progress of a full read: `done` of `total` parts (the total grows as load balancers are found) and API calls so far.
 */
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
  /** The source text of the function's only file. */
  readonly code: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
  /** An alias to point at the version once it is published; absent or null = none. */
  readonly alias?: string | null;
};

/** A version or alias of a function to be called. */
export type FunctionAddress = Pick<FunctionSpec, 'region' | 'namespace' | 'name'> & {
  readonly qualifier: string;
};

/** A completed function call, successful or not. */
export type Invocation = {
  readonly requestId: string;
  /** The function's return value, as JSON; '' if it returned nothing. */
  readonly returned: string;
  /** '' on success; otherwise the platform's own text: JSON with `errorMessage` and, if present, `statusCode`. */
  readonly error: string;
  /** The duration of the code alone, in ms. */
  readonly durationMs: number;
  /** The billed duration, in ms. */
  readonly billedMs: number;
  readonly memoryBytes: number;
};

/** The load balancer that answers at an address, with the ports of its listeners. */
export type AddressOwner = Pick<LoadBalancer, 'id' | 'region' | 'network' | 'domain'> & {
  readonly ports: readonly number[];
  /** The account that has it, where it was looked for in several. */
  readonly connectionId?: string;
};

/** The operations that Spillway needs from a cloud account. Methods throw only `CloudError`. */
export interface Cloud {
  /**
   * Reads everything, page by page. Parts that cannot be read are returned as `gaps`, not thrown as an exception.
   * @param rank `background` yields to all others and leaves half of each rate; `asked` yields only to runs
   */
  readEstate(
    onProgress: (progress: SyncProgress) => void,
    rank?: 'requested' | 'background',
  ): Promise<Estate>;
  /**
   * Syncs, in the background, what changes often: DNS records, load balancers and functions whose list entries have
   * changed, bindings of watched load balancers, health.
   * @returns the previous snapshot merged with the new data; `partsAt` says when each part was read
   */
  readChanges(known: Estate, watched: readonly LoadBalancerId[]): Promise<Estate>;
  /** Reads one object afresh. A load balancer is found by its id where one is given, else by its name. */
  read(ref: ObjectRef | OwnLoadBalancerRef): Promise<Reading>;
  /**
   * Sends one write, exactly once, after the per-load-balancer queue and the rate limit let it through. `isUnchanged`
   * is called when the write's turn arrives, right before the call is sent: waiting for it may have taken minutes. If
   * it returns false, nothing is sent and the error is `Refused.ObjectChanged`. A write is never repeated: a failure
   * throws a `CloudError` whose `advice` tells the executor what is safe.
   */
  write(call: WriteCall, isUnchanged?: () => Promise<boolean>): Promise<WriteReceipt>;
  /** Waits until the task of a write has ended; throws when the task failed or exceeded its time limit. */
  wait(receipt: WriteReceipt): Promise<void>;
  /**
   * Creates the function, or replaces its code if it exists; waits until it is Active, publishes a version, and points
   * the alias at it, if one is requested. An alias that serves traffic is not moved.
   * @param deploymentId is stored in the version's description, so that a deployment that is resumed after a crash
   * finds the version it has published and publishes no second one.
   * @returns the published version.
   */
  deployFunction(
    spec: FunctionSpec,
    deploymentId: string,
    onProgress: (stage: DeployStage) => void,
  ): Promise<{ version: string }>;
  /**
   * Finds the load balancer of this account that has an address: a VIP, or the domain that the cloud gave it.
   * @returns null if none has it; a result may be 30 s old
   */
  addressOwner(address: string): Promise<AddressOwner | null>;
  /**
   * Returns the rules of the HTTP or HTTPS listener of a load balancer at a port; null = it has no such listener.
   * @param isFresh false = a result may be 10 s old
   */
  portRules(
    of: Pick<AddressOwner, 'id' | 'region'>,
    port: number,
    isFresh: boolean,
  ): Promise<readonly Matchable[] | null>;
  /** Returns the number of instances of a version that are ready to be called. */
  readyInstances(of: Omit<ReadyProbe, 'kind' | 'expect'>): Promise<number>;
  getFunction(key: Pick<FunctionSpec, 'region' | 'namespace' | 'name'>): Promise<ScfFunction | null>;
  /**
   * Runs a function once with an event, and waits for the result for up to 300 s. Errors of the code are part of the
   * result. The call is repeated only if the cloud reported that it has not run: its effects can't be looked up.
   */
  invoke(address: FunctionAddress, event: unknown): Promise<Invocation>;
  /**
   * Returns the cloud's current value of a measure for these routes: see `CloudMeasure` for each measure and its unit.
   */
  measure(measure: CloudMeasure, routes: readonly MeasuredRoute[]): Promise<Measured>;
  /**
   * Requests per second of some domains of a listener, over the last minutes that monitoring has.
   */
  requestRate(listener: ListenerPlace): Promise<Measured>;
  /** Requests per second of some rules together, in the newest minute that monitoring has. */
  routeRate(routes: readonly MeasuredRoute[]): Promise<Measured>;
  /**
   * Instances of a function that were busy at once, at most, in the newest minute that monitoring has; all its
   * versions.
   */
  concurrency(fn: Pick<FunctionSpec, 'region' | 'namespace' | 'name'>): Promise<Measured>;
  /**
   * Returns who wrote what, according to the cloud's own audit trail.
   * @param span `resource` is the id or name of what was written to; null = anything in the account
   */
  auditTrail(span: {
    readonly from: Date;
    readonly to: Date;
    readonly resource: string | null;
  }): Promise<AuditTrail>;
}

/** The operations of the pages about functions. Methods throw only `CloudError`. */
export interface FunctionCloud {
  /**
   * Reads a part of a function; null = there is no such function or version.
   * @param id is unused if the part names functions itself
   */
  readFunctionPart(id: FunctionId, part: ReadingPart): Promise<FunctionPartContent | null>;
  /**
   * Makes a change of a function. It first reads the object and compares it with the change's `before`; a difference is
   * `Refused.ObjectChanged`. Repeating it with the same id changes nothing more.
   * @param beforeSend runs right before each call is sent; if it throws, the call is not sent
   * @returns the version that it has published; null = it publishes none
   */
  changeFunction(
    id: FunctionId,
    change: FunctionChange,
    changeId: string,
    beforeSend: () => Promise<void>,
  ): Promise<{ readonly version: string | null }>;
}

/** The operations of the capacity page. Methods throw only `CloudError`. */
export interface HistoryCloud {
  /**
   * Returns the requests of a load balancer, or of a part of it, as monitoring has them: at all of its VIPs together.
   */
  readTrafficHistory(asked: AskedHistory): Promise<TrafficHistory>;
}

export const deployStages = ['creating', 'updating', 'waiting', 'publishing', 'aliasing'] as const;
export type DeployStage = (typeof deployStages)[number];
