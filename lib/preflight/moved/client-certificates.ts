import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { describeMoved, listMovedRules, type MovedFrom } from './moved-rules';

const { pass, warn, outage } = createFindings('client-certificates', sources.clbTypes);

/** The CA of the rule that gets the requests; a new rule has that of its listener, and with SNI none. */
function findNewCa({ to: { rule, listener } }: MovedFrom): string | null {
  if (rule !== undefined) return rule.clientCaId ?? listener.clientCaId;
  return listener.sniSwitch === true ? null : listener.clientCaId;
}

/**
 * Compares mutual TLS before and after the move. A listener that no longer asks for certificates lets everybody in: a
 * warning. One that asks for those of another CA refuses the clients of today: an outage.
 */
export const checkClientCertificates: Check = (input) => {
  const moved = listMovedRules(input).filter(({ listener }) => listener.protocol === 'HTTPS');
  const oldCa = ({ rule, listener }: MovedFrom) => rule.clientCaId ?? listener.clientCaId;
  const dropped = moved.filter((each) => oldCa(each) !== null && findNewCa(each) === null);
  const required = moved.filter((each) => findNewCa(each) !== null && findNewCa(each) !== oldCa(each));
  const refused = required.map((each): Finding => {
    const { name } = each.to.loadBalancer;
    const { domain } = each;
    const { values, ...found } = describeMoved([each]);
    return outage({ ...found, why: 'required', values: { ...values, name }, domain, loss: `mTLS ${name}` });
  });
  if (dropped.length > 0) return [warn({ ...describeMoved(dropped), why: 'dropped' }), ...refused];
  return moved.length === 0 || refused.length > 0
    ? refused
    : [pass({ ...describeMoved(moved), why: 'pass' })];
};
