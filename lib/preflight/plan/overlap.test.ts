import { describe, expect, it } from 'vitest';
import { noConditions, type OtherPlan, type Span } from '@/lib/preflight/model/conditions';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { testEstate, testSplit } from '@/testing/plan/test-estate';

const flash = 'recordSet/flash.example.co.id/0';
const span = (from: number, until: number | null): Span => ({
  from: `2026-12-12T${String(from).padStart(2, '0')}:00:00.000Z`,
  until: until === null ? null : `2026-12-12T${String(until).padStart(2, '0')}:00:00.000Z`,
});
const other = (change: Partial<OtherPlan>): OtherPlan => ({
  id: 'R-0007',
  name: 'Other',
  state: 'scheduled',
  span: span(1, 3),
  objects: [flash],
  ...change,
});

function overlap(own: Span | null, ...others: readonly OtherPlan[]) {
  const estate = testEstate();
  const conditions = { ...noConditions(estate), span: own, others };
  return preflight({ estate, diversion: testSplit(), conditions }).filter((f) => f.check === 'overlap');
}

type Case = [name: string, own: Span | null, other: Partial<OtherPlan>, status: string, why: string];

describe('overlap', () => {
  it.each<Case>([
    [
      'nothing on the same objects',
      span(1, 2),
      { objects: ['recordSet/shop.example.co.id/0'] },
      'pass',
      'pass',
    ],
    ['one that is back before', span(3, 4), {}, 'pass', 'pass'],
    ['one that begins after', span(0, 1), {}, 'pass', 'pass'],
    ['a scheduled one at that time', span(2, 4), {}, 'block', 'runThen'],
    ['one that stays', span(20, 21), { span: span(1, null) }, 'block', 'runThen'],
    ['one under way, for one that stays', span(0, null), { state: 'active' }, 'block', 'runThen'],
    ['a stopped one, whenever', span(20, 21), { state: 'stopped', span: null }, 'block', 'runThen'],
    ['a scheduled one, without its own clock', null, {}, 'warn', 'run'],
    ['one under way, without its own clock', null, { state: 'active', span: null }, 'warn', 'run'],
    ['a draft', null, { id: 'P-0002', state: 'draft', span: null }, 'warn', 'draft'],
    ['a draft, at any time', span(20, 21), { id: 'P-0002', state: 'draft', span: null }, 'warn', 'draft'],
  ])('%s', (_, own, change, status, why) => {
    const found = overlap(own, other(change));
    expect(found).toMatchObject([{ status, why: `overlap.${why}` }]);
    if (status !== 'pass') expect(found[0]).toMatchObject({ values: { object: 'flash.example.co.id' } });
  });

  it('names each of them', () => {
    const found = overlap(span(2, 4), other({}), other({ id: 'P-0009', state: 'draft', span: null }));
    expect(found.map(({ objects }) => objects)).toEqual([['R-0007'], ['P-0009']]);
    expect(found.filter(stops)).toHaveLength(1);
  });
});
