import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Estate } from '@/lib/estate/model';
import { stableText } from '@/lib/estate/same-value';
import { anyEstate } from '@/testing/estate/test-estates';
import { asRead, carryUnread, cloudChanges } from './carry-unread';
import { diffEstates } from './diff-estates';

const empty = {
  connectionId: 'test',
  takenAt: '2026-11-24T14:14:02Z',
  regions: ['ap-singapore', 'ap-jakarta'],
  account: { uin: '1', networkAccountType: 'STANDARD' },
  zones: [],
  records: [],
  loadBalancers: [],
  listeners: [],
  rules: [],
  functions: [],
  instances: [],
  gaps: [],
};
const balancer = (id: string, region: string) => ({
  id,
  name: id,
  region,
  generation: 'clb',
  network: 'OPEN',
  vpcId: null,
  addressFamily: 'ipv4',
  vips: [],
  ipv6: null,
  domain: null,
  status: 'running',
  isolated: false,
  blocked: false,
});
const rule = (id: string, loadBalancerId: string) => ({
  id,
  loadBalancerId,
  listenerId: 'lbl-1',
  domain: 'a.example.com',
  url: '/',
  isDefault: false,
  scheduler: 'WRR',
  quic: false,
  targetType: 'NODE',
  redirectsTo: null,
  targets: [],
  functions: [],
});
const scf = (region: string, namespace: string, name: string) => ({
  region,
  namespace,
  name,
  type: 'Event',
  runtime: 'Python3.10',
  handler: 'index.main',
  status: 'Active',
  memoryMb: 128,
  timeoutS: 3,
  modifiedAt: '',
  versions: ['$LATEST'],
  clbTriggerCount: 0,
});
const whole = Estate.parse({
  ...empty,
  loadBalancers: [balancer('lb-1', 'ap-singapore'), balancer('lb-2', 'ap-jakarta')],
  rules: [rule('loc-1', 'lb-1'), rule('loc-2', 'lb-2')],
  functions: [scf('ap-jakarta', 'default', 'f'), scf('ap-singapore', 'default', 'g')],
});
const gap = (part: string) => [{ part, reason: 'denied' }];
const ids = (objects: readonly { id: string }[]) => objects.map(({ id }) => id);

describe('an unread part', () => {
  it('keeps its last known objects, and deletes missing objects outside it', () => {
    const reading = Estate.parse({ ...empty, gaps: gap('clb/ap-singapore') });
    const known = carryUnread(whole, reading);
    expect(ids(known.loadBalancers)).toEqual(['lb-1']);
    expect(ids(known.rules)).toEqual(['loc-1']);
    expect(known.functions).toEqual([]);
  });

  it('of one load balancer includes its bindings', () => {
    const reading = { ...whole, rules: [], gaps: gap('clb/ap-singapore/lb-1') };
    expect(ids(carryUnread(whole, reading).rules)).toEqual(['loc-1']);
  });

  it('of one function keeps that function', () => {
    const reading = { ...whole, functions: [], gaps: gap('scf/ap-jakarta/default/f') };
    expect(carryUnread(whole, reading).functions.map(({ name }) => name)).toEqual(['f']);
  });

  it('of one rule concerns only its other domains, because the rule itself was read', () => {
    const reading = { ...whole, rules: [], gaps: gap('clb/ap-singapore/lb-1/loc-1') };
    expect(carryUnread(whole, reading).rules).toEqual([]);
  });

  it('may be a region that is no longer synced', () => {
    const reading = Estate.parse({ ...empty, regions: ['ap-singapore'] });
    const known = carryUnread(whole, reading);
    expect(ids(known.loadBalancers)).toEqual(['lb-2']);
    expect(known.functions.map(({ region }) => region)).toEqual(['ap-jakarta']);
  });

  it('may be the account', () => {
    const reading = {
      ...whole,
      account: { ...whole.account, networkAccountType: null },
      gaps: gap('account'),
    };
    expect(carryUnread(whole, reading).account.networkAccountType).toBe('STANDARD');
    expect(asRead(carryUnread(whole, reading)).account.networkAccountType).toBeNull();
  });

  it('may be the permissions of the key', () => {
    const permissions = { source: 'cam' as const, allowed: ['clb:CreateRule'], denied: [] };
    const known = { ...whole, account: { ...whole.account, permissions } };
    const reading = { ...whole, gaps: gap('cam') };
    expect(carryUnread(known, reading).account.permissions).toEqual(permissions);
    expect(asRead(carryUnread(known, reading)).account.permissions.source).toBeNull();
  });

  it('may be some fields of an object', () => {
    const [fn, ...others] = whole.functions;
    const aliases = [{ name: 'live', version: '1', additional: null }];
    const known = { ...whole, functions: [{ ...fn, aliases } as never, ...others] };
    const reading = { ...whole, gaps: gap('scf/ap-jakarta/default/f/aliases') };
    const carried = carryUnread(known, reading);
    expect(carried.functions).toMatchObject([{ name: 'f', aliases }, { name: 'g' }]);
    expect(diffEstates(known, carried).filter(({ kind }) => kind !== 'gaps')).toEqual([]);
    expect(asRead(carried).functions).toEqual(whole.functions);
  });

  it('is replaced when it is read again, even after a long time', () => {
    const away = Estate.parse({ ...empty, gaps: gap('clb/ap-singapore') });
    const known = carryUnread(carryUnread(whole, away), away);
    const back = { ...whole, rules: [{ ...whole.rules[0], domain: 'b.example.com' } as never] };
    expect(carryUnread(known, back)).toEqual(back);
  });
});

