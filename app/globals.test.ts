import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import tailwind from '@tailwindcss/postcss';
import postcss from 'postcss';
import { expect, it } from 'vitest';

it('looks for class names in the folders of the dashboard alone', async () => {
  const from = join(import.meta.dirname, 'globals.css');
  const root = join(import.meta.dirname, '..');
  const { messages } = await postcss([tailwind()]).process(readFileSync(from, 'utf8'), { from });
  const folders = messages.flatMap(({ type, dir }) => (type === 'dir-dependency' ? [dir as string] : []));
  expect(new Set(folders.map((folder) => relative(root, folder).split('/')[0]))).toEqual(
    new Set(['app', 'components']),
  );
});
