// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { Suspense, use, useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { useAddressState } from '@/components/shell/use-address-state';
import { SearchInput } from '@/components/ui/toolbar';
import { invariant } from '@/lib/invariant';
import { renderPage } from '@/testing/components/test-page';
import { type EstateViewState, parseViewState, writeViewState } from './view-state';

afterEach(() => {
  cleanup();
  window.history.replaceState(null, '', '/');
});

type View = readonly [EstateViewState, (part: Partial<EstateViewState>) => void];

function Reader({ onRender }: { readonly onRender: (view: View) => void }) {
  onRender(useAddressState(parseViewState, writeViewState));
  return null;
}

describe('the view in the address', () => {
  function show(query: string) {
    window.history.replaceState(null, '', `/estate${query}`);
    let view: View | null = null;
    const onRender = (next: View) => {
      view = next;
    };
    renderPage(<Reader onRender={onRender} />);
    const read = (): View => {
      invariant(view !== null, 'the page has rendered');
      return view;
    };
    return { state: () => read()[0], change: (part: Partial<EstateViewState>) => act(() => read()[1](part)) };
  }

  it('keeps the identity of parts that a change leaves as they are', () => {
    const { state, change } = show('?open=clb%3Alb-1&focus=host%3Ashop');
    const before = state();
    change({ search: 'sale' });
    expect(state().search).toBe('sale');
    expect(state().open).toEqual(['clb:lb-1']);
    expect(state().open).toBe(before.open);
    expect(state().focus).toBe(before.focus);
  });

  it('is the same object after a change to what it has already', () => {
    const { state, change } = show('?q=sale');
    change({ node: 'clb:lb-1' });
    const before = state();
    change({ node: 'clb:lb-1' });
    expect(state()).toBe(before);
  });
});

/** A page that can render only without a search. */
function Page() {
  const [text, setText] = useState('');
  return (
    <Suspense fallback="Loading">
      <SearchInput label="Find" hint="" value={text} onChange={setText} />
      <Rows text={text} />
    </Suspense>
  );
}
const never = new Promise<never>(() => {});
const Rows = ({ text }: { readonly text: string }) => (text === '' ? 'all rows' : use(never));

it('shows typed text before the page has rendered with it', async () => {
  renderPage(<Page />);
  const input = screen.getByRole<HTMLInputElement>('searchbox', { name: 'Find' });
  await act(async () => fireEvent.change(input, { target: { value: 'sale' } }));
  expect(input.value).toBe('sale');
  expect(screen.getByText('all rows')).toBeDefined();
});
