import { z } from 'zod';
import { DomainName } from './names';

/**
 * A known loss that an operator accepts for one domain by name, so that the finding of that check no longer blocks. It
 * is part of the plan and of its hash, so approvals cover it.
 */
export const Acknowledgement = z.object({
  check: z.enum(['protected-edge', 'websocket']),
  domain: DomainName,
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

/** Returns whether a loss is accepted for a domain. */
export function isAcknowledged(
  { acknowledged }: { readonly acknowledged: readonly Acknowledgement[] },
  check: Acknowledgement['check'],
  domain: string,
): boolean {
  return acknowledged.some((each) => each.check === check && each.domain === domain.toLowerCase());
}
