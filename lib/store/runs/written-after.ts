/** The maximum time between an accepted write and its visibility to a sync: the timeout of load balancer tasks. */
const taskMs = 120_000;

/** Returns the instant before which every write was visible to a sync at `seenAt`. */
export function writtenAfter(seenAt: Date): Date {
  return new Date(seenAt.getTime() - taskMs);
}
