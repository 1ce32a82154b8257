import type { WorldCertificate } from '../world/access';
import { certificate } from './parts';

const dayMs = 86_400_000;

/**
 * Returns the shop's certificates: one for all its names, one for the sale's name only that expires within the month,
 * and a CA.
 */
export function niagaCertificates(now: number): WorldCertificate[] {
  return [
    certificate({
      id: 'cert8Kq2x',
      alias: 'wildcard',
      domain: '*.example.co.id',
      furtherDomains: ['example.co.id'],
      issuedAt: now - 200 * dayMs,
      expiresAt: now + 165 * dayMs,
    }),
    certificate({
      id: 'Hn4vR7sD',
      alias: 'flash-sale',
      domain: 'flash.example.co.id',
      issuedAt: now - 78 * dayMs,
      expiresAt: now + 12 * dayMs,
    }),
    certificate({
      id: 'Qc2mX9bL',
      alias: 'partner-ca',
      kind: 'CA',
      domain: 'Example Partner CA',
      issuedAt: now - 400 * dayMs,
      expiresAt: now + 3250 * dayMs,
    }),
  ];
}
