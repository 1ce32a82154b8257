import type { AccountWorld, WorldEffect, WorldFunction, WorldLoadBalancer } from '../world';

/** What an action may use. Times are epoch milliseconds. */
export type ActionContext = {
  readonly account: AccountWorld;
  /** `''` in services without regions. */
  readonly region: string;
  readonly requestId: string;
  readonly now: number;
  /** A new number for an id. */
  nextId(): number;
  /** Starts the task of a load balancer write; its id is the request's id. @throws ApiError when it is busy */
  startTask(loadBalancer: WorldLoadBalancer, effect: WorldEffect): void;
  /** Puts a function into a status that passes by itself. */
  settleLater(fn: WorldFunction, status: 'Creating' | 'Updating' | 'Publishing'): void;
  /** Says that a write without a task has been applied to the object. */
  applied(object: string): void;
};

/** An action as the registry holds it. The answer lacks only its RequestId. */
export type Action = (request: unknown, context: ActionContext) => object;

/** An SDK type with some fields that the cloud's answers may hold as null, as its public API description says. */
export type WithNull<T, Field extends keyof T> = Omit<T, Field> & { [Name in Field]?: T[Name] | null };

/** An SDK type with some fields replaced. */
export type Changed<T, Fields> = Omit<T, keyof Fields> & Fields;

/**
 * Makes an action of a function over the SDK's types. The one place where a request gets its type: it has been
 * checked against the schema that was generated from that very type.
 */
export function action<Request, Response>(
  run: (request: Request, context: ActionContext) => Omit<Response, 'RequestId'>,
): Action {
  return (request, context) => run(request as Request, context);
}
