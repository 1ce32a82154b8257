import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { startSandbox } from './sandbox';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const sandboxPage = readFileSync(join(root, 'docs/sandbox.md'), 'utf8');

/** Returns the code blocks of docs/sandbox.md in a language, in order. */
function blocks(language: string): string[] {
  return [...sandboxPage.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, named]) => named === language)
    .map(([, , code = '']) => code);
}

/** Returns the promised output of the code, in order: the texts after its arrows. */
function documentedOutput(code: string): string[] {
  return [...code.matchAll(/(?:#|\/\/) → (.+)$/gm)].map(([, said = '']) => said);
}

const folder = mkdtempSync(join(tmpdir(), 'sandbox-readme-'));
const sandbox = await startSandbox({
  port: 0,
  dnsPort: 0,
  controlPort: 0,
  seed: 'flash-sale',
  vipNetwork: '127.112.0.0/16',
  taskMs: 1000,
  stateFile: null,
  log: pino({ level: 'silent' }),
});
writeFileSync(join(folder, 'sandbox.log'), `${JSON.stringify(sandbox.announcement)}\n{"level":30}\n`);
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a program in the folder with the log, and compares its output with the promise of the code. */
async function expectDocumentedOutput(program: string, args: readonly string[], code: string): Promise<void> {
  const { stdout, stderr } = await run(program, [...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', NODE_ENV: 'test' },
    encoding: 'utf8',
  });
  const words = documentedOutput(code);
  expect(words.length).toBeGreaterThan(0);
  let rest = stdout;
  for (const word of words) {
    const at = rest.indexOf(word);
    expect(at, `"${word}" in what is left of the output:\n${rest}\n${stderr}`).toBeGreaterThanOrEqual(0);
    rest = rest.slice(at + word.length);
  }
}

test.each(['bash', 'openssl', 'curl', 'dig'])('%s is installed, which the examples need', async (program) => {
  const { stdout } = await run('sh', ['-c', `command -v ${program} || echo missing`]);
  expect(stdout.trim(), `install ${program}: the lines of docs/sandbox.md need it`).not.toBe('missing');
});

test('the shell examples print the documented output', async () => {
  const code = blocks('bash').join('\n');
  await expectDocumentedOutput('bash', ['-euc', code], code);
});

test('the examples for the Node SDK print the documented output', async () => {
  const code = blocks('js').join('\n');
  const file = join(folder, 'sandbox-page.mjs');
  writeFileSync(file, code);
  await expectDocumentedOutput(process.execPath, [file], code);
});

test('the Node examples of the first five minutes get a response', async () => {
  const [, minutes = ''] = readme.split(/^## First five minutes$/m);
  const lines = [...minutes.matchAll(/^ {3}(node -e .+)$/gm)].map(([, line = '']) => line);
  expect(lines).toHaveLength(2);
  const { dns, portOffset } = sandbox.announcement;
  // As in the README: the addresses of a sandbox that `npm start` runs, after the plan was applied.
  const shown = ['http://127.77.1.20/', '127.0.0.1:3053'];
  for (const text of shown) expect(lines.join('\n')).toContain(text);
  const ask = async (line: string, address: string) => {
    const asked = line.replace(shown[0] ?? '', address).replace(shown[1] ?? '', dns);
    return (await run('sh', ['-euc', asked], { env: { PATH: process.env.PATH ?? '', NODE_ENV: 'test' } }))
      .stdout;
  };
  const [http = '', names = ''] = lines;
  expect(await ask(names, '')).toContain("[ '127.112.1.10' ]");
  expect(await ask(http, `http://127.112.1.10:${80 + portOffset}/`)).toContain('flash-web');
});
