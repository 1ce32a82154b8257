import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const app = fileURLToPath(new URL('../app', import.meta.url));

it('shows the page for missing rights, not an error, for each object that an address names', () => {
  const pages = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.includes('[') && path.endsWith('page.tsx'),
  );
  expect(pages.length).toBeGreaterThan(5);
  const unguarded = pages.filter((page) => !readFileSync(join(app, page), 'utf8').includes('orForbidden('));
  expect(unguarded).toEqual([]);
});
