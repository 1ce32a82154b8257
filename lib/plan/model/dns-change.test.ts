import { describe, expect, it } from 'vitest';
import { findLoadBalancer } from '@/lib/estate/look-up';
import { invariant } from '@/lib/invariant';
import { testEstate, testLoadBalancer, testRecord } from '@/testing/plan/test-estate';
import { findDnsChange } from './dns-change';

const vip = '127.77.1.2';
const name = 'lb-scf.clb.example.net';
const old = { A: '127.77.1.1', AAAA: '2001:db8::1', CNAME: 'old.example.net' } as const;
type Given = readonly [type: keyof typeof old, value: string, is: 'on' | 'off'];

/** Returns the DNS change of a line with these records, with ids from 1 in order, as short text. */
function way(target: 'A' | 'CNAME', ...given: readonly Given[]): string {
  const domain = target === 'CNAME' ? name : null;
  const estate = testEstate({
    loadBalancers: [testLoadBalancer('lb-scf', { vips: [vip], domain })],
    records: given.map(([type, value, is], i) =>
      testRecord(i + 1, 'flash', value, { type, enabled: is === 'on' }),
    ),
  });
  const loadBalancer = findLoadBalancer(estate, 'lb-scf');
  invariant(loadBalancer !== undefined, 'the test estate has it');
  const found = findDnsChange(estate.records, loadBalancer);
  const ids = (records: readonly { id: number }[]) => records.map((r) => r.id).join();
  switch (found.kind) {
    case 'switch':
      return `switch to ${found.to.id} off ${ids(found.off)}`;
    case 'move':
      return `off ${ids(found.offBefore)} move ${found.record.id} off ${ids(found.offAfter)}`;
    case 'taken':
      return `taken by ${found.record.id}`;
    default:
      return found.kind;
  }
}

describe('findDnsChange to an A target', () => {
  it('moves the A and leaves the AAAA, whichever comes first', () => {
    expect(way('A', ['AAAA', old.AAAA, 'on'], ['A', old.A, 'on'])).toBe('off  move 2 off ');
  });
  it('creates an A beside an AAAA that is alone', () => {
    expect(way('A', ['AAAA', old.AAAA, 'on'])).toBe('create');
  });
  it('enables an existing but disabled target, beside an AAAA too', () => {
    expect(way('A', ['AAAA', old.AAAA, 'on'], ['A', vip, 'off'])).toBe('switch to 2 off ');
    expect(way('A', ['A', old.A, 'on'], ['A', vip, 'off'])).toBe('switch to 2 off 1');
  });
  it('changes the type of a CNAME, but not to an existing value', () => {
    expect(way('A', ['CNAME', old.CNAME, 'on'])).toBe('off  move 1 off ');
    expect(way('A', ['CNAME', old.CNAME, 'on'], ['A', vip, 'off'])).toBe('taken by 2');
  });
  it('does nothing if the A already points there, with an AAAA beside it', () => {
    expect(way('A', ['A', vip, 'on'], ['AAAA', old.AAAA, 'on'])).toBe('there');
  });
  it('leaves disabled records unchanged', () => {
    expect(way('A', ['A', old.A, 'off'], ['CNAME', old.CNAME, 'off'])).toBe('create');
  });
});

describe('findDnsChange to a CNAME target', () => {
  it('removes A and AAAA first, the last A at the end', () => {
    expect(way('CNAME', ['AAAA', old.AAAA, 'on'], ['A', old.A, 'on'], ['A', '127.77.1.9', 'on'])).toBe(
      'off 1,3 move 2 off ',
    );
  });
  it('switches between CNAMEs, and recognizes a duplicate despite its dot', () => {
    expect(way('CNAME', ['CNAME', old.CNAME, 'on'], ['CNAME', `${name}.`, 'off'])).toBe('switch to 2 off 1');
  });
  it('is blocked by a disabled CNAME beside an enabled A or AAAA', () => {
    expect(way('CNAME', ['A', old.A, 'on'], ['CNAME', `${name}.`, 'off'])).toBe('taken by 2');
    expect(way('CNAME', ['AAAA', old.AAAA, 'on'], ['CNAME', name, 'off'])).toBe('taken by 2');
  });
});

describe('findDnsChange to an AAAA target', () => {
  const nat64 = testEstate({
    loadBalancers: [
      testLoadBalancer('lb-scf', { vips: [], addressFamily: 'ipv6-nat64', ipv6: '2001:db8::1' }),
    ],
  }).loadBalancers[0];
  const wayKind = (...records: readonly (readonly [type: string, value: string])[]) => {
    if (nat64 === undefined) throw new Error('it is in the estate');
    const all = records.map(([type, value], n) => testRecord(n + 1, 'flash', value, { type }));
    return findDnsChange(testEstate({ records: all }).records, nat64).kind;
  };

  it('keeps an A beside it, and moves an AAAA', () => {
    expect(wayKind(['A', '127.77.1.9'])).toBe('create');
    expect(wayKind(['A', '127.77.1.9'], ['AAAA', '2001:db8::9'])).toBe('move');
    expect(wayKind(['A', '127.77.1.9'], ['AAAA', '2001:0DB8:0::1'])).toBe('there');
    expect(wayKind(['CNAME', 'old.example.net'])).toBe('move');
  });
});
