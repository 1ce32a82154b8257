import type { FunctionInvocation, InvocationFailure, InvocationResult } from '../../world/invoker';

/** One immutable version of function code with its settings: a published version, or the current state of `$LATEST`. */
export type FunctionCode = {
  /** The UIN of the account. */
  readonly uin: string;
  readonly appId: number;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** Base64 of a zip archive. */
  readonly zip: string;
  /** `file.function`, as `index.main_handler`. */
  readonly handler: string;
  /** The cloud's name, such as `Python3.6`. */
  readonly runtime: string;
  readonly memoryMb: number;
  readonly timeoutS: number;
  /** The time limit for loading the code. */
  readonly initTimeoutS: number;
  readonly environment: Readonly<Record<string, string>>;
};

/** Returns the documented status of each kind of failed invocation. `label` names the function in the message. */
export function invocationFailure(
  result: Exclude<InvocationResult, { kind: 'answer' }>,
  label: string,
): InvocationFailure {
  switch (result.kind) {
    case 'refused':
      return { status: result.status, message: result.message };
    case 'eventTooLarge':
      return { status: 406, message: `The request event of ${label} exceeds 6 MB` };
    case 'answerTooLarge':
      return { status: 407, message: `The response of ${label} exceeds 6 MB` };
    case 'userError':
      return { status: 430, message: result.message };
    case 'throttled':
      return { status: 432, message: `Resource limit exceed for function ${label}` };
    case 'burst':
      return { status: 429, message: `Too many new instances for function ${label} within a minute` };
    case 'timeout':
      return { status: 433, message: `Invoking ${label} timed out after ${result.timeoutS} seconds` };
    case 'memory':
      return { status: 434, message: `${label} exceeded its memory of ${result.memoryMb} MB` };
    case 'exited':
      return { status: 439, message: `The process of ${label} exited unexpectedly: ${result.detail}` };
    case 'initTimeout':
      return {
        status: 450,
        message: `Loading the code of ${label} took longer than ${result.timeoutS} seconds`,
      };
    case 'noRuntime':
      return { status: 500, message: result.message };
  }
}

/** Returns the outcome of a call that never reached the code. */
export function unrun(result: InvocationResult): FunctionInvocation {
  return { result, coldStart: false, durationMs: 0, memoryMb: 0, log: '' };
}
