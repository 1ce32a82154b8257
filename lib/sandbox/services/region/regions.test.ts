import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  catchCode,
  clientConfig,
  createTestClients,
  startTestCloud,
  type TestCloud,
} from '@/testing/sandbox/test-cloud';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ vipNetwork: '127.107.0.0/16' });
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

test('returns the same regions from CVM and the region service, each in its own form', async () => {
  const { cvm, region } = cloud.clients({ region: '' });
  const ofCvm = await cvm.DescribeRegions(null);
  const ofRegion = await region.DescribeRegions({ Product: 'cvm' });
  expect(ofRegion.RegionSet?.map((each) => each.Region)).toEqual(ofCvm.RegionSet?.map((each) => each.Region));
  expect(ofCvm.RegionSet).toContainEqual({
    Region: 'ap-jakarta',
    RegionName: 'Southeast Asia (Jakarta)',
    RegionState: 'AVAILABLE',
  });
  expect(ofRegion.RegionSet?.[0]).toHaveProperty('RegionTypeMC', null);
});

test('returns the zones of the region from CVM, and all of them from the region service', async () => {
  const { cvm, region } = cloud.clients({ region: 'ap-guangzhou' });
  const ofCvm = await cvm.DescribeZones(null);
  expect(ofCvm.ZoneSet).toContainEqual({
    Zone: 'ap-guangzhou-3',
    ZoneName: 'Guangzhou Zone 3',
    ZoneId: '100003',
    ZoneState: 'AVAILABLE',
  });
  expect(ofCvm.ZoneSet?.find((zone) => zone.Zone === 'ap-guangzhou-1')?.ZoneState).toBe('UNAVAILABLE');
  const all = await region.DescribeZones({ Product: 'cvm' });
  expect(all.ZoneSet?.map((zone) => zone.Zone)).toEqual(
    expect.arrayContaining(['ap-guangzhou-3', 'ap-beijing-3', 'na-ashburn-1']),
  );
  const ids = all.ZoneSet?.map((zone) => zone.ZoneId) ?? [];
  expect(new Set(ids).size).toBe(ids.length);
  expect(await catchCode(cloud.clients({ region: '' }).cvm.DescribeZones(null))).toBe('MissingParameter');
});

test('returns Chinese names on request', async () => {
  const config = clientConfig(cloud.plane.api, cloud.keys('small-standard'), 'ap-beijing');
  const { cvm } = createTestClients({ ...config, profile: { ...config.profile, language: 'zh-CN' } });
  const zones = await cvm.DescribeZones(null);
  expect(zones.ZoneSet?.find((zone) => zone.Zone === 'ap-beijing-3')?.ZoneName).toBe('北京三区');
  const regions = await cvm.DescribeRegions(null);
  expect(regions.RegionSet?.find((each) => each.Region === 'ap-beijing')?.RegionName).toBe('华北地区(北京)');
});

test('returns the products that the sandbox has', async () => {
  const { region } = cloud.clients({ region: '' });
  const { Products = [], TotalCount } = await region.DescribeProducts({ Limit: 3, Offset: 1 });
  expect(TotalCount).toBe(13);
  expect(Products.map((product) => product.Name)).toEqual(['clb', 'cloudaudit', 'cvm']);
  expect(await catchCode(region.DescribeRegions({ Product: 'cos' }))).toBe('InvalidParameter');
  expect(await catchCode(region.DescribeProducts({ Limit: 101 }))).toBe('InvalidParameter');
});
