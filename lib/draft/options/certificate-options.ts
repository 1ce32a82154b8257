import { findCertificateProblem } from '@/lib/draft/find-ineligible';
import type { Estate } from '@/lib/estate/model';
import { markOption, type RouteOption } from './route-options';

/**
 * Returns the server certificates with the domains that they cover, those that can't be presented for a domain with the
 * reason.
 */
export function certificateOptions(
  { certificates }: Pick<Estate, 'certificates'>,
  domain: string,
): readonly RouteOption[] {
  return certificates
    .filter(({ kind }) => kind !== 'CA')
    .toSorted((a, b) => a.id.localeCompare(b.id))
    .map(({ id, domains, status, notAfter }) => {
      const option = { value: id, label: id, hint: domains.join(', '), until: notAfter };
      return markOption(option, findCertificateProblem({ domains, status }, domain));
    });
}
