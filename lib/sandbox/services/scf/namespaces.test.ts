import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ScfCloud, startScf } from '@/testing/sandbox/services/scf/test-scf';

let it: ScfCloud;
beforeAll(async () => {
  it = await startScf();
});
beforeEach(() => it.cloud.reset());
afterAll(() => it.cloud.plane.stop());

const names = async (request = {}) =>
  (await it.scf.ListNamespaces(request)).Namespaces?.map((each) => each.Name);

test('creates, finds, uses and deletes a namespace', async () => {
  const { scf, cloud } = it;
  await scf.CreateNamespace({ Namespace: 'sale', Description: 'Flash sales' });
  cloud.clock.advance(1000);
  await scf.CreateNamespace({ Namespace: 'archive' });
  expect(await names()).toEqual(['default', 'sale', 'archive']);
  expect(await names({ Orderby: 'Name', Order: 'DESC' })).toEqual(['sale', 'default', 'archive']);
  expect(await names({ SearchKey: [{ Key: 'Description', Value: 'Flash' }] })).toEqual(['sale']);
  const both = [
    { Key: 'Namespace', Value: 'a' },
    { Key: 'Description', Value: 'Flash' },
  ];
  expect(await names({ SearchKey: both })).toEqual(['sale']);
  expect(await scf.ListNamespaces({ Limit: 1, Offset: 1 })).toMatchObject({
    TotalCount: 3,
    Namespaces: [{ Name: 'sale', Description: 'Flash sales', Type: 'default' }],
  });
  await scf.DeleteNamespace({ Namespace: 'archive' });
  expect(await names()).toEqual(['default', 'sale']);
  expect((await scf.ListFunctions({ Namespace: 'sale' })).TotalCount).toBe(0);
});

test('updates the description of a namespace', async () => {
  const { scf, cloud, refusal } = it;
  await scf.CreateNamespace({ Namespace: 'sale' });
  cloud.clock.advance(5000);
  await scf.UpdateNamespace({ Namespace: 'sale', Description: 'Flash sales' });
  const { Namespaces: [found] = [] } = await scf.ListNamespaces({
    SearchKey: [{ Key: 'Namespace', Value: 'sale' }],
  });
  expect(found?.Description).toBe('Flash sales');
  expect(Date.parse(found?.ModTime ?? '') - Date.parse(found?.AddTime ?? '')).toBe(5000);
  const update =
    (Namespace: string, Description = '') =>
    () =>
      scf.UpdateNamespace({ Namespace, Description });
  expect(await refusal(update('none'))).toBe('ResourceNotFound.Namespace');
  expect(await refusal(update('default'))).toBe('FailedOperation.UpdateNamespace');
  expect(await refusal(update('sale', 'x'.repeat(1001)))).toBe('InvalidParameterValue.Description');
});

test('refuses to create an existing namespace, to delete one in use, and more than five in a region', async () => {
  const { scf, refusal } = it;
  await scf.CreateNamespace({ Namespace: 'sale' });
  expect(await refusal(() => scf.CreateNamespace({ Namespace: 'sale' }))).toBe('ResourceInUse.Namespace');
  expect(await refusal(() => scf.CreateNamespace({ Namespace: 'default' }))).toBe(
    'InvalidParameterValue.DefaultNamespace',
  );
  expect(await refusal(() => scf.CreateNamespace({ Namespace: 'no spaces' }))).toBe(
    'InvalidParameterValue.NamespaceInvalid',
  );
  for (const name of ['b', 'c', 'd']) await scf.CreateNamespace({ Namespace: name });
  expect(await refusal(() => scf.CreateNamespace({ Namespace: 'e' }))).toBe('LimitExceeded.Namespace');
  // Each region has its own.
  await it.cloud.clients({ region: 'ap-tokyo' }).scf.CreateNamespace({ Namespace: 'e' });
  expect(await refusal(() => scf.DeleteNamespace({ Namespace: 'default' }))).toBe(
    'FailedOperation.DeleteNamespace',
  );
  expect(await refusal(() => scf.DeleteNamespace({ Namespace: 'e' }))).toBe('ResourceNotFound.Namespace');
  const code = { Code: { ZipFile: 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==' }, Handler: 'index.main' };
  await scf.CreateFunction({ FunctionName: 'one', Namespace: 'sale', ...code });
  expect(await refusal(() => scf.DeleteNamespace({ Namespace: 'sale' }))).toBe('ResourceInUse.Namespace');
});
