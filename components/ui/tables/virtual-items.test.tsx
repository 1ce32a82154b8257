// @vitest-environment happy-dom
import { cleanup, render, screen, waitFor } from '@testing-library/react';
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
        {id}
      </li>
    )}
  />
);
const show = (count: number) => render(list(count));

it('renders all of a short list', () => {
  show(99);
  expect(screen.getAllByRole('listitem')).toHaveLength(99);
});

it('renders what is visible of a long list, each with its place in all of it', async () => {
  show(3000);
  await waitFor(() => expect(screen.getAllByRole('listitem').length).toBeGreaterThan(10));
  const items = screen.getAllByRole('listitem');
  expect(items.length).toBeLessThan(100);
  expect(items[0]?.getAttribute('aria-posinset')).toBe('1');
  expect(items[0]?.getAttribute('aria-setsize')).toBe('3000');
  expect(screen.queryByText('item-2000')).toBeNull();
});

it('scrolls to an item of a long list that a link names', async () => {
  // Nothing is laid out here: a page as high as its items.
  vi.spyOn(document.documentElement, 'scrollHeight', 'get').mockReturnValue(150_000);
  window.location.hash = '#item-2000';
  show(3000);
  await waitFor(() => expect(window.scrollY).toBeGreaterThan(90_000));
});

it('leaves the page where a person has scrolled it when its items are read again', async () => {
  vi.spyOn(document.documentElement, 'scrollHeight', 'get').mockReturnValue(150_000);
  window.location.hash = '#item-2000';
  const { rerender } = show(3000);
  await waitFor(() => expect(window.scrollY).toBeGreaterThan(90_000));
  const scroll = vi.spyOn(window, 'scrollTo');
  rerender(list(3000));
  expect(scroll).not.toHaveBeenCalled();
});

it('ignores a hash that is not percent-encoded', () => {
  window.location.hash = '#100%';
  show(3000);
  expect(screen.getByRole('list')).toBeTruthy();
});
