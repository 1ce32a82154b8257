/**
 * Throws when something that our own code guarantees does not hold.
 * Never for user input or cloud answers: those have typed refusals and errors.
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** Ends a switch over a union: a member that no case handles does not compile. Throws if one turns up at run time. */
export function unreachable(value: never): never {
  throw new Error(`Invariant broken: nothing handles ${JSON.stringify(value)}`);
}
