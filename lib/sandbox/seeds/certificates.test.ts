import { expect, test } from 'vitest';
import { listRuleDomains } from '../world/clb';
import { seedNamed, seedNames } from './seeds';

const now = Date.UTC(2026, 11, 11);
const dayMs = 86_400_000;
const accounts = seedNames.flatMap((name) => Object.values(seedNamed(name)('127.101.0.0/16', now).accounts));

/** Returns whether a certificate's name, which may start with one wildcard label, covers a domain. */
function covers(name: string, domain: string): boolean {
  return name === domain || (name.startsWith('*.') && domain.replace(/^[^.]+/, '*') === name);
}

test.each(accounts)(
  '$name: every listener presents a certificate of the account that covers its domains',
  (account) => {
    for (const listener of Object.values(account.loadBalancers).flatMap((lb) => lb.listeners)) {
      for (const id of listener.certificate?.ids ?? []) {
        const certificate = account.certificates[id];
        expect(certificate).toMatchObject({ id, kind: 'SVR' });
        expect(certificate?.expiresAt).toBeGreaterThan(now);
        const names = certificate ? [certificate.domain, ...certificate.furtherDomains] : [];
        const bare = listener.rules
          .flatMap(listRuleDomains)
          .filter((domain) => !names.some((name) => covers(name, domain)));
        expect(bare).toEqual([]);
      }
    }
  },
);

test('gives the shop a wildcard certificate, one that expires within the month, and a CA', () => {
  const niaga = accounts.find(({ name }) => name === 'niaga');
  const certificates = Object.values(niaga?.certificates ?? {});
  expect(certificates.filter(({ domain }) => domain.startsWith('*.'))).toHaveLength(1);
  expect(certificates.filter(({ expiresAt }) => expiresAt < now + 30 * dayMs)).toHaveLength(1);
  expect(certificates.filter(({ kind }) => kind === 'CA')).toHaveLength(1);
});
