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
import { getOidcSettings } from '@/lib/oidc-settings';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import { SwitchableClock } from '@/lib/sandbox/world/clock';
import { exampleSplit, exampleSwitch } from '@/lib/server/api/operations/example-diversion';
import { createToken } from '@/lib/server/auth/change-tokens';
import { parseSettings } from '@/lib/settings';
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

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].map((page) => ({ page, content: readFileSync(join(root, page), 'utf8') }));

const blocks: readonly Block[] = pages.flatMap(({ page, content }) =>
  [...content.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)].map(([, , language = '', text = '']) => ({
    page,
    language,
    text,
  })),
);

/** Names a kind of example; on pages about operations, each block of commands is a kind by its first line. */
function nameKind({ page, language, text }: Block): string {
  const isSingle =
    language === 'sh' &&
    /^(README|docs\/(container|operations|real-account|runbook|sandbox))\.md$/.test(page);
  return isSingle ? `${page}: ${text.trim().split('\n')[0]}` : `${page} ${language}`;
}

/** The blocks that no test of this file runs: their test, or the reason why none can. */
const otherwise: Readonly<Record<string, string>> = {
  'README.md mermaid': 'a diagram',
  'README.md: npm ci && npm start    # the app: builds when sources changed, then http://127.0.0.1:3000':
    'installs packages, and starts the app',
  "README.md: curl -H 'Host: flash.example.co.id' http://127.77.1.20/     # Hello CLB":
    'calls the fixed ports of the sandbox; lib/sandbox/readme.test.ts calls others',
  'docs/api.md yaml': 'the configuration of Prometheus',
  'docs/architecture.md mermaid': 'a diagram',
  'docs/container.md: docker build --tag spillway .': 'needs Docker',
  'docs/container.md: docker run --rm --read-only --tmpfs /tmp --volume spillway:/data --volume /etc/ssl/spillway:/tls:ro --publish 443:3000 \\':
    'needs Docker',
  'docs/container.md: export SPILLWAY_HOST=spillway.example.com TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=…':
    'needs Docker',
  'docs/guide/capacity.md csv': 'rows of a file that a person imports',
  'docs/operations.md nginx': 'the configuration of nginx',
  'docs/operations.md text': 'an address',
  'docs/operations.md: export PGPASSWORD="$(node -p \'JSON.parse(fs.readFileSync(".spillway/database-passwords.json")).owner\')"':
    'needs pg_dump and an installation',
  'docs/operations.md: npm run keys:rotate # creates a new private key and seals everything for it; Spillway can keep running':
    'lib/launch/commands/rotate-keys.test.ts',
  'docs/operations.md: npm run audit:verify                                            # of DATABASE_URL, or of the embedded database':
    'lib/launch/commands/audit-verify.test.ts',
  'docs/real-account.md json': 'lib/cloud/tencent/actions.test.ts',
  'docs/real-account.md: export TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=… TENCENTCLOUD_SITE=mainland':
    'needs an account',
  'docs/runbook.md: grep \'"run":"R-0007"\' .spillway/log/spillway.log': 'reads the log of an installation',
  'docs/sandbox.md bash': 'lib/sandbox/readme.test.ts',
  'docs/sandbox.md js': 'lib/sandbox/readme.test.ts',
  'docs/sandbox.md: npm run --silent sandbox -- --control | tee sandbox.log':
    'starts the sandbox on its fixed ports; lib/sandbox/readme.test.ts starts another',
  "docs/sandbox.md: # tccli speaks TLS only (`field apiTls`), and trusts what its Python's certifi lists, whatever REQUESTS_CA_BUNDLE says":
    'needs tccli; the page says so',
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
  'docs/operations.md json',
];

/** Returns the value of each setting that a block gives to Spillway, by the lines that start it. */
function readSettings(text: string): readonly Readonly<Record<string, string>>[] {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  const read = lines.map((line) => {
    const assignment = /\b([A-Z][A-Z_]+)=("[^"]*"|'[^']*'|\S+)/g;
    const given = [...line.matchAll(assignment)].map(([, name = '', value = '']) => [
      name,
      value.replace(/^(["'])(.*)\1$/, '$2'),
    ]);
    return { given, rest: line.replaceAll(assignment, '').replace('export ', '').trim() };
  });
  const starts = read.filter(({ rest }) => rest === 'npm start').map(({ given }) => given);
  const alone = read.filter(({ rest }) => rest === '').flatMap(({ given }) => given);
  return [...starts, alone].filter((given) => given.length > 0).map((given) => Object.fromEntries(given));
}

const settings = blocks
  .filter(({ page, language }) => /(operations|real-account)\.md$/.test(page) && language === 'sh')
  .flatMap((block) => readSettings(block.text).map((env) => ({ kind: nameKind(block), env })))
  .filter(({ env }) => env.PGPASSWORD === undefined);

it.each(settings)('the settings of $kind exist and are valid', ({ env }) => {
  const parsed = parseSettings(env);
  invariant(parsed.ok, parsed.ok ? '' : parsed.error.join('\n'));
  expect(Object.keys(parsed.value)).toEqual(expect.arrayContaining(Object.keys(env)));
});

it('the groups of an identity provider are valid', () => {
  const [groups = ''] = findBlocks('docs/operations.md', 'json');
  const oidc = settings.find(({ env }) => env.SPILLWAY_OIDC_ROLES !== undefined);
  const parsed = parseSettings({ ...oidc?.env, SPILLWAY_OIDC_ROLES: groups });
  invariant(parsed.ok, parsed.ok ? '' : parsed.error.join('\n'));
  expect(getOidcSettings(parsed.value)?.groupRoles).toMatchObject(JSON.parse(groups));
});

it('the scripts that pages name exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = pages.flatMap(({ content }) =>
    [...content.matchAll(/\bnpm run (?:-\S+ )*([a-z][\w:-]*)/g)].map(([, name]) => name),
  );
  expect(named).toContain('audit:verify');
  expect(named.filter((name) => scripts[name ?? ''] === undefined)).toEqual([]);
});

it('every example runs in a test, or is listed with the reason', () => {
  const kinds = [...new Set(blocks.map(nameKind))];
  const proven = settings.map(({ kind }) => kind).filter((kind) => otherwise[kind] === undefined);
  expect(kinds.toSorted()).toEqual([...new Set([...here, ...proven, ...Object.keys(otherwise)])].toSorted());
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
