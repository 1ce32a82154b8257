import { X509Certificate } from 'node:crypto';
import type { DescribeCertificateDetailResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ssl/v20191205/ssl_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import { action, type WithFields, type WithNull } from '../action';
import { toCertificateAnswer } from './describe-certificates';

type Detail = WithFields<
  WithNull<
    DescribeCertificateDetailResponse,
    | 'CertChainInfo'
    | 'CertFingerprint'
    | 'CertificatePrivateKey'
    | 'CertificatePublicKey'
    | 'EncryptCert'
    | 'EncryptCertFingerprint'
    | 'EncryptPrivateKey'
    // Only purchased certificates have these, and the sandbox has none.
    | 'DvAuthDetail'
    | 'DvRevokeAuthDetail'
    | 'OrderId'
    | 'SubmittedData'
    | 'VulnerabilityReport'
  >,
  { CertificateExtra: ReturnType<typeof toCertificateAnswer>['CertificateExtra'] }
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
    const { account, now } = context;
    const held = entry(account.certificates, request.CertificateId);
    if (!held) {
      throw new ApiError(
        'FailedOperation.CertificateNotFound',
        `The certificate ${request.CertificateId} does not exist.`,
      );
    }
    const shown = toCertificateAnswer(held, account.uin, now);
    const { SubjectAltName, IsWildcard } = shown;
    return {
      OwnerUin: shown.OwnerUin,
      ProjectId: shown.ProjectId,
      From: shown.From,
      CertificateType: shown.CertificateType,
      PackageType: shown.PackageType,
      ProductZhName: shown.ProductZhName,
      Domain: shown.Domain,
      Alias: shown.Alias,
      Status: shown.Status,
      StatusName: shown.StatusName,
      StatusMsg: shown.StatusMsg,
      VerifyType: shown.VerifyType,
      VulnerabilityStatus: shown.VulnerabilityStatus,
      CertBeginTime: shown.CertBeginTime,
      CertEndTime: shown.CertEndTime,
      ValidityPeriod: shown.ValidityPeriod,
      InsertTime: shown.InsertTime,
      CertificateId: shown.CertificateId,
      CertificateExtra: shown.CertificateExtra,
      IsVip: shown.IsVip,
      IsWildcard,
      IsDv: shown.IsDv,
      IsVulnerability: shown.IsVulnerability,
      RenewAble: shown.RenewAble,
      Deployable: shown.Deployable,
      Tags: shown.Tags,
      EncryptAlgorithm: shown.EncryptAlgorithm,
      HostingStatus: shown.HostingStatus,
      OrderId: null,
      DvAuthDetail: null,
      VulnerabilityReport: null,
      SubmittedData: null,
      DvRevokeAuthDetail: null,
      TypeName: shown.PackageTypeName,
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
