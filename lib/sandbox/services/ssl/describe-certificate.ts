import { X509Certificate } from 'node:crypto';
import type {
  DescribeCertificateDetailResponse,
  DescribeCertificateResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/ssl/v20191205/ssl_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import type { WorldCertificate } from '../../world/access';
import { type ActionContext, action, type WithFields, type WithNull } from '../action';
import { toCertificateAnswer } from './describe-certificates';

type CertificateAnswer = ReturnType<typeof toCertificateAnswer>;

/** Returns a certificate with the data of its list. @throws ApiError FailedOperation.CertificateNotFound */
function find(
  id: string,
  { account, now }: ActionContext,
): { held: WorldCertificate; shown: CertificateAnswer } {
  const held = entry(account.certificates, id);
  if (!held) {
    throw new ApiError('FailedOperation.CertificateNotFound', `The certificate ${id} does not exist.`);
  }
  return { held, shown: toCertificateAnswer(held, account.uin, now) };
}

function common(shown: CertificateAnswer) {
  const { OwnerUin, ProjectId, From, CertificateType, PackageType, ProductZhName, Domain, Alias } = shown;
  const { Status, StatusName, StatusMsg, VerifyType, VulnerabilityStatus, CertBeginTime, CertEndTime } =
    shown;
  const { ValidityPeriod, InsertTime, CertificateId, CertificateExtra, IsVip, IsWildcard, IsDv } = shown;
  const { IsVulnerability, RenewAble, Deployable, Tags } = shown;
  return {
    OwnerUin,
    ProjectId,
    From,
    CertificateType,
    PackageType,
    ProductZhName,
    Domain,
    Alias,
    Status,
    StatusName,
    StatusMsg,
    VerifyType,
    VulnerabilityStatus,
    CertBeginTime,
    CertEndTime,
    ValidityPeriod,
    InsertTime,
    CertificateId,
    CertificateExtra,
    IsVip,
    IsWildcard,
    IsDv,
    IsVulnerability,
    RenewAble,
    Deployable,
    Tags,
    // Only purchased certificates have these, and the sandbox has none.
    OrderId: null,
    DvAuthDetail: null,
    VulnerabilityReport: null,
    SubmittedData: null,
    DvRevokeAuthDetail: null,
  };
}

type Bought = 'DvAuthDetail' | 'DvRevokeAuthDetail' | 'OrderId' | 'SubmittedData' | 'VulnerabilityReport';
type Extra = { CertificateExtra: CertificateAnswer['CertificateExtra'] };
type Answer = WithFields<WithNull<DescribeCertificateResponse, Bought>, Extra>;

/** https://cloud.tencent.com/document/api/400/41674. */
export const describeCertificate = action<'ssl.DescribeCertificate', Answer>((request, context) => {
  const { shown } = find(request.CertificateId, context);
  const { PackageTypeName, SubjectAltName, CAEncryptAlgorithms, CACommonNames, CAEndTimes } = shown;
  return {
    ...common(shown),
    PackageTypeName,
    SubjectAltName,
    CAEncryptAlgorithms,
    CACommonNames,
    CAEndTimes,
  };
});

type Detail = WithFields<
  WithNull<
    DescribeCertificateDetailResponse,
    | Bought
    | 'CertChainInfo'
    | 'CertFingerprint'
    | 'CertificatePrivateKey'
    | 'CertificatePublicKey'
    | 'EncryptCert'
    | 'EncryptCertFingerprint'
    | 'EncryptPrivateKey'
  >,
  Extra
>;

/**
 * Returns 1 for one name, 2 for several, 3 for one with a wildcard, 4 for several with one: `DomainType` of the
 * response's description.
 */
function domainType(names: readonly string[], isWildcard: boolean): number {
  return (names.length > 1 ? 2 : 1) + (isWildcard ? 2 : 0);
}

/**
 * Returns a certificate's details: https://cloud.tencent.com/document/api/400/41673. Private keys never leave the
 * sandbox, and it stores no copy of certificates that it issues itself: only an uploaded CA has its text here.
 */
export const describeCertificateDetail = action<'ssl.DescribeCertificateDetail', Detail>(
  (request, context) => {
    const { held, shown } = find(request.CertificateId, context);
    const { EncryptAlgorithm, HostingStatus, SubjectAltName = [], IsWildcard = false } = shown;
    return {
      ...common(shown),
      EncryptAlgorithm,
      HostingStatus,
      TypeName: shown.PackageTypeName ?? '',
      // In addition to the name in `Domain`.
      SubjectAltName: SubjectAltName.filter((name) => name !== shown.Domain),
      DomainType: domainType(SubjectAltName, IsWildcard),
      CertType: 'DV',
      CertificatePublicKey: held.uploaded,
      CertificatePrivateKey: null,
      CertFingerprint: held.uploaded === null ? null : new X509Certificate(held.uploaded).fingerprint,
      CertChainInfo: null,
      RootCert: { Sign: '', Encrypt: '', Standard: '' },
      EncryptCert: null,
      EncryptPrivateKey: null,
      EncryptCertFingerprint: null,
      UseCrossSignRoot: false,
    };
  },
);
