import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/**
 * Calls that open addresses of load balancers and servers: two files that do so on one network collide on its ports.
 */
const opens = /\bstart(Sandbox|TestDashboard|RunFixture|WorkerFixture|SwitchFixture)\(/;
/** Calls that need only a /24 of it. */
const opensFew = /\bstartTestPlane\(/;

function listNetworks(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const named = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([network]) => network))];
  if (opens.test(text)) return named(/\b127\.(?!0\.)\d+/g);
  return opensFew.test(text) ? named(/\b127\.(?!0\.)\d+\.\d+/g) : [];
}

test('parallel test files use separate networks', () => {
  const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('lib', name));
  const users = new Map<string, string[]>();
  for (const file of files)
    for (const network of listNetworks(file)) users.set(network, [...(users.get(network) ?? []), file]);
  expect(users.size).toBeGreaterThan(20);
  expect([...users.values()].filter((sharing) => sharing.length > 1)).toEqual([]);
});
