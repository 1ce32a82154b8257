/*
 * The same limits on both sides: the page says what is too large before it is sent, and the server refuses it.
 */

/** The largest plan file that is read, in bytes. A plan of 1,000 steps has about 2 million. */
export const planFileMax = 8_000_000;

/** The largest file of sandbox data that the dashboard takes, in bytes. Its control API takes larger ones. */
export const sandboxFileMax = 30_000_000;

/** A server action takes 1 MiB (next.config.js). This leaves room for what goes with the code. */
const functionCodeMax = 1_000_000;

/** Tells whether a function's code fits into what a server action takes, in UTF-8 and as JSON writes it. */
export function isFunctionCodeSmall(code: string): boolean {
  return new TextEncoder().encode(JSON.stringify(code)).byteLength <= functionCodeMax;
}
