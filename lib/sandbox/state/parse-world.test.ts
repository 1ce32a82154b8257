import { expect, test } from 'vitest';
import { seedNamed, seedNames } from '../seeds/seeds';
import { parseWorld } from './parse-world';

const network = '127.108.0.0/16';
const world = () => structuredClone(seedNamed('small')(network, 1_700_000_000_000));
const parseError = (value: unknown) => {
  const parsed = parseWorld(value);
  return parsed.ok ? null : parsed.error;
};

/** Returns sandbox data with one change: the path consists of keys and indexes. */
function changed(path: readonly string[], change: (holder: Record<string, unknown>, key: string) => void) {
  const whole: Record<string, unknown> = world();
  const holder = path.slice(0, -1).reduce<Record<string, unknown>>((at, key) => Object(at[key]), whole);
  change(holder, path.at(-1) ?? '');
  return whole;
}

test.each([...seedNames])('restores the data of the seed %s unchanged', (name) => {
  const value = seedNamed(name)(network, 1_700_000_000_000);
  expect(parseWorld(JSON.parse(JSON.stringify(value)))).toEqual({ ok: true, value });
});

const account = ['accounts', '100000000001'];
const balancer = [...account, 'loadBalancers', 'lb-cvm00001'];

test.each([
  ['a number for a text', [...balancer, 'name'], 5, 'accounts.100000000001.loadBalancers.lb-cvm00001.name'],
  ['a word that is none', [...balancer, 'type'], 'SHUT', 'loadBalancers.lb-cvm00001.type'],
  [
    'an unknown field',
    [...balancer, 'colour'],
    'red',
    'lb-cvm00001 must NOT have additional properties: colour',
  ],
  ['a key that disagrees', [...balancer, 'id'], 'lb-other', 'loadBalancers.lb-cvm00001 holds lb-other'],
  ['a key among the data', [...account, 'secretKey'], 'x', 'must NOT have additional properties: secretKey'],
  ['a number that is no id', ['nextId'], 1.5, 'nextId'],
  ['no accounts', ['accounts'], {}, 'accounts must not be empty'],
  ['an unknown effect', [...account, 'tasks', 'x'], { effect: { kind: 'explode' } }, 'tasks.x'],
  [
    'a redirect to nowhere',
    [...balancer, 'listeners', '0', 'rules', '0', 'redirectTo'],
    { listenerId: 'lbl-cvm00001', ruleId: 'loc-none', code: 301, takeUrl: true },
    'redirects to lbl-cvm00001/loc-none',
  ],
  [
    'a rule twice',
    [...balancer, 'listeners', '0', 'rules', '1', 'id'],
    'loc-shop0001',
    'the rule loc-shop0001 twice',
  ],
  [
    'a custom configuration that no one could make',
    [...account, 'customConfigs', 'pz-1'],
    {
      id: 'pz-1',
      name: '',
      region: 'ap-singapore',
      kind: 'CLB',
      content: 'send_timeout 0s;',
      createdAt: 0,
      modifiedAt: 0,
      bindings: [],
      tags: {},
    },
    'customConfigs.pz-1.content, line 1: "send_timeout" must be 1-3600 s',
  ],
  [
    'a target group that is not there',
    [...balancer, 'listeners', '0', 'rules', '0', 'targetGroups'],
    [{ groupId: 'lbtg-none', weight: 10 }],
    'loc-shop0001 has the target group lbtg-none, which is not there',
  ],
  [
    'another format',
    ['format'],
    'sandbox/2',
    'its format is "sandbox/2", and this build of Spillway reads only',
  ],
])('refuses %s and names its place', (_, path, value, message) => {
  const broken = changed(path, (holder, key) => {
    holder[key] = value;
  });
  expect(parseError(broken)).toContain(message);
});

test('names a missing field', () => {
  const broken = changed([...balancer, 'vips'], (holder, key) => {
    delete holder[key];
  });
  expect(parseError(broken)).toContain("lb-cvm00001 must have required property 'vips'");
});

test.each([null, [], 'x', 7, {}])('rejects %j as sandbox data', (value) => {
  expect(parseError(value)).toContain('no sandbox data');
});
