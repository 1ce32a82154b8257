import type { Language } from '../model/region-table';
import type { Telemetry } from '../telemetry/telemetry';
import type { WorldUser } from '../world/access';
import type { Assumptions } from '../world/assumptions';
import type { WorldLoadBalancer } from '../world/clb';
import type { WorldEffect } from '../world/effect';
import type { Invoker } from '../world/invoker';
import type { WorldFunction, WorldVersion } from '../world/scf';
import type { AccountWorld } from '../world/world';

/** The sandbox resources that an action may use. Times are epoch milliseconds. */
export type ActionContext = {
  readonly account: AccountWorld;
  /** The calling sub-user; null = the account itself. */
  readonly user: WorldUser | null;
  /** `''` for services without regions. */
  readonly region: string;
  /** The language of names in responses. */
  readonly language: Language;
  readonly requestId: string;
  readonly now: number;
  /** CIDR of the addresses that load balancers and servers get, such as `127.77.0.0/16`. */
  readonly vipNetwork: string;
  readonly assumptions: Assumptions;
  readonly telemetry: Telemetry;
  /** null where functions don't run: a control plane alone. */
  readonly invoker: Invoker | null;
  /** Returns the id of the key that an account or user has; '' = none. */
  secretIdOf(uin: string): string;
  /** Returns a new number for an id. */
  nextId(): number;
  /** Returns the addresses of all accounts: load balancers and servers share the VIP network. */
  addressesInUse(): ReadonlySet<string>;
  /**
   * Starts the task of a load balancer write; its id is the request's id. @throws ApiError when one of the load
   * balancers is busy
   */
  startTask(loadBalancers: WorldLoadBalancer | readonly WorldLoadBalancer[], effect: WorldEffect): void;
  /** Sets a function to a temporary status that ends automatically. */
  settleLater(fn: WorldFunction, status: 'Creating' | 'Updating'): void;
  /** Sets a version to Publishing for a while. */
  publishLater(version: WorldVersion): void;
  /** Reports that a write without a task has been applied to the object. */
  applied(object: string): void;
};

/** An action as the registry stores it. The response lacks only its RequestId. */
export type Action = (request: unknown, context: ActionContext) => object | Promise<object>;

/** The actions of a service, or of one part of it, by name. */
export type Actions = Readonly<Record<string, Action>>;

/** An SDK type with some fields that can be null in the cloud's responses, as its public API description states. */
export type WithNull<T, Field extends keyof T> = Omit<T, Field> & { [Name in Field]?: T[Name] | null };

/** An SDK type with some fields replaced. */
export type WithFields<T, Fields> = Omit<T, keyof Fields> & Fields;

/**
 * Wraps a function over the SDK's types as an action. This is the only place where a request gets its type: it has been
 * checked against the schema that was generated from that same type.
 */
export function action<Request, Response>(
  run: (
    request: Request,
    context: ActionContext,
  ) => Omit<Response, 'RequestId'> | Promise<Omit<Response, 'RequestId'>>,
): Action {
  return (request, context) => run(request as Request, context);
}
