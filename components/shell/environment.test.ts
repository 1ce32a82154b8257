import { describe, expect, it } from 'vitest';
import type { ConnectionView } from '@/lib/client/views';
import { environmentOf } from './environment';

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
    expect(environmentOf([sandbox, real], 's')).toBe('sandbox');
    expect(environmentOf([sandbox, real], 'r')).toBe('live');
  });

  it('counts a page about all connections as live once one is', () => {
    expect(environmentOf([sandbox], null)).toBe('sandbox');
    expect(environmentOf([sandbox, real], null)).toBe('live');
  });

  it('treats unknown as live', () => {
    expect(environmentOf([sandbox], 'gone')).toBe('live');
    expect(environmentOf([], null)).toBe('live');
  });
});
