import { expect, it } from 'vitest';
import { readPages } from './pages';

/** Creates a list that responds as the cloud does. */
function serve(items: readonly number[], total = items.length) {
  const windows: number[] = [];
  const readPage = async ({ Offset, Limit }: { Offset: number; Limit: number }) => {
    windows.push(Offset);
    return { items: items.slice(Offset, Offset + Limit), total };
  };
  return { windows, readPage };
}

it('reads all pages, the last one partly filled', async () => {
  const list = serve([1, 2, 3, 4, 5]);
  expect(await readPages(2, list.readPage)).toEqual([1, 2, 3, 4, 5]);
  expect(list.windows).toEqual([0, 2, 4]);
});

it('sends one call when everything fits', async () => {
  const list = serve([1, 2]);
  expect(await readPages(2, list.readPage)).toEqual([1, 2]);
  expect(list.windows).toEqual([0]);
});

it('stops when entries are deleted during the read', async () => {
  const list = serve([1, 2, 3], 9);
  expect(await readPages(2, list.readPage)).toEqual([1, 2, 3]);
});
