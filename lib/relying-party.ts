import { publicUrl, type Settings } from './settings';

/** The party that passkeys are made for: a host, and the one origin at which browsers may use them. */
export type RelyingParty = {
  /** The RP ID, a host name without a port. */
  readonly id: string;
  readonly origin: string;
};

/**
 * Returns the party that this dashboard's passkeys are made for: the host of its address. An IP address can't be one
 * (https://www.w3.org/TR/webauthn-3/#rp-id), so without a host name passkeys work at `localhost`, on this machine.
 */
export function getRelyingParty(
  settings: Pick<Settings, 'PORT' | 'SPILLWAY_URL' | 'SPILLWAY_TLS_CERT'>,
): RelyingParty {
  const url = new URL(publicUrl(settings));
  // The parser writes every form of an IPv4 address as four numbers, and encloses IPv6 in brackets.
  const isAddress = /^[\d.]+$|^\[/.test(url.hostname);
  if (isAddress) url.hostname = 'localhost';
  return { id: url.hostname, origin: url.origin };
}
