/**
 * Throws when something that our own code guarantees does not hold.
 * Never for user input or cloud answers: those have typed refusals and errors.
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** Marks a branch that the types rule out; a value that arrives here is a bug. */
export function unreachable(value: never): never {
  throw new Error(`Invariant broken: unexpected ${JSON.stringify(value)}`);
}
