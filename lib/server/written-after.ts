/** How long a write that was accepted may take until a look finds it: tasks of load balancers are waited for as long. */
const taskMs = 120_000;

/** Before this instant nothing was written that a look at `seenAt` did not find yet. */
export function writtenAfter(seenAt: Date): Date {
  return new Date(seenAt.getTime() - taskMs);
}
