import { z } from 'zod';

/** A successful write, as recorded in the cloud's own trail. */
export const AuditEvent = z.object({
  /** ISO instant, by the cloud's clock, in whole seconds. */
  at: z.string(),
  /** Such as `RegisterTargets`. */
  action: z.string(),
  /** The actor as the cloud names it: `root`, or a sub-user. */
  user: z.string(),
  /** null where the cloud did not report it. */
  sourceIp: z.string().nullable(),
  requestId: z.string(),
  /** Ids or names of the objects acted on. */
  resources: z.array(z.string()),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** The part of a trail within a time span. Trails lag: the newest events may be missing. */
export type AuditTrail = {
  /** The newest first. */
  readonly events: readonly AuditEvent[];
  /** True if that is all: a very busy account has more events than are requested. */
  readonly isComplete: boolean;
};

/** A trail as read for a detected change, or why it could not be read. `readAt` is an ISO instant. */
export type AuditReading = { readonly readAt: string } & (AuditTrail | { readonly error: string });
