import type { AccountWorld } from '../world/world';
import type { InvocationResult } from './invocation';

export type InvocationCall = {
  readonly account: AccountWorld;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  /** A version, `$LATEST`, or an alias. */
  readonly qualifier: string;
  readonly event: unknown;
  readonly requestId: string;
};

/** How a call went, with what its bill and its log say. */
export type InvocationOutcome = {
  /** 200, or SCF's status of the failure: https://www.tencentcloud.com/document/product/583/35311 */
  readonly status: number;
  /** '' when it went well. */
  readonly errorMessage: string;
  /** null when it never reached the code. */
  readonly result: InvocationResult | null;
  /** The version that ran, '' when none was found. */
  readonly version: string;
  readonly coldStart: boolean;
  readonly durationMs: number;
  readonly memoryMb: number;
  /** What the code printed. */
  readonly log: string;
};

/**
 * The way to a function, the same for the API and for load balancers: finds the version behind the qualifier, lets in
 * as many calls as concurrency allows, runs the code, and records the call.
 */
export type Invoker = { invoke(call: InvocationCall): Promise<InvocationOutcome> };
