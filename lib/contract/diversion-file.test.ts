import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { exitCodes } from '@/lib/cli/base/exit-codes';
import { invariant } from '@/lib/invariant';
import { testSplit, testSwitch, testWaves } from '@/testing/plan/test-estate';
import { DiversionFile, diversionFileSchema } from './diversion-file';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const schema = JSON.parse(read('docs/schemas/diversion.schema.json'));
const isValid = new Ajv({ strict: false, formats: { 'date-time': true } }).compile(schema);

test('the published schema is that of this build', () => {
  expect(schema).toEqual(JSON.parse(JSON.stringify(diversionFileSchema())));
});

test('the example of the documentation fits the schema and can be read', () => {
  const [, text] = /```yaml\n(# yaml-language-server[\s\S]*?)```/.exec(read('docs/cli.md')) ?? [];
  invariant(text !== undefined, 'the documentation has an example');
  const file: unknown = parse(text);
  expect([isValid(file), isValid.errors]).toEqual([true, null]);
  expect(DiversionFile.safeParse(file)).toMatchObject({ success: true });
});

test.each([
  ['a Split', testSplit()],
  ['a Switch', testSwitch()],
  ['a Switch of several names', testWaves([['flash.example.co.id'], ['shop.example.co.id']])],
])('the schema accepts %s', (_, diversion) => {
  expect(isValid({ apiVersion: 'spillway/v1', connection: 'sandbox', diversion })).toBe(true);
});

test.each([
  ['another format', { apiVersion: 'spillway/v2' }],
  ['a key that does not exist', { connexion: 'sandbox' }],
  ['another kind', { diversion: { ...testSplit(), kind: 'merge' } }],
  ['a route without a function', { diversion: { ...testSplit(), routes: [{ to: 'function' }] } }],
])('the schema refuses %s', (_, change) => {
  const file = { apiVersion: 'spillway/v1', connection: 'sandbox', diversion: testSplit(), ...change };
  expect(isValid(file)).toBe(false);
});

test('the documentation lists every exit code', () => {
  const rows = [...read('docs/cli.md').matchAll(/^\| (\d) +\| `(\w+)`/gm)].map(([, code, name]) => [
    name,
    Number(code),
  ]);
  expect(Object.fromEntries(rows)).toEqual(exitCodes);
});
