/** Thrown when a superseded process tries to write. */
export class TakenOverError extends Error {
  constructor(fence: number) {
    super(`another worker has claimed the run; this one (fence ${fence}) may not write for it any more`);
  }
}
