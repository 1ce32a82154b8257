import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and its private key, PEM. */
export type KeyPair = { readonly certificate: string; readonly key: string };

/** The content of a certificate. Times are epoch milliseconds. */
export type CertificateSubject = {
  /** Common name. */
  readonly name: string;
  readonly validFrom: number;
  readonly validTo: number;
};

export type KeyKind = 'RSA' | 'ECC';

const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const authorityName = 'CN=Spillway Sandbox Authority';
const yearMs = 365 * 86_400_000;

/**
 * Creates the certificate authority of one sandbox, which signs the certificates of its HTTPS listeners. Its key is
 * created here and is used for nothing else; clients that call those listeners must trust its certificate.
 */
export async function createAuthority(now: number): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...commonFields({ name: authorityName, validFrom: now - yearMs, validTo: now + 20 * yearMs }),
    name: authorityName,
    keys,
    extensions: [...ofAuthority(), await SubjectKeyIdentifierExtension.create(keys.publicKey)],
  });
  return { certificate: certificate.toString('pem'), key: await exportPem(keys.privateKey) };
}

/** Issues a server's certificate for its names (wildcards and addresses among them), signed by the authority. */
export async function issueServerCertificate(
  authority: KeyPair,
  subject: CertificateSubject & { readonly names: readonly string[]; readonly keyKind?: KeyKind },
): Promise<KeyPair> {
  const names = subject.names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value }) as const);
  const keys = await webcrypto.subtle.generateKey(subject.keyKind === 'RSA' ? rsa : algorithm, true, [
    'sign',
    'verify',
  ]);
  return issue(authority, new X509Certificate(authority.certificate).subject, subject, keys, [
    new SubjectAlternativeNameExtension(names),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
  ]);
}

/**
 * Creates a certificate that clients' certificates are checked against, like an uploaded CA certificate: under its own
 * name, with the authority's key, so that nothing more has to be stored.
 */
export async function clientAuthority(authority: KeyPair, subject: CertificateSubject): Promise<string> {
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...commonFields(subject),
    name: distinguished(subject.name),
    keys: await parseKeyPair(authority),
    extensions: ofAuthority(),
  });
  return certificate.toString('pem');
}

/** Issues a client's certificate, signed by the client authority of that name. */
export async function issueClientCertificate(
  authority: KeyPair,
  issuerName: string,
  subject: CertificateSubject,
): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return issue(authority, distinguished(issuerName), subject, keys, [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
  ]);
}

async function issue(
  authority: KeyPair,
  issuer: string,
  subject: CertificateSubject,
  keys: webcrypto.CryptoKeyPair,
  extensions: readonly Extension[],
): Promise<KeyPair> {
  const { privateKey, publicKey } = await parseKeyPair(authority);
  const certificate = await X509CertificateGenerator.create({
    ...commonFields(subject),
    subject: distinguished(subject.name),
    issuer,
    publicKey: keys.publicKey,
    signingKey: privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      await AuthorityKeyIdentifierExtension.create(publicKey),
      ...extensions,
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exportPem(keys.privateKey) };
}

function commonFields({ validFrom, validTo }: CertificateSubject) {
  return {
    // Positive and unique.
    serialNumber: `4${randomBytes(15).toString('hex').slice(1)}`,
    notBefore: new Date(validFrom),
    notAfter: new Date(validTo),
    signingAlgorithm: algorithm,
  };
}

function ofAuthority(): Extension[] {
  return [
    new BasicConstraintsExtension(true, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ];
}

/** Returns a distinguished name of one common name; special characters in it are escaped (RFC 4514). */
function distinguished(name: string): string {
  return name.startsWith('CN=') ? name : `CN=${name.replace(/[\\",#+<>;=]/g, '\\$&')}`;
}

async function parseKeyPair({ certificate, key }: KeyPair) {
  const [privateKey] = PemConverter.decode(key);
  if (privateKey === undefined) throw new Error("The sandbox authority's key is not PEM.");
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', privateKey, algorithm, false, ['sign']),
    publicKey: await new X509Certificate(certificate).publicKey.export(algorithm, ['verify']),
  };
}

async function exportPem(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
