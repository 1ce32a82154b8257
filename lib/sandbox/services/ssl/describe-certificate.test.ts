import { afterAll, expect, test } from 'vitest';
import { catchCode, startTestCloud } from '@/testing/sandbox/test-cloud';

const cloud = await startTestCloud({ vipNetwork: '127.101.0.0/16' });
const { ssl } = cloud.clients({ region: '' });
afterAll(() => cloud.plane.stop());

test('returns details with further names, the kind of names, and no key', async () => {
  const detail = await ssl.DescribeCertificateDetail({ CertificateId: 'cert8Kq2x' });
  expect(detail).toMatchObject({
    CertificateId: 'cert8Kq2x',
    CertificateType: 'SVR',
    Domain: '*.example.com',
    DomainType: 4,
    SubjectAltName: ['example.com'],
    Deployable: true,
    CertificatePrivateKey: null,
  });
  expect(await ssl.DescribeCertificateDetail({ CertificateId: 'Sm1aL2sh' })).toMatchObject({ DomainType: 1 });
});

test.each(['none', 'constructor'])('refuses the id %s', async (CertificateId) => {
  expect(await catchCode(ssl.DescribeCertificateDetail({ CertificateId }))).toBe(
    'FailedOperation.CertificateNotFound',
  );
});
