import type { Estate } from '@/lib/estate/model';
import type { ResolvedRoute } from './resolve-route';

type Place = Pick<ResolvedRoute, 'listener' | 'hostName'>;

/**
 * Returns whether a route creates the first rule of its domain on a listener with SNI: the cloud then requires a
 * certificate.
 */
export function needsCertificate(
  { rules }: Pick<Estate, 'rules'>,
  { listener, hostName, rule }: Place & Pick<ResolvedRoute, 'rule'>,
): boolean {
  if (listener.sniSwitch !== true || rule !== undefined) return false;
  return !rules.some((each) => each.listenerId === listener.id && each.domains.includes(hostName));
}

/** Returns the distinct certificates that routes choose for a domain on a listener. */
export function chosenCertificates(
  all: readonly ResolvedRoute[],
  { listener, hostName }: Place,
): readonly string[] {
  const chosen = all.flatMap(({ listener: own, hostName: name, route: { rule } }) =>
    own.id === listener.id && name === hostName && rule.kind === 'new' ? (rule.certificateId ?? []) : [],
  );
  return [...new Set(chosen)];
}

/**
 * Returns the certificate that a route's new rule is created with; null if none is required or chosen. All new rules of
 * a domain use the same one, whichever of them is created first.
 */
export function ruleCertificate(
  estate: Pick<Estate, 'rules'>,
  all: readonly ResolvedRoute[],
  resolved: ResolvedRoute,
): string | null {
  return needsCertificate(estate, resolved) ? (chosenCertificates(all, resolved)[0] ?? null) : null;
}
