// @vitest-environment happy-dom
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { VirtualItems } from './virtual-items';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  window.location.hash = '';
  window.scrollTo(0, 0);
});

const list = (count: number) => (
  <VirtualItems
    as="ol"
    items={Array.from({ length: count }, (_, n) => `item-${n}`)}
    itemId={(id) => id}
    itemPx={50}
    item={(id, place) => (
      <li key={id} id={id} {...place}>
        <a href={`#${id}`}>{id}</a>
      </li>
    )}
  />
);
function scrollTo(px: number) {
  // Without layout: the list starts at the top of the page, and each item has its stated height.
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(
    () => new DOMRect(0, -window.scrollY, 100, 50),
  );
  act(() => {
    window.scrollTo(0, px);
    window.dispatchEvent(new Event('scroll'));
  });
}
const show = (count: number) => render(list(count));

it('renders all of a short list', () => {
  show(99);
  expect(screen.getAllByRole('listitem')).toHaveLength(99);
});

it('renders the visible items of a long list, with their positions in it', async () => {
  show(3000);
  await waitFor(() => expect(screen.getAllByRole('listitem').length).toBeGreaterThan(10));
  const items = screen.getAllByRole('listitem');
  expect(items.length).toBeLessThan(100);
  expect(items[0]?.getAttribute('aria-posinset')).toBe('1');
  expect(items[0]?.getAttribute('aria-setsize')).toBe('3000');
  expect(screen.queryByText('item-2000')).toBeNull();
});

it('scrolls to the item of a link in a long list', async () => {
  // Without layout: a page as high as its items.
  vi.spyOn(document.documentElement, 'scrollHeight', 'get').mockReturnValue(150_000);
  window.location.hash = '#item-2000';
  show(3000);
  await waitFor(() => expect(window.scrollY).toBeGreaterThan(90_000));
});

it('keeps the scroll position when its items are read again', async () => {
  vi.spyOn(document.documentElement, 'scrollHeight', 'get').mockReturnValue(150_000);
  window.location.hash = '#item-2000';
  const { rerender } = show(3000);
  await waitFor(() => expect(window.scrollY).toBeGreaterThan(90_000));
  const scroll = vi.spyOn(window, 'scrollTo');
  rerender(list(3000));
  expect(scroll).not.toHaveBeenCalled();
});

it('keeps the focused item and its neighbours when it is scrolled out of view', async () => {
  show(3000);
  const link = await screen.findByRole('link', { name: 'item-3' });
  act(() => link.focus());
  scrollTo(100_000);
  await waitFor(() => expect(screen.getByText('item-2000')).toBeTruthy());
  expect(document.activeElement).toBe(link);
  expect(link.isConnected).toBe(true);
  const shown = screen.getAllByRole('link').map(({ textContent }) => textContent);
  expect(shown.slice(0, 3)).toEqual(['item-2', 'item-3', 'item-4']);
  expect(shown).not.toContain('item-20');

  act(() => link.blur());
  await waitFor(() => expect(screen.queryByText('item-3')).toBeNull());
});

it('ignores a hash that is not percent-encoded', () => {
  window.location.hash = '#100%';
  show(3000);
  expect(screen.getByRole('list')).toBeTruthy();
});
