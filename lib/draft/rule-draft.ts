import { listRules } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { RuleDraft } from './draft';

/** Returns the targets that a rule has now. */
export function listBoundTargets({ rules }: Pick<Estate, 'rules'>, rule: RuleDraft) {
  return rules.find(({ id }) => rule.kind !== 'new' && id === rule.ruleId)?.targets ?? [];
}

/** Returns whether a new rule of a domain needs its own certificate: the first one on a listener with SNI. */
export function wantsCertificate(
  estate: Pick<Estate, 'listeners' | 'rules'>,
  listenerId: string,
  domain: string,
): boolean {
  const listener = estate.listeners.find(({ id }) => id === listenerId);
  if (listener?.sniSwitch !== true || domain === '') return false;
  return !listRules(estate, listenerId).some((rule) => rule.domains.includes(domain));
}

const swap = 'swap:';

/** Returns the value of a fix that swaps a rule in place. */
export function swapValue(ruleId: string): string {
  return `${swap}${ruleId}`;
}

/** Parses a rule from its id, or a new rule from its path: ids never start with a slash. */
export function parseRuleValue(value: string): RuleDraft {
  if (value.startsWith('/')) return { kind: 'new', url: value, certificateId: null };
  if (value.startsWith(swap)) return { kind: 'swap', ruleId: value.slice(swap.length) };
  return { kind: 'existing', ruleId: value };
}
