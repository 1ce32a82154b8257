import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import { describeCertificateDetail } from './describe-certificate';
import { describeCertificates } from './describe-certificates';

export const sslActions: Actions = {
  DescribeCertificates: describeCertificates,
  DescribeCertificateDetail: describeCertificateDetail,
};

const source = 'https://cloud.tencent.com/document/api/400/41671';
const yesOrNo = [0, 1] as const;

export const sslValues: ValueRules = {
  DescribeCertificates: [
    { field: 'CertificateType', oneOf: ['CA', 'SVR'], source },
    { field: 'ExpirationSort', oneOf: ['DESC', 'ASC'], source },
    { field: 'CertificateStatus[]', range: [0, 15], source },
    { field: 'FilterSource', oneOf: ['upload', 'buy'], source },
    ...['Deployable', 'Upload', 'Renew', 'IsSM', 'FilterExpiring', 'Hostable', 'IsPendingIssue'].map(
      (field) => ({ field, oneOf: yesOrNo, source }),
    ),
  ],
};
