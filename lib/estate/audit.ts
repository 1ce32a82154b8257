import { z } from 'zod';

/** A write that succeeded, as the cloud's own trail has it. */
export const AuditEvent = z.object({
  /** ISO instant, by the cloud's clock, in whole seconds. */
  at: z.string(),
  /** Such as `RegisterTargets`. */
  action: z.string(),
  /** As the cloud names who did it: `root`, or a sub-user. */
  user: z.string(),
  /** null where the cloud did not say. */
  sourceIp: z.string().nullable(),
  requestId: z.string(),
  /** Ids or names of what it was done to. */
  resources: z.array(z.string()),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** What the trail has of a span of time. Trails lag: the newest events may be missing. */
export type AuditTrail = {
  /** The newest first. */
  readonly events: readonly AuditEvent[];
  /** Whether that is all: a very busy account has more than is asked for. */
  readonly isComplete: boolean;
};

/** A trail as it was read for a change that has been seen, or why it could not be. `readAt` is an ISO instant. */
export type AuditReading = { readonly readAt: string } & (AuditTrail | { readonly error: string });
