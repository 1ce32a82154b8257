/*
 * The same limits on both sides: the page reports a file that is too large before sending it, and the server refuses
 * it.
 */

/** The largest plan file that is accepted, in bytes. A Switch of 50 names with 8 steps has up to 6.2 million. */
export const planFileMax = 8_000_000;

/**
 * The largest file of sandbox data that the dashboard accepts, in bytes. The sandbox's control API accepts larger ones.
 */
export const sandboxFileMax = 30_000_000;

/** A server action accepts 1 MiB (next.config.js). This leaves room for what is sent along with the code. */
const functionCodeMax = 1_000_000;

/** Returns whether a function's code fits into what a server action accepts, in UTF-8 and as JSON encodes it. */
export function isFunctionCodeSmall(code: string): boolean {
  return new TextEncoder().encode(JSON.stringify(code)).byteLength <= functionCodeMax;
}

/**
 * The longest question about a draft, in bytes: what the web server takes of a body that is no file (1 MiB), as for a
 * draft that is saved. A Switch of 400 names with routes of their own has about 800,000.
 */
export const draftQuestionMax = 1_048_576;

/** The longest body of a request that starts or ends a session, in bytes. A sign-in needs far less. */
export const sessionBodyMax = 10_000;
