import { afterAll, beforeEach, expect, test } from 'vitest';
import { startScf } from '@/testing/sandbox/services/scf/test-scf';

const it = await startScf();
beforeEach(() => it.cloud.reset());
afterAll(() => it.cloud.plane.stop());

const names = async (request = {}) =>
  (await it.scf.ListNamespaces(request)).Namespaces?.map((each) => each.Name);

const sale = { region: 'ap-singapore', name: 'sale', description: 'Flash sales' };

test('lists, finds and pages namespaces', async () => {
  const { scf, cloud } = it;
  const now = cloud.clock.now();
  const { namespaces } = cloud.account('small-standard');
  namespaces['ap-singapore/sale'] = { ...sale, createdAt: now };
  namespaces['ap-singapore/archive'] = { ...sale, name: 'archive', description: '', createdAt: now + 9000 };
  namespaces['ap-tokyo/sale'] = { ...sale, region: 'ap-tokyo', createdAt: now };
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
  expect((await scf.ListFunctions({ Namespace: 'sale' })).TotalCount).toBe(0);
});
