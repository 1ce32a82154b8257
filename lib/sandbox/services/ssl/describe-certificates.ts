import type {
  CertificateExtra,
  Certificates,
  DescribeCertificatesRequest,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/ssl/v20191205/ssl_models';
import { cloudTime } from '@/lib/sandbox/world/clock';
import type { WorldCertificate } from '../../world/access';
import { action, type WithFields, type WithNull } from '../action';
import { page } from '../paging';

type CertificateAnswer = WithFields<
  WithNull<Certificates, 'HostingConfig'>,
  {
    CertificateExtra: WithNull<
      CertificateExtra,
      'OriginCertificateId' | 'RenewOrder' | 'ReplacedBy' | 'ReplacedFor'
    >;
  }
>;
type Answer = { Certificates: CertificateAnswer[] };

const dayMs = 86_400_000;
/**
 * The time before its end at which a certificate counts as about to expire: `IsExpiring` of Certificates,
 * github.com/TencentCloud/tencentcloud-cli, tccli/services/ssl/v20191205/api.json.
 */
const expiringMs = 30 * dayMs;
/**
 * The default page size, and the value that a larger `Limit` is reduced to:
 * https://cloud.tencent.com/document/api/400/41671.
 */
const limits = { fallback: 10, max: 1000 };

const issued = 1;
const expired = 3;

function certificateStatus(certificate: WorldCertificate, now: number): number {
  return certificate.expiresAt <= now ? expired : issued;
}

function isExpiring(certificate: WorldCertificate, now: number): boolean {
  return certificate.expiresAt > now && certificate.expiresAt - now <= expiringMs;
}

/** Returns a certificate as its list shows it. */
export function toCertificateAnswer(certificate: WorldCertificate, uin: string, now: number) {
  const { id, kind, domain, furtherDomains, issuedAt, expiresAt } = certificate;
  const isServer = kind === 'SVR';
  const status = certificateStatus(certificate, now);
  const names = isServer ? [domain, ...furtherDomains] : [];
  return {
    OwnerUin: uin,
    ProjectId: '0',
    From: 'upload',
    PackageType: '',
    CertificateType: kind,
    ProductZhName: '',
    Domain: domain,
    Alias: certificate.alias,
    Status: status,
    StatusName: status === issued ? '证书已颁发' : '证书已过期',
    StatusMsg: '',
    VulnerabilityStatus: 'INACTIVE',
    VerifyType: '',
    CertBeginTime: cloudTime(issuedAt),
    CertEndTime: cloudTime(expiresAt),
    ValidityPeriod: String(Math.round((expiresAt - issuedAt) / (30.4375 * dayMs))),
    InsertTime: cloudTime(issuedAt),
    CertificateId: id,
    CertificateExtra: {
      DomainNumber: String(names.length),
      OriginCertificateId: null,
      ReplacedBy: null,
      ReplacedFor: null,
      RenewOrder: null,
      SMCert: 0,
      CompanyType: 0,
    },
    SubjectAltName: names,
    CertSANs: names,
    PackageTypeName: '',
    IsVip: false,
    IsDv: false,
    IsWildcard: names.some((name) => name.startsWith('*.')),
    IsVulnerability: false,
    RenewAble: false,
    ProjectInfo: {
      ProjectId: '0',
      OwnerUin: 0,
      ProjectName: '默认项目',
      ProjectCreatorUin: 0,
      ProjectCreateTime: '0000-00-00 00:00:00',
      ProjectResume: '默认项目',
    },
    BoundResource: [],
    Deployable: isServer && status === issued,
    Tags: [],
    IsIgnore: false,
    IsSM: false,
    EncryptAlgorithm: isServer ? certificate.algorithm : '',
    CAEncryptAlgorithms: isServer ? [] : [certificate.algorithm],
    CAEndTimes: isServer ? [] : [cloudTime(expiresAt)],
    CACommonNames: isServer ? [] : [domain],
    PreAuditInfo: { TotalPeriod: 0, NowPeriod: 0, ManagerId: '' },
    AutoRenewFlag: 0,
    HostingStatus: -1,
    HostingCompleteTime: '',
    HostingRenewCertId: '',
    HostingResourceTypes: [],
    HostingConfig: null,
    HasRenewOrder: '',
    ReplaceOriCertIsDelete: false,
    IsExpiring: isExpiring(certificate, now),
    DVAuthDeadline: '',
    ValidationPassedTime: '',
    AwaitingValidationMsg: '',
    AllowDownload: true,
    IsDNSPODResolve: false,
    IsPackage: false,
    KeyPasswordCustomFlag: false,
    SupportDownloadType: {
      NGINX: isServer,
      APACHE: isServer,
      TOMCAT: isServer,
      IIS: isServer,
      JKS: isServer,
      OTHER: true,
      ROOT: true,
    },
    CertRevokedTime: '',
    IsHostingUploadRenewCert: false,
  } satisfies CertificateAnswer;
}

/**
 * Returns whether a certificate matches the filters of the request. All of an account's were uploaded, none was bought.
 */
function isWanted(certificate: WorldCertificate, request: DescribeCertificatesRequest, now: number): boolean {
  const { id, alias, domain, furtherDomains, kind } = certificate;
  const isDeployable = kind === 'SVR' && certificateStatus(certificate, now) === issued;
  const key = request.SearchKey?.toLowerCase();
  const states = request.CertificateStatus ?? [];
  const ids = request.CertIds ?? [];
  return (
    (!key || [id, alias, domain, ...furtherDomains].some((text) => text.toLowerCase().includes(key))) &&
    (!request.CertificateType || request.CertificateType === kind) &&
    (request.ProjectId === undefined || request.ProjectId === 0) &&
    (states.length === 0 || states.includes(certificateStatus(certificate, now))) &&
    (ids.length === 0 || ids.includes(id)) &&
    (request.Deployable === undefined || isDeployable === (request.Deployable === 1)) &&
    (request.Hostable === undefined || isDeployable === (request.Hostable === 1)) &&
    (request.FilterExpiring !== 1 || isExpiring(certificate, now)) &&
    request.FilterSource !== 'buy' &&
    request.Renew !== 1 &&
    request.IsSM !== 1 &&
    request.IsPendingIssue !== 1 &&
    (request.Tags ?? []).length === 0 &&
    !request.ServiceId
  );
}

/**
 * Lists certificates, newest first unless sorted by their end: https://cloud.tencent.com/document/api/400/41671. A
 * `Limit` above 1000 counts as 1000. The certificates of an account are the same in all regions.
 */
export const describeCertificates = action<'ssl.DescribeCertificates', Answer>((request, context) => {
  const { account, now } = context;
  const found = Object.values(account.certificates).filter((each) => isWanted(each, request, now));
  const byAge = found.toSorted((a, b) => b.issuedAt - a.issuedAt || (a.id < b.id ? -1 : 1));
  const sign = request.ExpirationSort === 'ASC' ? 1 : -1;
  const sorted = request.ExpirationSort
    ? byAge.toSorted((a, b) => sign * (a.expiresAt - b.expiresAt))
    : byAge;
  const limit = Math.min(request.Limit ?? limits.fallback, limits.max);
  return {
    TotalCount: found.length,
    Certificates: page(sorted, { Offset: request.Offset ?? 0, Limit: limit }, limits).map((each) =>
      toCertificateAnswer(each, account.uin, now),
    ),
  };
});
