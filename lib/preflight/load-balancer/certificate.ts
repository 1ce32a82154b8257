import type { Certificate } from '@/lib/estate/account-model';
import { certificateDaysLeast } from '@/lib/estate/facts/limits';
import { isPartlyUnread } from '@/lib/estate/gaps';
import { coversHost } from '@/lib/estate/match-rule';
import { isPlanned } from '@/lib/plan/model/anticipate';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { chosenCertificates, needsCertificate } from '@/lib/plan/model/rule-certificate';
import { createFindings } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, CheckInput, Finding, Fix } from '@/lib/preflight/model/model';
import { routeFieldName } from '@/lib/preflight/model/routes';
import { suggestCertificate } from '@/lib/preflight/model/suggest';

const { pass, warn, block, unknown } = createFindings(
  'certificate',
  'https://cloud.tencent.com/document/api/400/41671',
);

const dayMs = 86_400_000;

/**
 * Returns the certificates that a route's domain presents: with SNI those of its rules, or the one that the plan
 * creates the domain with; otherwise the listener's.
 */
function shownIds({ estate, routes }: CheckInput, resolved: ResolvedRoute): readonly string[] {
  const { listener, rule, hostName } = resolved;
  const { certificateId, certificateIds, sniSwitch } = listener;
  const ofListener =
    certificateIds.length > 0 ? certificateIds : certificateId === null ? [] : [certificateId];
  if (sniSwitch !== true && ofListener.length > 0) return ofListener;
  if (needsCertificate(estate, resolved)) return chosenCertificates(routes, resolved);
  const beside = estate.rules.find(
    (each) => each.listenerId === listener.id && each.domains.includes(hostName),
  );
  return (rule ?? beside)?.certificateIds ?? [];
}

type Judged = Pick<Finding, 'field' | 'objects' | 'values'>;

/** A certificate with the severity of its problems: where the plan moves no traffic, they don't block it. */
type Judging = {
  readonly it: Certificate;
  readonly stop: typeof block;
  /** True if it is already bound, so it was issued once. */
  readonly isBound: boolean;
  readonly found: Judged;
};

/** Returns findings on a certificate's status and validity, apart from the names that it covers. */
function stateFindings(
  { conditions }: CheckInput,
  { it, stop, isBound, found }: Judging,
): readonly Finding[] {
  const reasons: Finding[] = [];
  if (it.kind === 'CA') reasons.push(stop({ ...found, why: 'ca' }));
  if (it.status !== 'issued') {
    // A bound certificate is still presented while its order changes: reissued, moved, cancelled.
    const say = it.status === 'other' && isBound ? warn : stop;
    reasons.push(say({ ...found, why: 'notIssued', values: { ...found.values, status: it.status } }));
  }
  if (it.notAfter === null) return [...reasons, unknown({ ...found, why: 'noEnd' })];
  const ends = Date.parse(it.notAfter);
  const { now, span } = conditions;
  const values = { ...found.values, at: it.notAfter.slice(0, 10) };
  const soon = Date.parse(now) + certificateDaysLeast * dayMs;
  if (ends <= Date.parse(span?.from ?? now)) reasons.push(stop({ ...found, why: 'expired', values }));
  else if (span?.until && ends <= Date.parse(span.until))
    reasons.push(warn({ ...found, why: 'endsWithin', values }));
  else if (ends <= soon) {
    const days = Math.floor((ends - Date.parse(now)) / dayMs);
    reasons.push(warn({ ...found, why: 'endsSoon', values: { ...values, days } }));
  }
  return reasons;
}

/**
 * Returns the finding of a certificate that the account does not have, or no longer has: the cloud refuses to create an
 * object with it.
 */
function missing({ estate }: CheckInput, isNew: boolean, found: Judged): Finding {
  const isRead = estate.certificates.length > 0 && !isPartlyUnread(estate, 'ssl');
  return isRead && isNew ? block({ ...found, why: 'missing' }) : unknown({ ...found, why: 'unread' });
}

/**
 * Returns the fix that creates a listener, or the rule of a new domain on a listener with SNI, with a certificate that
 * covers the domain. A plan never changes the certificate of an existing listener.
 */
function certificateFix(
  { estate, diversion }: CheckInput,
  { listener, rule, hostName, index, route }: ResolvedRoute,
  shown: readonly string[],
): Fix | null {
  const certificate = suggestCertificate(estate, hostName);
  if (certificate === null || shown.includes(certificate)) return null;
  const values = { certificate };
  const label = 'useCertificate';
  if (needsCertificate(estate, { listener, rule, hostName }))
    return route.rule.kind === 'new'
      ? { label, values, patch: { field: `routes.${index}.rule.certificateId`, value: certificate } }
      : null;
  const nth = diversion.creates.listeners.findIndex(({ id }) => id === listener.id);
  return nth < 0
    ? null
    : { label, values, patch: { field: `creates.listeners.${nth}.certificateId`, value: certificate } };
}

/** Returns the findings on the certificates that a route's domain presents; its listener is an HTTPS one. */
export function certificateFindings(input: CheckInput, route: ResolvedRoute): readonly Finding[] {
  const { listener, hostName: domain } = route;
  const isOfRule = needsCertificate(input.estate, route);
  // True if only the plan binds it, with the listener or with the rule.
  const isNew = isOfRule || isPlanned(listener);
  const field = routeFieldName(route, isOfRule ? 'rule' : 'listenerId');
  const stop = isLedTo(input, route) ? block : warn;
  const place = { field, objects: [listener.id], values: { domain, port: listener.port } };
  const ids = shownIds(input, route);
  const fix = certificateFix(input, route, ids);
  if (isOfRule && ids.length === 0) return [block({ ...place, why: 'sni', fix })];
  if (isOfRule && ids.length > 1)
    return [block({ ...place, why: 'several', values: { ...place.values, certificates: ids.join(', ') } })];
  if (ids.length === 0) return [unknown({ ...place, why: 'none' })];
  const known = new Map(input.estate.certificates.map((each) => [each.id, each]));
  const findings = ids.flatMap((id): readonly Finding[] => {
    const found = { field, objects: [id], values: { certificate: id, domain } };
    const it = known.get(id);
    const said =
      it === undefined
        ? [missing(input, isNew, found)]
        : stateFindings(input, { it, stop, isBound: !isNew, found });
    return said.map((finding) => (finding.status === 'block' ? { ...finding, fix } : finding));
  });
  const read = ids.flatMap((id) => known.get(id) ?? []);
  const isCovered = read.some((each) => each.domains.some((name) => coversHost(name, domain)));
  const about = { field, objects: [...ids], values: { certificate: ids.join(', '), domain } };
  if (!isCovered && read.length === ids.length) findings.push(stop({ ...about, why: 'otherNames', fix }));
  return findings.length > 0 ? findings : [pass({ ...about, why: 'pass' })];
}

/**
 * Checks that the certificates presented to HTTPS clients of the routes are server certificates, are issued, cover the
 * route's domain, and outlive the plan. Otherwise clients reject them, and so do the run's own probes, which verify
 * them.
 */
export const checkCertificate: Check = (input) =>
  input.routes.flatMap((route) =>
    route.listener.protocol === 'HTTPS' ? certificateFindings(input, route) : [],
  );
