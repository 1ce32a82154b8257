import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickByAddress, pickLeastConnections, sessionCookie, targetOfSession } from './http/balance';

const weights = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 });
const buildTargets = (given: readonly number[]) =>
  given.map((weight, id) => ({ id, key: `ins-${id}:80`, weight }));

describe('least connections', () => {
  it('never picks a target while another has fewer requests in flight for its weight', () => {
    fc.assert(
      fc.property(weights, fc.array(fc.nat(50), { minLength: 6, maxLength: 6 }), (given, loads) => {
        const targets = buildTargets(given);
        const underway = new Map(targets.map(({ key }, at) => [key, loads[at] ?? 0]));
        const picked = pickLeastConnections(targets, underway, new Map());
        const load = (target: { key: string; weight: number }) =>
          (underway.get(target.key) ?? 0) / target.weight;
        const usable = targets.filter(({ weight }) => weight > 0);
        if (picked === null) expect(usable).toEqual([]);
        else expect(load(picked)).toBe(Math.min(...usable.map(load)));
      }),
    );
  });

  it('shares requests that never end by weight', () => {
    fc.assert(
      fc.property(weights, (given) => {
        const targets = buildTargets(given);
        const underway = new Map<string, number>();
        const credits = new Map<string, number>();
        const total = given.reduce((sum, weight) => sum + weight, 0);
        for (let n = 0; n < total; n += 1) {
          const picked = pickLeastConnections(targets, underway, credits);
          if (picked) underway.set(picked.key, (underway.get(picked.key) ?? 0) + 1);
        }
        expect(targets.map(({ key }) => underway.get(key) ?? 0)).toEqual(given);
      }),
    );
  });
});

describe('by address', () => {
  const address = fc.ipV4();

  it('keeps an address with its target when another one is added or removed', () => {
    fc.assert(
      fc.property(weights, address, fc.nat(5), (given, from, leaving) => {
        const targets = buildTargets(given);
        const picked = pickByAddress(targets, from);
        const rest = targets.filter(({ id }) => id !== leaving);
        if (picked !== null && picked.id !== leaving) expect(pickByAddress(rest, from)).toBe(picked);
        if (given.every((weight) => weight === 0)) expect(picked).toBeNull();
      }),
    );
  });

  it('distributes addresses by weight', () => {
    const targets = buildTargets([10, 20, 0, 30]);
    const counts = new Map<number, number>();
    const all = 6000;
    for (let n = 0; n < all; n += 1) {
      const { id } = pickByAddress(targets, `10.0.${n >> 8}.${n & 255}`) ?? expect.fail('none');
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const shares = targets.map(({ id }) => Math.round(((counts.get(id) ?? 0) / all) * 60));
    expect(shares).toEqual([10, 20, 0, 30]);
  });
});

describe('a session', () => {
  const now = 1_700_000_000_500;

  it('stays with its target until it expires, also beside other cookies', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(7),
        fc.integer({ min: 30, max: 86_400 }),
        (count, of, expireS) => {
          const targets = buildTargets(Array.from({ length: count }, () => 10));
          const target = targets[of % count] ?? expect.fail('no target');
          const pair = sessionCookie('SID', target, expireS, now).split(';')[0] ?? '';
          const header = `a=1; XSID=no; ${pair}; b=2`;
          const end = Math.floor(now / 1000) * 1000 + expireS * 1000;
          expect(targetOfSession(header, 'SID', targets, end - 1)).toBe(target);
          expect(targetOfSession(header, 'SID', targets, end)).toBeNull();
          expect(targetOfSession(header, 'OTHER', targets, now)).toBeNull();
          const others = targets.filter((each) => each !== target);
          expect(targetOfSession(header, 'SID', others, now)).toBeNull();
        },
      ),
    );
  });

  it('ignores a cookie that was not set here', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(targetOfSession(`SID=${text}`, 'SID', buildTargets([1]), now)).toBeNull();
      }),
    );
  });
});
