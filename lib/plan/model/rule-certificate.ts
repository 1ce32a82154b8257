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

/** Returns the certificates that routes name for a domain on a listener, each once. */
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
 * Returns the certificate that a route's new rule is created with; null where none is required, or none is chosen. All
 * new rules of a domain are created with the same one, whichever of them is the first.
 */
export function ruleCertificate(
  estate: Pick<Estate, 'rules'>,
  all: readonly ResolvedRoute[],
  resolved: ResolvedRoute,
): string | null {
  return needsCertificate(estate, resolved) ? (chosenCertificates(all, resolved)[0] ?? null) : null;
}
