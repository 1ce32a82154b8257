/**
 * Part of the exported script: the decision of `decideFailover` from rounds of one serving side; a test compares the
 * two.
 */
export const decideProgram = `
function decide(policy, rounds, movedAt, now) {
  const recent = rounds.slice(-policy.of);
  const failing = policy.vantages.filter(
    (_, index) => recent.filter((round) => !round.seen[index].passed).length >= policy.failures,
  ).length;
  if (failing === 0) return 'healthy';
  if (failing < policy.quorum) return 'unsure';
  if (movedAt !== null && now < movedAt + policy.holdDownS * 1000) return 'holdDown';
  const proof = rounds.slice(-policy.proof);
  const isProved = proof.length === policy.proof && proof.every((round) => round.receiving.passed);
  return isProved ? 'failOver' : 'receiverFails';
}
`;
