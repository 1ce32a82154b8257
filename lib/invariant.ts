/**
 * Throws when something that our own code guarantees does not hold.
 * Never for user input or cloud answers: those have typed refusals and errors.
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}
