import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Terminal } from '@/lib/cli/base/terminal';
import { buildProgram, runCli } from '@/lib/cli/run-cli';
import { CloudConnection } from '@/lib/cloud/connection';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { DiversionFile } from '@/lib/contract/diversion-file';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { SwitchableClock } from '@/lib/sandbox/world/clock';
import { exampleSplit, exampleSwitch } from '@/lib/server/api/operations/example-diversion';
import { createToken } from '@/lib/server/auth/change-tokens';
import { webhookFormat } from '@/lib/worker/alerts/formats/webhook';
import { startTestCloud, type TestCloud } from '@/testing/sandbox/test-cloud';
import { startTestApi } from '@/testing/server/test-api';
import { testContext } from '@/testing/server/test-context';

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

const context = testContext();
let server: Awaited<ReturnType<typeof startTestApi>>;
let token = '';
let folder = '';
beforeAll(async () => {
  await context.clear();
  await context.connect('sandbox-niaga', 'sandbox', estate);
  server = await startTestApi();
  const made = await createToken({ name: 'Docs', role: 'administrator', days: 1 });
  invariant(made.ok, 'the local user may create tokens');
  token = made.value.token;
  folder = mkdtempSync(join(tmpdir(), 'spillway-docs-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

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

type Block = { readonly page: string; readonly language: string; readonly text: string };

const blocks: readonly Block[] = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]
  .toSorted()
  .flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)].map(
      ([, , language = '', text = '']) => ({ page, language, text }),
    ),
  );

/** The blocks that no test of this file runs, by page and language: their test, or the reason why none can. */
const otherwise: Readonly<Record<string, string>> = {
  'README.md mermaid': 'a diagram',
  'README.md sh':
    'starts the app, and calls the fixed ports of its sandbox; lib/sandbox/readme.test.ts calls others',
  'docs/api.md yaml': 'the configuration of Prometheus',
  'docs/architecture.md mermaid': 'a diagram',
  'docs/container.md sh': 'needs Docker',
  'docs/guide/capacity.md csv': 'rows of a file that a person imports',
  'docs/operations.md nginx': 'the configuration of nginx',
  'docs/operations.md sh': 'starts processes with certificates, databases or identity providers of their own',
  'docs/operations.md text': 'an address',
  'docs/operations.md json': 'groups of an identity provider',
  'docs/real-account.md sh': 'needs an account',
  'docs/real-account.md json': 'lib/cloud/tencent/actions.test.ts',
  'docs/runbook.md sh': 'reads the log of an installation',
  'docs/sandbox.md bash': 'lib/sandbox/readme.test.ts',
  'docs/sandbox.md js': 'lib/sandbox/readme.test.ts',
  'docs/sandbox.md sh': 'needs tccli, or starts the sandbox; the page says so',
  'docs/sandbox.md python': 'needs the SDK for Python; the page says so',
  'docs/sandbox.md hcl': 'needs Terraform; the page says so',
};
const here = [
  'docs/api.md sh',
  'docs/api.md json',
  'docs/cli.md sh',
  'docs/cli.md yaml',
  'docs/guide/alerts.md json',
  'docs/guide/alerts.md js',
  'docs/guide/rehearsals.md sh',
  'docs/operations.md sql',
];

it('every example runs in a test, or its kind is listed with the reason', () => {
  const kinds = [...new Set(blocks.map(({ page, language }) => `${page} ${language}`))];
  expect(kinds.toSorted()).toEqual([...here, ...Object.keys(otherwise)].toSorted());
});

const findBlocks = (page: string, language: string) =>
  blocks.filter((block) => block.page === page && block.language === language).map(({ text }) => text);

