import { z } from 'zod';
import { Cutover, defaultGuards, Guard, MissedT0 } from '@/lib/diversion/cutover';
import { Zone } from '@/lib/diversion/zone';

export const Policy = z.object({
  /** The zone in which cutovers are typed; null = the zone of each person's browser. */
  zone: Zone.nullable(),
  /** The lead time of prewarm before T0, in seconds; null = twice the forecast of its steps. */
  prewarmS: Cutover.shape.prewarmS.nullable(),
  missedT0: MissedT0,
  guards: z.array(Guard).max(20),
  /**
   * The keys of tags that mark objects of another tool: a plan that writes to one warns. A key has at most 127 characters:
   * https://cloud.tencent.com/document/product/651/13354
   */
  ownerTags: z
    .array(z.string().trim())
    .max(20, 'ownerTags.many')
    .refine((keys) => keys.every(({ length }) => length >= 1 && length <= 127), 'ownerTags.key'),
});
export type Policy = z.infer<typeof Policy>;

/** Reads a stored policy, field by field: an invalid value, as after a manual change, leaves the default in its place. */
export function readStoredPolicy(stored: Readonly<Record<keyof Policy, unknown>>): {
  readonly policy: Policy;
  /** The fields with invalid values; absent = none. */
  readonly unread?: readonly (keyof Policy)[];
} {
  const { zone, prewarmS, missedT0, guards, ownerTags } = Policy.shape;
  const unread: (keyof Policy)[] = [];
  const read = <K extends keyof Policy>(field: K, schema: z.ZodType<Policy[K]>): Policy[K] => {
    const parsed = schema.safeParse(stored[field]);
    if (parsed.success) return parsed.data;
    unread.push(field);
    return defaultPolicy[field];
  };
  const policy = {
    zone: read('zone', zone),
    prewarmS: read('prewarmS', prewarmS),
    missedT0: read('missedT0', missedT0),
    guards: read('guards', guards),
    ownerTags: read('ownerTags', ownerTags),
  };
  return unread.length === 0 ? { policy } : { policy, unread };
}

/** The policy where nothing has been configured. */
export const defaultPolicy: Policy = {
  zone: null,
  prewarmS: null,
  missedT0: { kind: 'skip' },
  guards: [...defaultGuards],
  ownerTags: ['managed-by', 'terraform'],
};
