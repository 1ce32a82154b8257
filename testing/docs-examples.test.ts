import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DiversionFile } from '@/lib/api/diversion-file';
import { CloudConnection } from '@/lib/cloud/connection';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { SwitchableClock } from '@/lib/sandbox/world/clock';
import { exampleSplit, exampleSwitch } from '@/lib/server/api/operations/example-diversion';
import { startTestCloud, type TestCloud } from '@/testing/sandbox/test-cloud';

/* The examples of the documentation and of the API, on the seed that a new installation has. */

const root = fileURLToPath(new URL('..', import.meta.url));

let cloud: TestCloud;
let estate: Estate;
beforeAll(async () => {
  cloud = await startTestCloud({
    seed: 'flash-sale',
    vipNetwork: '127.198.0.0/16',
    clock: new SwitchableClock(),
  });
  const connection = CloudConnection.parse({
    id: 'sandbox-niaga',
    name: 'Sandbox',
    kind: 'sandbox',
    endpoint: cloud.plane.api,
    dns: null,
    regions: ['ap-jakarta', 'ap-singapore'],
    portOffset: 0,
    ...cloud.keys('niaga'),
  });
  const log = { debug: () => {}, info: () => {}, warn: () => {} };
  estate = await createTencentCloud(connection, { now: () => new Date(), log }).readEstate(() => {});
});
afterAll(() => cloud.plane.stop());

function readFile(): DiversionFile {
  const page = readFileSync(join(root, 'docs/cli.md'), 'utf8');
  const [, text] = /```yaml\n(# yaml-language-server[\s\S]*?)```/.exec(page) ?? [];
  invariant(text !== undefined, 'the page has an example');
  return DiversionFile.parse(parse(text));
}

it.each<[string, () => Diversion]>([
  ['diversion file', () => readFile().diversion],
  ['Split of the API', () => exampleSplit],
  ['Switch of the API', () => exampleSwitch],
])('the example of a %s can be applied to the seed as it is', (_, read) => {
  const findings = preflight({ estate, diversion: read() });
  expect(findings.filter(stops).map(({ why, values }) => [why, values])).toEqual([]);
});

it('the diversion file names the account of the seed', () => {
  expect(readFile().connection).toBe(estate.connectionId);
});
