/**
 * Throws if a guarantee of our own code is violated. Never for user input or cloud responses: those have typed refusals
 * and errors.
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** Ends a switch over a union: a member that no case handles does not compile. Throws if one occurs at run time. */
export function unreachable(value: never): never {
  throw new Error(`Invariant broken: nothing handles ${JSON.stringify(value)}`);
}
