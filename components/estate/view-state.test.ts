import { describe, expect, it } from 'vitest';
import { parseViewState, writeViewState } from './view-state';

describe('view state', () => {
  it('survives a round trip through the address', () => {
    const state = {
      ...({ view: 'list', search: 'shop /cart', region: 'ap-jakarta', node: 'lb:lb-1' } as const),
      ...({ state: 'drifted', sort: 'rule', descending: true, page: 2 } as const),
      focus: ['host:shop.example.co.id', 'ru:loc-1'],
      open: ['lb:lb-1', 'ls:lbl-1'],
      at: '2026-11-24T14:05:00.000Z',
      zone: 'Asia/Jakarta',
    };
    const query = writeViewState(new URLSearchParams('connection=sandbox'), state);
    expect(query.get('connection')).toBe('sandbox');
    expect(parseViewState(query)).toEqual(state);
  });

  it('omits defaults from the address', () => {
    const full = 'view=list&q=x&region=a&node=b&state=drifted&focus=a&open=b&page=2&sort=rule&order=desc';
    const query = writeViewState(new URLSearchParams(full), parseViewState(new URLSearchParams()));
    expect(query.toString()).toBe('');
  });

  it('ignores an invalid moment or zone', () => {
    const odd = parseViewState(new URLSearchParams('at=yesterday&zone=Nowhere/Here'));
    expect(odd).toMatchObject({ at: null, zone: null });
    const offset = parseViewState(new URLSearchParams({ at: '2026-11-24T21:05:00+07:00' }));
    expect(offset.at).toBe('2026-11-24T14:05:00.000Z');
  });
});
