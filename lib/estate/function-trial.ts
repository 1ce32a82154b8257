import { z } from 'zod';
import { type AnswerFault, readFunctionAnswer } from '../function-answer';
import type { FunctionAlias, ScfFunction } from './model';

/** In what a function's answer breaks its contract with a load balancer: by its form, or before its form can be read. */
export type TrialFault = AnswerFault | 'notJson' | 'tooLarge';

/** How a call ended that has no answer. */
export const trialFailures = [
  'exception',
  'timeout',
  'initTimeout',
  'memory',
  'exited',
  'throttled',
  'other',
] as const;
export type TrialFailure = (typeof trialFailures)[number];

export type TrialVerdict =
  | { readonly kind: 'kept'; readonly statusCode: number }
  | { readonly kind: 'broken'; readonly faults: readonly TrialFault[] }
  | { readonly kind: 'failed'; readonly failure: TrialFailure };

/** One call of a version of a function, or of an alias, with the event of a load balancer's GET. */
export type FunctionTrial = Pick<ScfFunction, 'connectionId' | 'region' | 'namespace' | 'name'> & {
  readonly qualifier: string;
  /** Where the qualifier led then: see `leadsTo`. */
  readonly version: string;
  /** When the function had been modified last, as the cloud said right before. */
  readonly modifiedAt: string;
  /** ISO instant. */
  readonly at: string;
  /** Of the code alone, in ms. */
  readonly durationMs: number;
  readonly verdict: TrialVerdict;
};

/** Most bytes of a synchronous answer: https://www.tencentcloud.com/document/product/583/11637 */
const answerMaxBytes = 6 * 1024 * 1024;

/** https://www.tencentcloud.com/document/product/583/35311 */
const failures: ReadonlyMap<number, TrialFailure> = new Map([
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

/** What the platform said of a call that failed; a text that is no JSON is the message itself. */
export function failureOf(error: string): { readonly code: number | null; readonly message: string } {
  const { success, data } = ErrorText.safeParse(parsed(error));
  return success
    ? { code: data.statusCode ?? null, message: data.errorMessage ?? error }
    : { code: null, message: error };
}

/**
 * Whether a function that was called like a load balancer calls it kept its contract.
 * @param answer what it returned as JSON, and '' or what the platform said of a call that failed
 */
export function judgeAnswer(answer: { readonly returned: string; readonly error: string }): TrialVerdict {
  const { returned, error } = answer;
  if (error !== '') {
    const { code } = failureOf(error);
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

/** undefined = it is no JSON, of which nothing is undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The version that a call of a qualifier runs: a number or `$LATEST` is one itself; an alias leads to one, or to two, then
 * as `1+2`. null = there is no such alias, or aliases were not read.
 */
export function leadsTo(fn: Pick<ScfFunction, 'aliases'>, qualifier: string): string | null {
  if (qualifier === '$LATEST' || /^\d+$/.test(qualifier)) return qualifier;
  const alias: FunctionAlias | undefined = fn.aliases?.find(({ name }) => name === qualifier);
  if (alias === undefined) return null;
  return alias.additional === null ? alias.version : `${alias.version}+${alias.additional.version}`;
}
