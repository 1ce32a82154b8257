import { describe, expect, it } from 'vitest';
import { parseViewState, writeViewState } from './view-state';

describe('view state', () => {
  it('comes back from the address as it went in', () => {
    const state = { view: 'list', search: 'shop /cart', region: 'ap-jakarta', node: 'lb:lb-1' } as const;
    const query = writeViewState(new URLSearchParams('connection=sandbox'), state);
    expect(query.get('connection')).toBe('sandbox');
    expect(parseViewState(query)).toEqual(state);
  });

  it('leaves defaults out of the address', () => {
    const query = writeViewState(new URLSearchParams('view=list&q=x&region=a&node=b'), {
      view: 'graph',
      search: '',
      region: null,
      node: null,
    });
    expect(query.toString()).toBe('');
  });
});
