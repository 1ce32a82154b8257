import type { WorldListener } from '../../world/clb';

/**
 * Marks exactly one domain as the listener's default: the wanted one, else the present one, else that of the
 * earliest-created rule (https://www.tencentcloud.com/document/product/214/9032).
 */
export function settleDefaultDomain(listener: WorldListener, wanted: string | null): void {
  const domains = new Set(listener.rules.map((rule) => rule.domain));
  const present = listener.rules.find((rule) => rule.isDefault)?.domain;
  const [earliest] = [...listener.rules].sort((a, b) => a.createdAt - b.createdAt);
  const chosen = [wanted, present, earliest?.domain].find((domain) => domain != null && domains.has(domain));
  for (const rule of listener.rules) rule.isDefault = rule.domain === chosen;
}
