import { z } from 'zod';
import { DiversionDraft, EditedRule } from '@/lib/diversion/draft';
import type { Draft } from '@/lib/draft/draft';

const text = z.string().max(4000);
const to = z.enum(['cvm', 'function']);

/** The options that a field asks for, with the choices on which they depend. */
export const OptionsOf = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('domain') }),
  z.object({ kind: z.literal('loadBalancer'), to }),
  z.object({ kind: z.literal('listener'), loadBalancerId: text, to }),
  z.object({ kind: z.literal('rule'), listenerId: text, domain: text, to, rule: EditedRule }),
  /** The functions of the account of a load balancer, for that. */
  z.object({ kind: z.literal('function'), loadBalancerId: text }),
  /** The servers of the region of a load balancer, for a rule. */
  z.object({ kind: z.literal('instance'), loadBalancerId: text, rule: EditedRule }),
  z.object({ kind: z.literal('certificate'), domain: text }),
]);
export type OptionsOf = z.infer<typeof OptionsOf>;

const optionsMax = 5000;

export const OptionsQuestion = z.object({
  of: OptionsOf,
  /** The resources that the draft creates, which can be chosen, too. */
  creates: DiversionDraft.shape.creates,
  /** Only options with each of these words; empty = all. */
  search: z.string().max(200),
  limit: z.number().int().min(1).max(optionsMax),
});
export type OptionsQuestion = Omit<z.infer<typeof OptionsQuestion>, 'creates'> & Pick<Draft, 'creates'>;
