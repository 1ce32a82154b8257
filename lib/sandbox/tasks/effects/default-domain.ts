import type { WorldListener } from '../../world/clb';
import { hasDomain } from '../../world/rule-domains';

/**
 * Marks exactly one domain as the listener's default: the requested one, else the present one, else that of the
 * earliest-created rule (https://www.tencentcloud.com/document/product/214/9032). A rule with several domains counts
 * with all of them.
 */
export function settleDefaultDomain(listener: WorldListener, wanted: string | null): void {
  const present = listener.rules.find((rule) => rule.isDefault)?.domain;
  const [earliest] = listener.rules.toSorted((a, b) => a.createdAt - b.createdAt);
  const chosen = [wanted, present, earliest?.domain].find(
    (domain) => domain != null && listener.rules.some((rule) => hasDomain(rule, domain)),
  );
  for (const rule of listener.rules) rule.isDefault = chosen != null && hasDomain(rule, chosen);
}
