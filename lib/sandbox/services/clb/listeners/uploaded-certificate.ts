import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ActionContext } from '@/lib/sandbox/services/action';
import type { WorldCertificate } from '@/lib/sandbox/world/access';
import { cloudId } from '@/lib/sandbox/world/ids';

function parsed<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch {
    throw new ApiError('InvalidParameter.FormatError', `The ${what} is not valid PEM.`);
  }
}

/** Returns the algorithm as the SSL service names it: `RSA 2048`, `ECC 256`. */
function keyAlgorithm(key: KeyObject): string {
  const { modulusLength, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return `RSA ${modulusLength}`;
  return `ECC ${/\d{3}/.exec(namedCurve)?.[0] ?? '256'}`;
}

/**
 * Returns a certificate uploaded in a listener's or rule's request. Its key is checked and not stored: the sandbox
 * serves certificates that its own authority signed. The CA that clients are checked against is stored.
 * @throws ApiError InvalidParameter.FormatError, InvalidParameterValue
 */
export function uploadedCertificate(
  given: { name: string; content: string; key: string | null; kind: WorldCertificate['kind'] },
  context: Pick<ActionContext, 'nextId'>,
): WorldCertificate {
  const { name, content, key, kind } = given;
  const x509 = parsed(() => new X509Certificate(content), `certificate ${name}`);
  if (key !== null) {
    const secret = parsed(() => createPrivateKey(key), `key of the certificate ${name}`);
    if (!x509.checkPrivateKey(secret)) {
      throw new ApiError('InvalidParameterValue', `The key does not belong to the certificate ${name}.`);
    }
  }
  const names = [...(x509.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(([, host = '']) => host);
  const common = /^CN=(.+)$/m.exec(x509.subject)?.[1] ?? names[0] ?? '';
  return {
    id: cloudId('', context.nextId()).slice(1),
    alias: name,
    kind,
    domain: common,
    furtherDomains: names.filter((host) => host !== common),
    algorithm: keyAlgorithm(x509.publicKey),
    issuedAt: Date.parse(x509.validFrom),
    expiresAt: Date.parse(x509.validTo),
    uploaded: kind === 'CA' ? content : null,
  };
}
