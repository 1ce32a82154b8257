import { describe, expect, it } from 'vitest';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testRecord, testSplit, testSwitch, testZone } from '@/testing/plan/test-estate';

const limit = (sameNameMax: number | null) => ({ zones: [testZone({ sameNameMax })] });
const servers = (count: number) => ({
  records: Array.from({ length: count }, (_, i) => testRecord(20 + i, 'flash', `127.77.1.${20 + i}`)),
});

function sideBySide(
  change: object,
  diversion: ReturnType<typeof testSwitch | typeof testSplit> = testSwitch(),
) {
  const found = preflight({ estate: testEstate(change), diversion });
  return found.filter((f) => f.check === 'dns-same-name');
}

describe('dns-same-name', () => {
  it.each([
    ['as many as are allowed', { ...limit(2), ...servers(1) }, 'pass', 'pass'],
    ['one more, for a moment', { ...limit(2), ...servers(2) }, 'block', 'tooMany'],
    ['a limit that was not read', { ...limit(null), ...servers(1) }, 'unknown', 'unread'],
  ])('for a Switch: %s', (_, change, status, why) => {
    const found = sideBySide(change);
    expect(found).toMatchObject([{ status, why: `dns-same-name.${why}`, objects: ['flash.example.co.id'] }]);
    expect(found.some(stops)).toBe(status === 'block');
  });

  it('accepts a move in place with any existing records', () => {
    for (const change of [
      { ...limit(null), ...servers(1) },
      { ...limit(2), ...servers(3) },
    ]) {
      const whys = sideBySide(change, testSplit()).map(({ why }) => why);
      expect(new Set(whys)).toEqual(new Set(['dns-same-name.alone']));
    }
  });
});
