import { z } from 'zod';
import type { ScfFunction } from '@/lib/estate/model';
import { type AnswerFault, readFunctionAnswer } from '@/lib/function-contract/function-answer';

/**
 * The way in which a function's response breaks its contract with a load balancer: by its form, or because its form
 * can't be read.
 */
export type TestInvocationFault = AnswerFault | 'notJson' | 'tooLarge';

/** Reasons why a call ended without a response. */
export const testInvocationFailures = [
  'exception',
  'timeout',
  'initTimeout',
  'memory',
  'exited',
  'throttled',
  'other',
] as const;
export type TestInvocationFailure = (typeof testInvocationFailures)[number];

export type TestInvocationVerdict =
  | { readonly kind: 'kept'; readonly statusCode: number }
  | { readonly kind: 'broken'; readonly faults: readonly TestInvocationFault[] }
  | { readonly kind: 'failed'; readonly failure: TestInvocationFailure };

/** One test invocation of a version of a function, or of an alias, with the event of a load balancer's GET. */
export type TestInvocation = Pick<ScfFunction, 'connectionId' | 'region' | 'namespace' | 'name'> & {
  readonly qualifier: string;
  /** The version that the qualifier pointed at then: see `leadsTo`. */
  readonly version: string;
  /** The time of the function's last modification, as the cloud reported it right before the call. */
  readonly modifiedAt: string;
  /** ISO instant. */
  readonly at: string;
  /** The duration of the code alone, in ms. */
  readonly durationMs: number;
  readonly verdict: TestInvocationVerdict;
};

/** Maximum size of a synchronous response in bytes: https://www.tencentcloud.com/document/product/583/11637 */
const answerMaxBytes = 6 * 1024 * 1024;

/** https://www.tencentcloud.com/document/product/583/35311 */
const failures: ReadonlyMap<number, TestInvocationFailure> = new Map([
  [429, 'throttled'],
  [430, 'exception'],
  [432, 'throttled'],
  [433, 'timeout'],
  [434, 'memory'],
  [438, 'exited'],
  [439, 'exited'],
  [450, 'initTimeout'],
]);
const answerTooLarge = 407;

const ErrorText = z.object({ statusCode: z.number().optional(), errorMessage: z.string().optional() });

/** Parses the platform's error of a failed call; a text that is not JSON is the message itself. */
export function describeFailure(error: string): { readonly code: number | null; readonly message: string } {
  const { success, data } = ErrorText.safeParse(parsed(error));
  return success
    ? { code: data.statusCode ?? null, message: data.errorMessage ?? error }
    : { code: null, message: error };
}

/**
 * Returns whether a function kept its contract when called the way a load balancer calls it.
 * @param answer what it returned as JSON, and '' or the platform's error of a failed call
 */
export function judgeAnswer(answer: {
  readonly returned: string;
  readonly error: string;
}): TestInvocationVerdict {
  const { returned, error } = answer;
  if (error !== '') {
    const { code } = describeFailure(error);
    return code === answerTooLarge
      ? { kind: 'broken', faults: ['tooLarge'] }
      : { kind: 'failed', failure: failures.get(code ?? 0) ?? 'other' };
  }
  if (new TextEncoder().encode(returned).length > answerMaxBytes) {
    return { kind: 'broken', faults: ['tooLarge'] };
  }
  const value = returned === '' ? null : parsed(returned);
  if (value === undefined) return { kind: 'broken', faults: ['notJson'] };
  const read = readFunctionAnswer(value);
  return read.ok
    ? { kind: 'kept', statusCode: read.value.statusCode }
    : { kind: 'broken', faults: read.error };
}

/** Parses JSON; undefined = not JSON, because no JSON value is undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
