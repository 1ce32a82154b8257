import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { findFreePorts } from './find-free-ports';

const root = resolve(import.meta.dirname, '../..');

/**
 * A project with the programs of this one, except the dashboard: Next's build takes a minute, so a test supplies its
 * own.
 */
export type TestProject = {
  readonly folder: string;
  readonly dataDir: string;
  /** Writes its dashboard: the text of a module. */
  writeWeb(program: string): void;
  /**
   * Starts the launcher on its own ports and network.
   * @param shell commands that its shell runs first, such as `ulimit`
   * @param args of the command line
   */
  launch(
    settings?: Readonly<Record<string, string>>,
    shell?: string,
    args?: readonly string[],
  ): Promise<TestLauncher>;
  remove(): void;
};

export type TestLauncher = {
  readonly process: ChildProcess;
  /** The lines printed so far. */
  readonly lines: readonly string[];
  /** Resolves with the first line on its terminal that matches, whether already printed or not yet. */
  says(line: RegExp): Promise<string>;
  /** Resolves with its exit code or signal. */
  readonly ended: Promise<number | string>;
};

/** Equivalent to `start.mjs` with an existing build. */
const start = `
import { launch } from './launcher.mjs';
const builder = { isBuilt: true, ensure: async () => {}, isDamaged: () => false };
process.exit(await launch(process.argv[2], builder, process.argv.slice(3)));
`;

/** Bundles launcher, sandbox and worker as the build does. @param vipNetwork a /16 of loopback for this test alone */
export async function testProject(vipNetwork: string): Promise<TestProject> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-project-'));
  // The database's own user must be able to enter it.
  chmodSync(folder, 0o755);
  const dataDir = join(folder, 'data');
  for (const name of ['node_modules', 'lib', 'package.json'])
    symlinkSync(join(root, name), join(folder, name));
  mkdirSync(join(folder, '.build'));
  await build({
    absWorkingDir: root,
    entryPoints: {
      launcher: 'lib/launch/launcher.ts',
      'lease-thread': 'lib/run/durable/lease-thread.mjs',
      sandbox: 'lib/sandbox/main.ts',
      worker: 'lib/launch/worker.ts',
    },
    outdir: join(folder, '.build'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { 'server-only': './node_modules/server-only/empty.js' },
  });
  writeFileSync(join(folder, '.build/start.mjs'), start);
  const launchers: ChildProcess[] = [];
  return {
    folder,
    dataDir,
    writeWeb: (program) => writeFileSync(join(folder, '.build/web.mjs'), program),
    async launch(settings = {}, shell = '', args = []) {
      const [port, api, control, dns, resolver] = await findFreePorts(5);
      const command = [process.execPath, join(folder, '.build/start.mjs'), folder, ...args];
      const child = spawn('/bin/sh', ['-c', `${shell} exec "$@"`, 'sh', ...command], {
        env: {
          NODE_ENV: 'production',
          PATH: process.env.PATH,
          SPILLWAY_LOG_LEVEL: 'warn',
          PORT: `${port}`,
          SPILLWAY_SANDBOX_PORT: `${api}`,
          SPILLWAY_SANDBOX_CONTROL_PORT: `${control}`,
          SPILLWAY_SANDBOX_DNS_PORT: `${dns}`,
          SPILLWAY_SANDBOX_RESOLVER_PORT: `${resolver}`,
          SPILLWAY_DATA_DIR: dataDir,
          SPILLWAY_VIP_NETWORK: vipNetwork,
          ...settings,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      launchers.push(child);
      const lines: string[] = [];
      const said = new EventEmitter();
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          lines.push(line);
          said.emit('line', line);
        });
      }
      return {
        process: child,
        lines,
        says: (pattern) =>
          new Promise((resolve) => {
            const found = lines.find((line) => pattern.test(line));
            if (found !== undefined) return resolve(found);
            said.on('line', (line: string) => pattern.test(line) && resolve(line));
          }),
        ended: once(child, 'close').then(([code, signal]) => signal ?? code),
      };
    },
    remove() {
      for (const child of launchers) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
