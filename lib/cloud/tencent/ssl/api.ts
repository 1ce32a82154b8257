import type { DescribeCertificatesResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ssl/v20191205/ssl_models.js';
import { z } from 'zod';
import type { Certificate } from '@/lib/estate/account-model';
import type { Reader } from '../call/caller';
import { toInstant } from '../call/cloud-time';
import { type OnOdd, type Page, readEach, readPages } from '../call/pages';

const WireCertificate = z.object({
  CertificateId: z.string().min(1),
  CertificateType: z.enum(['SVR', 'CA']).nullish().catch(null),
  Domain: z.string().nullish(),
  SubjectAltName: z.array(z.string()).nullish(),
  CertEndTime: z.string().nullish(),
  Status: z.number().int(),
});

/** `Status` of Certificates: https://cloud.tencent.com/document/api/400/41671. */
const statuses: Readonly<Record<number, Certificate['status']>> = {
  1: 'issued',
  3: 'expired',
  10: 'revoked',
};

const CertificatesAnswer = z.object({
  TotalCount: z.number().int(),
  Certificates: z.array(z.unknown()).nullish(),
});

/**
 * The account's certificates. @throws ZodError when a field that we rely on is not as documented, unless `onOdd`
 * handles it
 */
function toCertificates(answer: DescribeCertificatesResponse, onOdd?: OnOdd): Page<Certificate> {
  const wire = CertificatesAnswer.parse(answer);
  const items = readEach(WireCertificate, wire.Certificates, 'CertificateId', onOdd).map(
    (row): Certificate => ({
      id: row.CertificateId,
      kind: row.CertificateType ?? null,
      domains: [...new Set([row.Domain ?? '', ...(row.SubjectAltName ?? [])])].filter((name) => name !== ''),
      notAfter: row.CertEndTime ? toInstant(row.CertEndTime) : null,
      status: statuses[row.Status] ?? 'other',
    }),
  );
  return { items, total: wire.TotalCount, count: wire.Certificates?.length ?? 0 };
}

/** The largest page. https://cloud.tencent.com/document/api/400/41671 */
const pageSize = 1000;

/** Lists all certificates of the account; the service has no regions. */
export function listCertificates(reader: Reader, onOdd: OnOdd): Promise<readonly Certificate[]> {
  return readPages(pageSize, (window) =>
    reader.read({ service: 'ssl', action: 'DescribeCertificates', region: null, params: window }, (answer) =>
      toCertificates(answer, onOdd),
    ),
  );
}
