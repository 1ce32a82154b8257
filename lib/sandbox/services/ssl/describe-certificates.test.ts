import { afterAll, beforeAll, expect, test } from 'vitest';
import { catchCode, startTestCloud, type TestClients, type TestCloud } from '@/testing/sandbox/test-cloud';

let cloud: TestCloud;
let ssl: TestClients['ssl'];
beforeAll(async () => {
  cloud = await startTestCloud({ vipNetwork: '127.101.0.0/16' });
  // The service has no regions.
  ssl = cloud.clients({ region: '' }).ssl;
});
afterAll(() => cloud.plane.stop());

type Request = Parameters<TestClients['ssl']['DescribeCertificates']>[0];
const listIds = async (request: Request) =>
  (await ssl.DescribeCertificates(request)).Certificates?.map((each) => each.CertificateId);

test('lists the account’s certificates with names and times', async () => {
  const { TotalCount: count, Certificates: certificates } = await ssl.DescribeCertificates({
    SearchKey: 'wildcard',
  });
  expect(count).toBe(1);
  expect(certificates).toMatchObject([
    {
      CertificateId: 'cert8Kq2x',
      CertificateType: 'SVR',
      Domain: '*.example.com',
      SubjectAltName: ['*.example.com', 'example.com'],
      IsWildcard: true,
      IsExpiring: false,
      Status: 1,
      CertEndTime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    },
  ]);
});

test.each<[Request, string[]]>([
  [{ CertificateType: 'CA' }, ['Sm3aL4ca']],
  [{ FilterExpiring: 1 }, ['Sm1aL2sh']],
  [{ SearchKey: 'SHOP.example' }, ['Sm1aL2sh']],
  [{ CertIds: ['cert8Kq2x', 'none'] }, ['cert8Kq2x']],
  [{ ExpirationSort: 'ASC' }, ['Sm1aL2sh', 'cert8Kq2x', 'Sm3aL4ca']],
  [{ ExpirationSort: 'DESC', Limit: 1, Offset: 1 }, ['cert8Kq2x']],
  [{ FilterSource: 'buy' }, []],
  [{ Deployable: 0 }, ['Sm3aL4ca']],
  [{ CertificateStatus: [3] }, []],
  [{ Limit: 5000, CertificateType: 'CA' }, ['Sm3aL4ca']],
])('%j', async (request, ids) => {
  expect(await listIds(request)).toEqual(ids);
});

test('shows a certificate as expired after its end', async () => {
  const later = await startTestCloud({ vipNetwork: '127.101.0.0/16' });
  later.clock.advance(11 * 86_400_000);
  const { Certificates: certificates } = await later
    .clients({ region: '' })
    .ssl.DescribeCertificates({ CertIds: ['Sm1aL2sh'] });
  expect(certificates).toMatchObject([{ Status: 3, IsExpiring: false, Deployable: false }]);
  await later.plane.stop();
});

test.each<[Request, string]>([
  [{ CertificateType: 'XYZ' }, 'InvalidParameterValue'],
  [{ FilterExpiring: 7 }, 'InvalidParameterValue'],
  [{ Offset: -1 }, 'InvalidParameterValue'],
])('refuses %j', async (request, code) => {
  expect(await catchCode(ssl.DescribeCertificates(request))).toBe(code);
});
