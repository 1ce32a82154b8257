import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { expect, it } from 'vitest';
import { z } from 'zod';
import {
  deployActions,
  invokeActions,
  manageActions,
  planActions,
  readActions,
  roleActions,
} from '@/lib/estate/actions';
import { invariant } from '@/lib/invariant';
import { allowedWrites } from './write';

/*
 * Checks that the calls the adapter can make, read from its own source, are those that a key's permissions are checked
 * for and that the policy in docs/real-account.md allows.
 */

const folder = import.meta.dirname;

type Feature = 'plan' | 'deploy' | 'manage' | 'invoke' | 'role' | 'read';

function featureForFile(file: string): Feature {
  if (file.startsWith('deploy-')) return 'deploy';
  if (file.startsWith('manage-')) return 'manage';
  if (file === join('sts', 'assume-role.ts')) return 'role';
  return file === join('scf', 'invoke.ts') ? 'invoke' : 'read';
}

type Node = { readonly type: string; readonly [field: string]: unknown };

/**
 * Returns the possible texts of an expression: itself, or either side of a condition; `?` if the source does not
 * determine it.
 */
function listTexts(node: Node): readonly string[] {
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value];
  if (node.type === 'TSAsExpression') return listTexts(node.expression as Node);
  if (node.type !== 'ConditionalExpression') return ['?'];
  return [...listTexts(node.consequent as Node), ...listTexts(node.alternate as Node)];
}

/** Returns each call in a source text: an object that names a service and an action. */
function callsIn(file: string, code: string): readonly string[] {
  const calls: string[] = [];
  new Visitor({
    ObjectExpression({ properties }) {
      const textsAt = (name: string): readonly string[] =>
        properties.flatMap((property) =>
          property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === name
            ? listTexts(property.value as unknown as Node)
            : [],
        );
      const services = textsAt('service').filter((service) => service !== '?');
      for (const service of services)
        for (const action of textsAt('action')) calls.push(`${service}:${action}`);
    },
  }).visit(parseSync(file, code).program);
  return calls;
}

function sentBy(feature: Feature): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/(\.test\.ts|(^|[\\/])test-[^\\/]+)$/.test(file),
  );
  const found = files
    // Plans name their own actions: `write.ts` lists the ones it accepts.
    .filter((file) => file !== 'write.ts' && featureForFile(file) === feature)
    .flatMap((file) => callsIn(file, readFileSync(join(folder, file), 'utf8')));
  return [...new Set(found)].toSorted();
}

it('extracts the calls from the source, including both branches of a condition', () => {
  const code = `send({ service: 'scf', action: isThere ? 'UpdateAlias' : 'CreateAlias', region });`;
  expect(callsIn('x.ts', code)).toEqual(['scf:UpdateAlias', 'scf:CreateAlias']);
  expect(callsIn('x.ts', `send({ service: 'scf', action, region })`)).toEqual(['scf:?']);
});

it.each([
  ['read', readActions],
  ['deploy', deployActions],
  ['invoke', invokeActions],
  ['role', roleActions],
] as const)('the calls of the feature %s match its list', (feature, listed) => {
  expect(sentBy(feature)).toEqual([...listed].toSorted());
});

it('changes of functions send the calls of their list, and some of plans and deployments', () => {
  const sent = sentBy('manage');
  expect(sent.filter((action) => ![...planActions, ...deployActions].includes(action))).toEqual(
    [...manageActions].toSorted(),
  );
});

it('the writes of plans match their list', () => {
  const writes = Object.entries(allowedWrites).flatMap(([service, actions]) =>
    actions.map((action) => `${service}:${action}`),
  );
  expect(writes.toSorted()).toEqual([...planActions].toSorted());
});

const Policy = z.object({
  statement: z.tuple([z.object({ action: z.array(z.string()) }), z.object({ action: z.array(z.string()) })]),
});

const page = readFileSync(join(folder, '../../../docs/real-account.md'), 'utf8');

/** Returns the actions of the two statements of the documented policy: reading, writing. */
function readPolicy(): readonly [readonly string[], readonly string[]] {
  const block = [...page.matchAll(/```json\n([^`]*)```/g)].find(([, text]) =>
    text?.includes('"statement"'),
  )?.[1];
  invariant(block !== undefined, 'the page has a policy');
  const [reading, writing] = Policy.parse(JSON.parse(block)).statement;
  return [reading.action, writing.action];
}

it('the documented policy allows exactly these actions', () => {
  const [reading, writing] = readPolicy();
  const matches = (pattern: string, action: string) =>
    pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action;
  expect(readActions.filter((action) => !reading.some((pattern) => matches(pattern, action)))).toEqual([]);
  expect(reading.filter((pattern) => !readActions.some((action) => matches(pattern, action)))).toEqual([]);
  expect(writing.toSorted()).toEqual(
    [...planActions, ...deployActions, ...manageActions, ...invokeActions].toSorted(),
  );
});

it('the feature table has each action of the documented policy once', () => {
  const [, table = ''] = page.split(/^### What each feature needs$/m);
  const listed = [...table.matchAll(/^\|.*\|$/gm)].flatMap(([row]) =>
    [...row.matchAll(/`([a-z]+:[A-Za-z*]+)`/g)].map(([, action]) => action),
  );
  expect(listed.toSorted()).toEqual(readPolicy().flat().toSorted());
});
