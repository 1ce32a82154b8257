import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import {
  catchCode,
  clientConfig,
  createTestClients,
  startTestCloud,
  type TestCloud,
} from '@/testing/sandbox/test-cloud';
import { ApiError } from './api-error';
import { dispatch } from './dispatch';

const clouds: TestCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.plane.stop()));
});

function found(headers: { action: string; version?: string; host?: string }, scope: string): string {
  const { action, version, host = '127.0.0.1:9000' } = headers;
  try {
    const route = dispatch({ 'x-tc-action': action, 'x-tc-version': version, host }, scope);
    return `${route.service} ${route.action}`;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

const cvm = '2017-03-12';
const region = '2022-06-27';

test('resolves an action that two services share by scope or host, else by version', () => {
  const action = 'DescribeRegions';
  expect(found({ action, version: cvm }, 'cvm')).toBe('cvm DescribeRegions');
  expect(found({ action, version: region }, 'region')).toBe('region DescribeRegions');
  const host = 'region.intl.tencentcloudapi.com';
  expect(found({ action, version: region, host }, '127')).toBe('region DescribeRegions');
  expect(found({ action, version: cvm }, '127')).toBe('cvm DescribeRegions');
  expect(found({ action, version: region }, '127')).toBe('region DescribeRegions');
  // CVM and VPC have the same version, but no action in common.
  expect(found({ action: 'DescribeZones', version: cvm }, '127')).toBe('cvm DescribeZones');
  expect(found({ action: 'DescribeVpcs', version: cvm }, '127')).toBe('vpc DescribeVpcs');
});

test('accepts only a named service’s own actions and version', () => {
  expect(found({ action: 'DescribeVpcs', version: cvm }, 'cvm')).toBe('InvalidAction');
  expect(found({ action: 'DescribeRegions', version: region }, 'cvm')).toBe('NoSuchVersion');
  expect(found({ action: 'DescribeRegions', version: '2001-01-01' }, '127')).toBe('NoSuchVersion');
  expect(found({ action: 'DescribeRegions' }, '127')).toBe('MissingParameter');
  expect(found({ action: '' }, '127')).toBe('InvalidAction');
  expect(found({ action: 'constructor', version: cvm }, 'cvm')).toBe('InvalidAction');
});

test('routes unmodified clients of both services to their own service', async () => {
  const cloud = await startTestCloud({ vipNetwork: '127.107.0.0/16' });
  clouds.push(cloud);
  const { cvm: servers, region: regions } = cloud.clients();
  expect((await servers.DescribeRegions(null)).RegionSet?.[0]).not.toHaveProperty('RegionTypeMC');
  expect((await regions.DescribeRegions({ Product: 'clb' })).RegionSet?.[0]).toHaveProperty('RegionTypeMC');
});

test('refuses an action that no service has, and logs it even if it only reads', async () => {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const cloud = await startTestCloud({ vipNetwork: '127.107.0.0/16', log: pino({ level: 'info' }, sink) });
  clouds.push(cloud);
  const { clb } = createTestClients(
    clientConfig(cloud.plane.api, cloud.keys('small-standard'), 'ap-singapore'),
  );
  expect(await catchCode(clb.request('DescribeNothing', {}))).toBe('InvalidAction');
  const logged: unknown[] = lines.map((line) => JSON.parse(line));
  expect(logged).toContainEqual(
    expect.objectContaining({
      level: 30,
      action: 'DescribeNothing',
      code: 'InvalidAction',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      msg: expect.stringContaining('`DescribeNothing`'),
    }),
  );
});
