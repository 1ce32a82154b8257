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
import served from '../world/served-actions.json';
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
test('finds the service of an action by scope, host or version', () => {
  expect(found({ action: 'DescribeZones', version: cvm }, 'cvm')).toBe('cvm DescribeZones');
  const host = 'cvm.intl.tencentcloudapi.com';
  expect(found({ action: 'DescribeZones', version: cvm, host }, '127')).toBe('cvm DescribeZones');
  // CVM and VPC have the same version, but no action in common.
  expect(found({ action: 'DescribeZones', version: cvm }, '127')).toBe('cvm DescribeZones');
  expect(found({ action: 'DescribeVpcs', version: cvm }, '127')).toBe('vpc DescribeVpcs');
});

test('knows each action in one service only', () => {
  const all = Object.values(served).flatMap(({ actions }) => actions);
  expect(all.filter((action, index) => all.indexOf(action) < index)).toEqual([]);
});

test('accepts only a named service’s own actions and version', () => {
  expect(found({ action: 'DescribeVpcs', version: cvm }, 'cvm')).toBe('InvalidAction');
  expect(found({ action: 'DescribeZones', version: '2022-06-27' }, 'cvm')).toBe('NoSuchVersion');
  expect(found({ action: 'DescribeZones', version: '2001-01-01' }, '127')).toBe('NoSuchVersion');
  expect(found({ action: 'DescribeZones' }, '127')).toBe('MissingParameter');
  expect(found({ action: '' }, '127')).toBe('InvalidAction');
  expect(found({ action: 'constructor', version: cvm }, 'cvm')).toBe('InvalidAction');
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
