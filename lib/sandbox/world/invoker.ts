import type { AccountWorld } from './world';

/** One run of the code, and its measurements. */
export type FunctionInvocation = {
  readonly result: InvocationResult;
  /** True if a process was started for this call. */
  readonly coldStart: boolean;
  /** The duration of the handler alone; 0 when it never ran. */
  readonly durationMs: number;
  readonly memoryMb: number;
  /** The output of the code. */
  readonly log: string;
};

export type InvocationResult =
  /** The handler returned `value`, which is `json`. */
  | { readonly kind: 'answer'; readonly value: unknown; readonly json: string }
  /** There is nothing to run: SCF's status and message. */
  | ({ readonly kind: 'refused' } & InvocationFailure)
  /** The code could not be loaded or threw. */
  | { readonly kind: 'userError'; readonly message: string }
  | { readonly kind: 'timeout'; readonly timeoutS: number }
  /** The code was not loaded in time. */
  | { readonly kind: 'initTimeout'; readonly timeoutS: number }
  | { readonly kind: 'memory'; readonly memoryMb: number }
  /** The process ended while it had a request. */
  | { readonly kind: 'exited'; readonly detail: string }
  | { readonly kind: 'eventTooLarge' }
  | { readonly kind: 'answerTooLarge' }
  /** More calls at once than the function, the account, or the queue of this machine allows. */
  | { readonly kind: 'throttled' }
  /** More new instances in a minute than the account may start in the region. */
  | { readonly kind: 'burst' }
  /** This machine can't run the code; the message names the missing part. */
  | { readonly kind: 'noRuntime'; readonly message: string };

/**
 * SCF's status and message of an invocation without a response: https://www.tencentcloud.com/document/product/583/35311
 */
export type InvocationFailure = { readonly status: number; readonly message: string };

/** The address that a caller gives: a function, and a version, `$LATEST` or an alias of it. */
export type InvokedAddress = {
  readonly account: AccountWorld;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly qualifier: string;
};

export type InvocationCall = InvokedAddress & {
  readonly event: unknown;
  readonly requestId: string;
};

/** The outcome of a call, with the data for its bill and its log. */
export type InvocationOutcome = FunctionInvocation & {
  /** 200, or SCF's status of the failure: https://www.tencentcloud.com/document/product/583/35311 */
  readonly status: number;
  /** '' on success. */
  readonly errorMessage: string;
  /** The version that ran, '' when none was found. */
  readonly version: string;
};

/**
 * Invokes functions, the same for the API and for load balancers: finds the version behind the qualifier, admits as
 * many calls as concurrency allows, runs the code, and records the call. Concurrency counts the cloud's instances; this
 * machine has fewer processes, and calls that find none free wait for one.
 */
export type Invoker = {
  invoke(call: InvocationCall): Promise<InvocationOutcome>;
  /** Returns why this machine can't run a runtime, such as `Python3.10`: the missing part. null = it can. */
  runtimeProblem(runtime: string): Promise<string | null>;
};
