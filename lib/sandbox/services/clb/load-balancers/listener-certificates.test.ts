import { afterAll, beforeEach, expect, test } from 'vitest';
import { selfSigned } from '@/testing/launch/self-signed';
import { startClbTestCloud } from '@/testing/sandbox/services/clb/clb-test-cloud';

const lb = 'lb-scf00001';

const clbTest = await startClbTestCloud();
const { clb } = clbTest;
beforeEach(() => clbTest.cloud.reset());
afterAll(() => clbTest.cloud.plane.stop());

async function https(port: number, certificate: object) {
  const listener = { LoadBalancerId: lb, Ports: [port], Protocol: 'HTTPS', Certificate: certificate };
  const { ListenerIds: [id = ''] = [] } = await clbTest.done(clb.CreateListener(listener));
  return id;
}
const readCertificate = async (id: string) =>
  (await clbTest.listeners(lb)).find((listener) => listener.ListenerId === id)?.Certificate;

test('adds an uploaded certificate to the account', async () => {
  const { content, key } = await selfSigned('up.example.com', '*.up.example.com');
  const id = await https(443, { CertName: 'mine', CertContent: content, CertKey: key });
  const { CertId: certId = '' } = (await readCertificate(id)) ?? {};
  const { Certificates: found } = await clbTest.cloud
    .clients({ region: '' })
    .ssl.DescribeCertificates({ SearchKey: 'mine' });
  expect(found).toMatchObject([
    {
      CertificateId: certId,
      Domain: 'up.example.com',
      SubjectAltName: ['up.example.com', '*.up.example.com'],
      IsWildcard: true,
      EncryptAlgorithm: 'ECC 256',
      CertEndTime: '2028-01-01 08:00:00',
    },
  ]);
});

test('refuses an invalid upload and stores nothing', async () => {
  const [mine, other] = [await selfSigned('up.example.com'), await selfSigned('other.example.com')];
  const upload = (certificate: object) => () =>
    clb.CreateListener({ LoadBalancerId: lb, Ports: [443], Protocol: 'HTTPS', Certificate: certificate });
  const named = { CertName: 'mine', CertContent: mine.content, CertKey: mine.key };
  expect(await clbTest.refused(upload({ ...named, CertKey: other.key }))).toBe('InvalidParameterValue');
  expect(await clbTest.refused(upload({ ...named, CertContent: 'x' }))).toBe('InvalidParameter.FormatError');
  expect(await clbTest.refused(upload({ ...named, CertKey: 'x' }))).toBe('InvalidParameter.FormatError');
  expect(await clbTest.refused(upload({ CertName: 'mine', CertContent: mine.content }))).toBe(
    'MissingParameter',
  );
});
