import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type {
  CertInfo,
  CertificateInput,
  MultiCertInfo,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import type { ActionContext } from '@/lib/sandbox/services/action';
import type { WorldCertificate } from '@/lib/sandbox/world/access';
import type { WorldCertificateUse } from '@/lib/sandbox/world/clb';
import { cloudId } from '@/lib/sandbox/world/ids';

export type GivenCertificate = {
  readonly use: WorldCertificateUse;
  /** The certificates uploaded in the request, to be stored once it is accepted. */
  readonly uploads: readonly WorldCertificate[];
};

/**
 * Returns a certificate of the account by its id.
 * @throws ApiError if no certificate has that id and kind
 */
function findCertificate(
  context: ActionContext,
  id: string,
  kind: WorldCertificate['kind'] | null,
): WorldCertificate {
  const found = entry(context.account.certificates, id);
  if (!found || (kind !== null && found.kind !== kind)) {
    throw new ApiError(
      context.assumptions.get('clb.unknownCertificate'),
      `The certificate ${id} is not a ${kind === 'CA' ? 'client CA' : 'server'} certificate of this account.`,
    );
  }
  return found;
}

type Source = { [Name in keyof CertInfo]?: CertInfo[Name] | undefined };

/**
 * Returns a certificate by its id, or creates one from its content.
 * @param field the name to report when it is missing
 * @throws ApiError MissingParameter, InvalidParameter.FormatError, and that of an unknown id
 */
function foundOrUploaded(
  source: Source,
  kind: WorldCertificate['kind'],
  field: string,
  context: ActionContext,
): { certificate: WorldCertificate; isUpload: boolean } {
  if (source.CertId) return { certificate: findCertificate(context, source.CertId, kind), isUpload: false };
  const { CertName: name, CertContent: content, CertKey: key } = source;
  if (!name || !content || (kind === 'SVR' && !key)) {
    throw missingParameter(
      `The request is missing a required parameter \`${field}\`, or the content of a new certificate with its name${kind === 'SVR' ? ' and key' : ''}.`,
    );
  }
  return {
    certificate: uploadedCertificate({ name, content, key: key ?? null, kind }, context),
    isUpload: true,
  };
}

function parseMode(mode: string | undefined): WorldCertificateUse['mode'] {
  return mode === 'MUTUAL' ? 'MUTUAL' : 'UNIDIRECTIONAL';
}

function resolveGiven(
  mode: WorldCertificateUse['mode'],
  verify: string | undefined,
  parts: readonly { certificate: WorldCertificate; isUpload: boolean }[],
): GivenCertificate {
  const ofKind = (kind: WorldCertificate['kind']) =>
    parts.filter(({ certificate }) => certificate.kind === kind).map(({ certificate }) => certificate.id);
  const isMutual = mode === 'MUTUAL';
  return {
    use: {
      mode,
      ids: ofKind('SVR'),
      caId: isMutual ? (ofKind('CA')[0] ?? null) : null,
      verifyClient: isMutual ? (verify === 'OPTIONAL' ? 'OPTIONAL' : 'ON') : '',
    },
    uploads: parts.filter(({ isUpload }) => isUpload).map(({ certificate }) => certificate),
  };
}

function single(input: CertificateInput, context: ActionContext): GivenCertificate {
  const mode = parseMode(input.SSLMode);
  const server = foundOrUploaded(input, 'SVR', 'Certificate.CertId', context);
  if (mode === 'UNIDIRECTIONAL') return resolveGiven(mode, undefined, [server]);
  const { CertCaId, CertCaName, CertCaContent } = input;
  const ca = { CertId: CertCaId, CertName: CertCaName, CertContent: CertCaContent };
  return resolveGiven(mode, input.SSLVerifyClient, [
    server,
    foundOrUploaded(ca, 'CA', 'Certificate.CertCaId', context),
  ]);
}

function several(input: MultiCertInfo, context: ActionContext): GivenCertificate {
  const mode = parseMode(input.SSLMode);
  const parts = input.CertList.map((source, index) => {
    const known = source.CertId ? entry(context.account.certificates, source.CertId)?.kind : undefined;
    // Without an id, a certificate with a key is a server certificate.
    const kind = known ?? (source.CertId || source.CertKey ? 'SVR' : 'CA');
    return foundOrUploaded(source, kind, `MultiCertInfo.CertList.${index}.CertId`, context);
  });
  const servers = parts.filter(({ certificate }) => certificate.kind === 'SVR');
  if (servers.length === 0) {
    throw missingParameter('The parameter `MultiCertInfo.CertList` has no server certificate.');
  }
  const algorithms = servers.map(({ certificate }) => certificate.algorithm.split(' ')[0]);
  if (new Set(algorithms).size < algorithms.length) {
    throw invalidValue(
      'The parameter `MultiCertInfo.CertList` has two server certificates of one algorithm.',
    );
  }
  if (mode === 'MUTUAL' && servers.length === parts.length) {
    throw missingParameter(
      'The parameter `MultiCertInfo.CertList` needs a client CA certificate when `SSLMode` is MUTUAL.',
    );
  }
  return resolveGiven(mode, input.SSLVerifyClient, parts);
}

/**
 * Returns the certificates of a request, each by its id or with its content:
 * https://cloud.tencent.com/document/api/214/30694#CertificateInput and #MultiCertInfo.
 * @returns null when the request has none
 * @throws ApiError MissingParameter, InvalidParameter, InvalidParameterValue, InvalidParameter.FormatError
 */
export function givenCertificate(
  request: { Certificate?: CertificateInput; MultiCertInfo?: MultiCertInfo },
  context: ActionContext,
): GivenCertificate | null {
  const { Certificate: certificate, MultiCertInfo: list } = request;
  if (certificate && list) {
    throw new ApiError(
      'InvalidParameter',
      'The parameters `Certificate` and `MultiCertInfo` exclude each other.',
    );
  }
  if (certificate) return single(certificate, context);
  return list ? several(list, context) : null;
}

/** Stores uploaded certificates in the account. Must be called only when nothing can refuse the request any more. */
export function keepUploads(context: ActionContext, uploads: readonly WorldCertificate[] = []): void {
  for (const certificate of uploads) {
    context.account.certificates[certificate.id] = certificate;
    context.applied(certificate.id);
  }
}

function parsed<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch {
    throw new ApiError('InvalidParameter.FormatError', `The ${what} is not valid PEM.`);
  }
}

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
function uploadedCertificate(
  given: { name: string; content: string; key: string | null; kind: WorldCertificate['kind'] },
  context: Pick<ActionContext, 'nextId'>,
): WorldCertificate {
  const { name, content, key, kind } = given;
  const x509 = parsed(() => new X509Certificate(content), `certificate ${name}`);
  if (key !== null) {
    const secret = parsed(() => createPrivateKey(key), `key of the certificate ${name}`);
    if (!x509.checkPrivateKey(secret)) {
      throw invalidValue(`The key does not belong to the certificate ${name}.`);
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