it('equals the original sync without carried-over objects', () => {
  fc.assert(
    fc.property(anyEstate, anyEstate, (earlier, any) => {
      // As a sync returns it, without anything it could not read.
      const reading = asRead(any);
      expect(stableText(asRead(carryUnread(earlier, reading)))).toBe(stableText(reading));
    }),
  );
});

it('doesn’t show unread objects as deleted', () => {
  fc.assert(
    fc.property(anyEstate, anyEstate, (earlier, any) => {
      const all = { ...earlier, gaps: [], regions: ['ap-jakarta', 'ap-singapore'] };
      const nothing = {
        ...any,
        zones: [],
        records: [],
        loadBalancers: [],
        listeners: [],
        rules: [],
        certificates: [],
      };
      const parts = ['dnspod', 'clb/ap-jakarta', 'clb/ap-singapore', 'ssl'];
      const reading = { ...nothing, gaps: parts.map((part) => ({ part, reason: '' })) };
      const removed = diffEstates(all, carryUnread(all, reading)).filter(({ op }) => op === 'removed');
      expect(removed).toEqual([]);
    }),
  );
});

describe('cloudChanges', () => {
  const found = (earlier: Estate, later: Estate) => cloudChanges(diffEstates(earlier, later), earlier, later);

  it('returns all changes where the same build read both', () => {
    fc.assert(
      fc.property(anyEstate, anyEstate, (earlier, later) => {
        const calm = { ...later, gaps: earlier.gaps };
        expect(found(earlier, calm)).toEqual(diffEstates(earlier, calm));
      }),
    );
  });

  it('omits a field that only one of the builds knows', () => {
    const more = { ...whole, rules: whole.rules.map((each) => ({ ...each, health: 'alive' })) };
    expect(diffEstates(whole, more)).toHaveLength(2);
    expect(found(whole, more)).toEqual([]);
    expect(found(more, whole)).toEqual([]);
    const moved = { ...more, rules: more.rules.map((each) => ({ ...each, domain: 'b.example.com' })) };
    expect(found(whole, moved)).toMatchObject([
      { fields: [{ field: 'domain', before: 'a.example.com', after: 'b.example.com' }] },
      { fields: [{ field: 'domain' }] },
    ]);
  });

  it('omits a list that only one of the builds knows', () => {
    const { functions: _, ...less } = whole;
    expect(found(less as Estate, whole)).toEqual([]);
    expect(found(whole, less as Estate)).toEqual([]);
  });

  it('ignores another reason or request id of the same gap', () => {
    const one = { ...whole, gaps: [{ part: 'dnspod', reason: 'denied (request 1)' }] };
    const two = { ...whole, gaps: [{ part: 'dnspod', reason: 'denied (request 2)' }] };
    expect(found(one, two)).toEqual([]);
    expect(found(one, whole)).toMatchObject([{ kind: 'gaps', key: 'dnspod', op: 'removed' }]);
  });
});
