import { findingsOf, sources } from './finding';
import { lanesOf } from './lanes';
import type { Check, Finding } from './model';
import { suggestNewRule } from './suggest';

const { pass, block } = findingsOf('domain-match', sources.domainRules);

/** Whether a rule's domain (exact, `*.` in front, `.*` at the end, or `~` expression) takes requests for a host. */
function domainTakes(ruleDomain: string, host: string): boolean {
  if (ruleDomain.startsWith('~')) {
    try {
      return new RegExp(ruleDomain.slice(1)).test(host);
    } catch {
      return false;
    }
  }
  if (ruleDomain.startsWith('*.')) return host.endsWith(ruleDomain.slice(1));
  if (ruleDomain.endsWith('.*')) return host.startsWith(ruleDomain.slice(0, -1));
  return ruleDomain === host;
}

/** Each lane's rule takes requests for its domain, and the two lanes of a Split are two domains. */
export const checkDomainMatch: Check = (input) => {
  const { laneA, laneB } = input.diversion;
  const same: Finding[] =
    input.diversion.kind === 'split' && laneA.domain === laneB.domain
      ? [
          block({
            field: 'laneB.domain',
            objects: [laneB.domain],
            why: 'same',
            values: { domain: laneB.domain },
          }),
        ]
      : [];
  const lanes = lanesOf(input).map((lane): Finding => {
    const values = { domain: lane.hostName, rule: `${lane.ref.domain}${lane.ref.url}` };
    const found = { field: `${lane.prefix}.rule`, objects: lane.rule ? [lane.rule.id] : [], values } as const;
    const domains = lane.rule?.domains ?? [lane.ref.domain];
    return domains.some((domain) => domainTakes(domain, lane.hostName))
      ? pass({ ...found, why: 'pass' })
      : block({ ...found, why: 'differs', fix: suggestNewRule(input, lane) });
  });
  return [...same, ...lanes];
};
