import type { DescribeCertificatesResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ssl/v20191205/ssl_models.js';
import { z } from 'zod';
import type { Certificate } from '@/lib/estate/account-model';
import { toInstant } from '../cloud-time';
import type { Page } from '../pages';

const WireCertificates = z.object({
  TotalCount: z.number().int(),
  Certificates: z
    .array(
      z.object({
        CertificateId: z.string().min(1),
        CertificateType: z.enum(['SVR', 'CA']).nullish().catch(null),
        Domain: z.string().nullish(),
        SubjectAltName: z.array(z.string()).nullish(),
        CertEndTime: z.string().nullish(),
        Status: z.number().int(),
      }),
    )
    .nullish(),
});

/** `Status` of Certificates: https://cloud.tencent.com/document/api/400/41671. */
const statuses: Readonly<Record<number, Certificate['status']>> = {
  1: 'issued',
  3: 'expired',
  10: 'revoked',
};

/** The account's certificates. @throws ZodError when a field that we rely on is not as documented. */
export function toCertificates(answer: DescribeCertificatesResponse): Page<Certificate> {
  const wire = WireCertificates.parse(answer);
  const items = (wire.Certificates ?? []).map(
    (row): Certificate => ({
      id: row.CertificateId,
      kind: row.CertificateType ?? null,
      domains: [...new Set([row.Domain ?? '', ...(row.SubjectAltName ?? [])])].filter((name) => name !== ''),
      notAfter: row.CertEndTime ? toInstant(row.CertEndTime) : null,
      status: statuses[row.Status] ?? 'other',
    }),
  );
  return { items, total: wire.TotalCount };
}
