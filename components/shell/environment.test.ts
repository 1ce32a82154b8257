import { describe, expect, it } from 'vitest';
import type { ConnectionView } from '@/lib/contract/connection';
import { getEnvironment } from './environment';

const sandbox: ConnectionView = {
  id: 's',
  name: 'Sandbox',
  kind: 'sandbox',
  uin: null,
  portOffset: 0,
  isolation: 'jail',
};
const real: ConnectionView = {
  id: 'r',
  name: 'niaga',
  kind: 'tencent',
  uin: null,
  portOffset: 0,
  isolation: null,
};

describe('environmentOf', () => {
  it('follows the connection of the page', () => {
    expect(getEnvironment([sandbox, real], 's')).toBe('sandbox');
    expect(getEnvironment([sandbox, real], 'r')).toBe('live');
  });

  it('treats a page about all connections as live if one is', () => {
    expect(getEnvironment([sandbox], null)).toBe('sandbox');
    expect(getEnvironment([sandbox, real], null)).toBe('live');
  });

  it('treats unknown as live', () => {
    expect(getEnvironment([sandbox], 'gone')).toBe('live');
    expect(getEnvironment([], null)).toBe('live');
  });
});
