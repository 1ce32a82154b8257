import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'playwright/test';
import { z } from 'zod';

/* Needs no app: it reads what the build says about its pages. `npm run bench:pages` measures the same in a browser. */

/**
 * The most JavaScript that a page may load at first, in kB of gzip. The page of a diversion loads the most, 458 kB: it
 * shows the plan, the run and the activity of one diversion, which were three pages of up to 421 kB. The limit was
 * 260 kB while parts of pages loaded late: static imports load more, yet each of six pages paints its largest content
 * earlier (`npm run bench:pages`: a plan after 564 instead of 968 ms).
 */
const mostKb = 460;

const build = join(dirname(fileURLToPath(import.meta.url)), '../../.next');
const pageFile = 'page_client-reference-manifest.js';
const Framework = z.object({ rootMainFiles: z.array(z.string()) });
const Pages = z.record(z.string(), z.object({ entryJSFiles: z.record(z.string(), z.array(z.string())) }));

/** Returns the scripts that each page names, by its route. */
function listScripts(): ReadonlyMap<string, ReadonlySet<string>> {
  const framework = Framework.parse(JSON.parse(readFileSync(join(build, 'build-manifest.json'), 'utf8')));
  const app = join(build, 'server/app');
  const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith(pageFile),
  );
  return new Map(
    files.map((file) => {
      const scope: { __RSC_MANIFEST?: unknown } = {};
      runInNewContext(readFileSync(join(app, file), 'utf8'), Object.assign(scope, { globalThis: scope }));
      // Next keeps one entry for each file that is rendered around the page and in its place.
      const entries = Object.values(Pages.parse(scope.__RSC_MANIFEST)).flatMap(({ entryJSFiles }) =>
        Object.entries(entryJSFiles),
      );
      const scripts = entries
        .filter(([entry]) => !/\/(not-found|global-error)$/.test(entry))
        .flatMap(([, each]) => each);
      return [`/${dirname(file)}`.replace('/.', '/'), new Set([...framework.rootMainFiles, ...scripts])];
    }),
  );
}

test('no page loads more JavaScript at first than it may', () => {
  const sizes = new Map<string, number>();
  const sizeKb = (script: string) => {
    const known = sizes.get(script) ?? gzipSync(readFileSync(join(build, script))).length / 1000;
    sizes.set(script, known);
    return known;
  };
  const pages = listScripts();
  expect(pages.size).toBeGreaterThan(15);
  const past = [...pages].flatMap(([route, scripts]) => {
    const kb = [...scripts].reduce((sum, script) => sum + sizeKb(script), 0);
    // What every page has is 130 kB: less means that the build is described otherwise now.
    expect(kb, route).toBeGreaterThan(130);
    return kb > mostKb ? [`${route}: ${kb.toFixed(1)} kB`] : [];
  });
  expect(past).toEqual([]);
});
