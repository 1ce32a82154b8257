/** The time that an accepted write may take until a sync finds it: tasks of load balancers are waited for as long. */
const taskMs = 120_000;

/** Returns an instant: every write before it had been found by a sync at `seenAt`. */
export function writtenAfter(seenAt: Date): Date {
  return new Date(seenAt.getTime() - taskMs);
}
