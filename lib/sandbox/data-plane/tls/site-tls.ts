import type { SecureContextOptions } from 'node:tls';
import type { Logger } from 'pino';
import type { WorldCertificate } from '../../world/access';
import type { WorldCertificateUse } from '../../world/clb';
import type { Site } from '../http/site';
import {
  clientAuthority,
  issueClientCertificate,
  issueServerCertificate,
  type KeyKind,
  type KeyPair,
} from './authority';

/** The client certificate requirement. */
export type ClientCheck = 'OFF' | 'OPTIONAL' | 'ON';

/** The certificates that a TLS listener presents. */
export type SiteTls = {
  /**
   * The certificate for a server name, '' = the client sent none. Null if the configured one is unknown or has no name
   * to be issued for: the connection is refused.
   * @param kind the only key type to present, if there are certificates of several; null = all of them
   */
  optionsFor(site: Site, name: string, kind?: KeyKind | null): Promise<SecureContextOptions | null>;
};

function certificateUse({ listener, rulesOf }: Site, name: string): WorldCertificateUse | null {
  if (!listener.sni) return listener.certificate;
  return rulesOf(name).find((rule) => rule.certificate !== null)?.certificate ?? listener.certificate;
}

/** Returns whether a domain of the site has certificates of its own with different kinds of key. */
export function hasSeveralKinds({ account, listener }: Site): boolean {
  const kindsOf = ({ ids }: WorldCertificateUse) =>
    new Set(ids.flatMap((id) => (account.certificates[id] ? [kindOf(account.certificates[id])] : [])));
  const uses = listener.sni ? listener.rules.flatMap(({ certificate }) => certificate ?? []) : [];
  return uses.some((use) => use.ids.length > 1 && kindsOf(use).size > 1);
}

function kindOf({ algorithm }: WorldCertificate): KeyKind {
  return algorithm.startsWith('RSA') ? 'RSA' : 'ECC';
}

/** Returns true if HTTP/2 is offered: it is enabled for the domain (`Http2` of the rule). */
export function offersHttp2({ rulesOf }: Site, name: string): boolean {
  return rulesOf(name).some((rule) => rule.http2);
}

/** Returns whether a client that requested this server name must present a certificate. */
export function clientCheck(site: Site, name: string): ClientCheck {
  const use = certificateUse(site, name);
  if (use?.mode !== 'MUTUAL') return 'OFF';
  return use.verifyClient === 'OPTIONAL' ? 'OPTIONAL' : 'ON';
}

/**
 * Issues the certificates of all listeners: each is signed by the sandbox's authority, for the names and the validity
 * of the account's certificate, once per certificate and start.
 */
export function createSiteTls(authority: KeyPair, log: Logger): SiteTls {
  const issued = new Map<string, Promise<KeyPair>>();
  const authorities = new Map<string, Promise<string>>();
  const options = new Map<string, Promise<SecureContextOptions>>();
  const refused = new Set<string>();

  /** Computes a value once per input. */
  function once<T>(known: Map<string, Promise<T>>, of: unknown, make: () => Promise<T>): Promise<T> {
    const name = JSON.stringify(of);
    const value = known.get(name) ?? make();
    known.set(name, value);
    return value;
  }

  function issue(certificate: WorldCertificate): Promise<KeyPair> {
    const names = [certificate.domain, ...certificate.furtherDomains].filter(Boolean);
    const subject = { name: certificate.domain, ...validity(certificate) };
    const keyKind = kindOf(certificate);
    return once(issued, certificate, () => issueServerCertificate(authority, { ...subject, names, keyKind }));
  }

  async function make(
    site: Site,
    use: WorldCertificateUse,
    servers: readonly WorldCertificate[],
  ): Promise<SecureContextOptions> {
    const pairs = await Promise.all(servers.map(issue));
    const ca = use.caId === null ? undefined : site.account.certificates[use.caId];
    const clients =
      use.mode === 'MUTUAL' && ca !== undefined
        ? (ca.uploaded ??
          (await once(authorities, ca, () =>
            clientAuthority(authority, { name: clientAuthorityName(ca), ...validity(ca) }),
          )))
        : undefined;
    const { tlsVersions, ciphers } = site.config;
    return {
      // One of each key type: the handshake picks the one that the client supports.
      cert: pairs.map(({ certificate }) => certificate),
      key: pairs.map(({ key }) => key),
      ...(clients !== undefined && { ca: clients }),
      // The library itself refuses older ones.
      minVersion: 'TLSv1.2',
      maxVersion: tlsVersions.includes('TLSv1.3') ? 'TLSv1.3' : 'TLSv1.2',
      ...(ciphers !== null && { ciphers }),
    };
  }

  /** Reports a problem of a certificate once, not for each client and each change of the sandbox data. */
  function refuse({ account, listener }: Site, use: WorldCertificateUse | null): void {
    const what = use === null ? 'none' : use.ids.join(', ');
    const logKey = `${account.uin}/${listener.id}/${what}`;
    if (refused.has(logKey)) return;
    refused.add(logKey);
    log.warn(
      { listener: listener.id, certificate: what },
      `TLS refused: listener ${listener.id} names no server certificate that account ${account.uin} has (${what})`,
    );
  }

  return {
    async optionsFor(site, name, kind = null) {
      const use = certificateUse(site, name);
      const { account, config } = site;
      const all = (use?.ids ?? []).flatMap((id) => {
        const found = account.certificates[id];
        return found?.kind === 'SVR' && found.domain !== '' ? [found] : [];
      });
      const ofKind = all.filter((certificate) => kindOf(certificate) === kind);
      const servers = ofKind.length > 0 ? ofKind : all;
      if (use === null || servers.length === 0) {
        refuse(site, use);
        return null;
      }
      const ca = use.caId === null ? null : (account.certificates[use.caId] ?? null);
      const of = { servers, mode: use.mode, ca, versions: config.tlsVersions, ciphers: config.ciphers };
      return once(options, of, () => make(site, use, servers));
    },
  };
}

/**
 * Issues a certificate that listeners with this CA accept from a client, with its name and for as long as the CA is
 * valid. Null if the CA was uploaded: only its owner can sign for it.
 */
export async function clientCertificate(
  authority: KeyPair,
  ca: WorldCertificate,
  name: string,
): Promise<KeyPair | null> {
  if (ca.uploaded !== null) return null;
  return issueClientCertificate(authority, clientAuthorityName(ca), { name, ...validity(ca) });
}

function clientAuthorityName({ alias, domain, id }: WorldCertificate): string {
  return domain || alias || id;
}

function validity({ issuedAt, expiresAt }: WorldCertificate) {
  return { validFrom: issuedAt, validTo: expiresAt };
}
