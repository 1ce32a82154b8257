import { z } from 'zod';
import { DomainName } from './names';
import { outageFindings } from './outage-findings';

/**
 * A known outage that an operator accepts for one domain, so that this finding no longer blocks. It is part of the plan
 * and of its hash, so approvals cover it.
 */
export const Acknowledgement = z.object({
  finding: z.enum(outageFindings),
  domain: DomainName,
  /** Exactly what fails (port, paths, service): if that changes, the acknowledgement no longer applies. */
  loss: z.string().min(1).max(12_000),
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;