/** Splits a line into its words as a shell does, and drops its comment. */
function splitWords(line: string): readonly string[] {
  return [...line.replace(/(^| )#.*$/, '').matchAll(/"([^"]*)"|'([^']*)'|[^\s"']+/g)].map(
    ([word, double, single]) => double ?? single ?? word,
  );
}

const commands = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'))
  .map((line) => splitWords(line).filter((word) => !/^SPILLWAY_\w+=/.test(word)))
  .flatMap((words) => {
    const at = words[0] === 'npm' ? words.indexOf('--') : words.indexOf('spillway');
    const isOurs =
      ['spillway', 'npx'].includes(words[0] ?? '') || (words[0] === 'npm' && words.includes('spillway'));
    const args = words.slice(at + 1);
    return isOurs && at >= 0 ? [args.includes('<') ? args.slice(0, args.indexOf('<')) : args] : [];
  });

const terminal = (env: Record<string, string>, write: (text: string) => void): Terminal => ({
  env: { HOME: folder, ...env },
  cwd: folder,
  write,
  writeError: write,
  readSecret: async () => '',
  sleep: async () => {},
});

it.each(commands.map((args) => [args.join(' '), args] as const))(
  'spillway %s has valid options',
  async (_, args) => {
    const output: string[] = [];
    const program = buildProgram(terminal({}, (text) => output.push(text)));
    const ignore = (command: Command): void => {
      command.action(() => {});
      for (const each of command.commands) ignore(each);
    };
    for (const each of program.commands) ignore(each);
    const ended = program.parseAsync(args, { from: 'user' });
    if (args.includes('--help')) await expect(ended).rejects.toMatchObject({ exitCode: 0 });
    else await expect(ended, output.join('')).resolves.toBeDefined();
  },
);

it('the commands of Capacity run on the seed', async () => {
  let output = '';
  const run = (args: readonly string[]) =>
    runCli(
      args,
      terminal({ SPILLWAY_URL: `http://127.0.0.1:${server.port}`, SPILLWAY_TOKEN: token }, (text) => {
        output += text;
      }),
    );
  await context.plan(readFile().diversion, 'sandbox-niaga');
  const named = (name: string) => {
    const found = commands.find(([group, each]) => group === 'capacity' && each === name);
    invariant(found !== undefined, `the page has an example of ${name}`);
    return found;
  };
  expect(await run([...named('places'), '--json']), output).toBe(0);
  // A worker would read the figures of this place.
  const history = named('history');
  const option = (name: string) => history[history.indexOf(name) + 1];
  expect(JSON.parse(output).places.map(({ place }: { place: unknown }) => place)).toContainEqual(
    expect.objectContaining({
      region: option('--region'),
      loadBalancerId: option('--load-balancer'),
      listenerId: option('--listener'),
      domain: option('--domain'),
    }),
  );
  expect(await run(named('scenario')), output).toBe(0);
  // 9: the event misses its goals.
  expect([0, 9], output).toContain(await run(named('advice')));
});

it('the calls of the API are accepted on the seed', async () => {
  const { id, hash } = await context.plan(readFile().diversion, 'sandbox-niaga');
  const [, calls = ''] = findBlocks('docs/api.md', 'sh');
  const lines = calls.split('\n').filter((line) => line.startsWith('api '));
  expect(lines).toHaveLength(4);
  for (const line of lines) {
    const words = splitWords(line.replaceAll('P-0001', id).replace('"…"', `"${hash}"`));
    const body = words.includes('-d') ? words[words.indexOf('-d') + 1] : undefined;
    const address = words.at(-1)?.replace('$SPILLWAY_URL', `http://127.0.0.1:${server.port}`) ?? '';
    const answer = await fetch(address, {
      method: words.includes('POST') ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });
    const answered = `${line}: ${answer.status} ${await answer.text()}`;
    // The run waits for a worker, so there is nothing to roll back yet.
    if (line.includes('"command"')) expect(answered).toMatch(/: 409 .*"code":"run\./);
    else expect(answer.ok, answered).toBe(true);
  }
});

it('the API refuses a field as its page shows', async () => {
  const [problem = ''] = findBlocks('docs/api.md', 'json');
  const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: '', role: 'viewer', days: 1 }),
  });
  // The title is the name that this version of Node has for the status.
  expect(await answer.json()).toEqual({ ...JSON.parse(problem), title: STATUS_CODES[422] });
});

it('the example of a webhook has the fields that one gets, and its program verifies the signature', async () => {
  const [message = ''] = findBlocks('docs/guide/alerts.md', 'json');
  const [program = ''] = findBlocks('docs/guide/alerts.md', 'js');
  const { id, version: _, severity, connectionIds, regions, domains, ...alert } = JSON.parse(message);
  const secret = `whsec_${Buffer.from('secret of a webhook').toString('base64')}`;
  const request = webhookFormat.build(
    {
      ...alert,
      deliveryId: id,
      path: '/runs/R-0007',
      scope: { connectionIds, regions, domains },
      leadMinutes: null,
    },
    { url: 'https://hooks.example.com/', secret, conversation: null, mail: null },
    new Date(),
  );
  expect(JSON.parse(request.body)).toEqual(JSON.parse(message));
  expect(severity).toBe('critical');
  const file = join(folder, 'receiver.mjs');
  writeFileSync(file, program);
  const { isFromSpillway } = await import(/* @vite-ignore */ pathToFileURL(file).href);
  expect(isFromSpillway(request.headers, request.body, secret)).toBe(true);
  expect(isFromSpillway(request.headers, `${request.body} `, secret)).toBe(false);
});

it('the SQL for roles is valid', async () => {
  const statements = findBlocks('docs/operations.md', 'sql')
    .join('')
    // Roles belong to all databases of the server, in which other tests have theirs.
    .replace(/\bspillway(?=[\s_;])/g, 'spillway_docs')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  // A transaction can't create a database.
  const [created, inTransaction] = [
    statements.filter((statement) => statement.startsWith('create database')),
    statements.filter((statement) => !statement.startsWith('create database')),
  ];
  expect(created).toEqual(['create database spillway_docs owner spillway_docs']);
  expect(inTransaction).toHaveLength(5);
  const undone = new Error('undone');
  await expect(
    context.db.transaction(async (transaction) => {
      for (const statement of inTransaction) await transaction.execute(sql.raw(statement));
      throw undone;
    }),
  ).rejects.toBe(undone);
});
