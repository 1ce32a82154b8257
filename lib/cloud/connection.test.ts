import { describe, expect, it } from 'vitest';
import { CloudConnection } from './connection';

const good = {
  id: 'sandbox',
  name: 'Sandbox',
  kind: 'sandbox',
  endpoint: 'http://127.0.0.1:3001',
  regions: ['ap-jakarta'],
  secretId: 'id',
  secretKey: 'key',
  dns: '127.0.0.1:3053',
  portOffset: 0,
};

describe('CloudConnection', () => {
  it.each([
    ['endpoint', 'ftp://127.0.0.1'],
    ['endpoint', 'http://127.0.0.1:3001/api'],
    ['dns', 'localhost'],
    ['regions', []],
  ])('refuses %s = %j', (field, value) => {
    const parsed = CloudConnection.safeParse({ ...good, [field]: value });
    expect(parsed.error?.issues.map((issue) => issue.path[0])).toEqual([field]);
  });
});
