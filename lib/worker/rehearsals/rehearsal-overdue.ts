/** Thrown when a rehearsal was stopped because it took too long. Its message is displayable. */
export class RehearsalOverdueError extends Error {
  /** @param ms the limit that it exceeded */
  constructor(limit: 'silentMs' | 'wholeMs', ms: number) {
    const minutes = `${Math.round(ms / 60_000)} min`;
    super(
      limit === 'silentMs'
        ? `The rehearsal made no progress for ${minutes} and was stopped. Start it again.`
        : `The rehearsal took longer than ${minutes} and was stopped. Start it with fewer events, or with a shorter schedule.`,
    );
  }
}
