import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { migrate } from '@/lib/db/migrate';
import { sharedSecret } from '@/lib/db/shared-secret';
import { parseSettings, type Settings } from '@/lib/settings';
import {
  jailsFunctionsOnly,
  sandboxEnvironment,
  webEnvironment,
  workerEnvironment,
} from './child-environment';
import { startEmbeddedPostgres } from './embedded-postgres';
import { portProblems, wantedPorts } from './free-ports';
import { functionsLine, isolationNote } from './isolation-note';
import { type LauncherLog, openLauncherLog } from './launcher-log';
import { LockHeldError, takePidLock } from './pid-lock.mjs';
import { newAccounts, type SandboxReady, sandboxReady } from './sandbox-ready';
import { type Said, type Service, supervise } from './supervise';

/** What must be done before the processes can start; it runs beside the start of the database. */
type Build = () => Promise<void>;

/** The processes, in the order they are started; they are stopped in the opposite one. */
type Services = Service<unknown>[];

/**
 * Runs Spillway until it is told to stop (Ctrl-C, SIGTERM, SIGHUP) or one of its processes can't be kept alive.
 * @param root the project's folder
 * @param build what is missing of the build; null when all is built
 * @returns the exit code: 0 after an orderly stop, 1 when it could not start or go on; the reason has been printed
 */
export async function launch(root: string, build: Build | null): Promise<number> {
  const began = performance.now();
  const parsed = parseSettings(process.env);
  const problems = [...(parsed.ok ? roleProblems(parsed.value) : parsed.error)];
  if (!parsed.ok || problems.length > 0) return refuse('These settings are wrong:', problems);
  const settings = parsed.value;
  const dataDir = resolve(root, settings.SPILLWAY_DATA_DIR);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });

  let unlock: () => void;
  try {
    unlock = takePidLock(join(dataDir, 'launcher.lock'));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    return refuse(`Spillway already runs on ${dataDir} (process ${error.pid}).`, [
      'stop that one first, or set SPILLWAY_DATA_DIR, PORT and the sandbox’s ports to start another beside it',
    ]);
  }
  const log = openLauncherLog(join(dataDir, 'log/spillway.log'));
  const services: Services = [];
  try {
    const taken = await portProblems(wantedPorts(settings));
    if (taken.length > 0) return refuse('Nothing was started:', taken);
    const asked = stopAsked(services);
    log.print(build ? 'Spillway is built first: this takes a minute at most …' : 'Spillway starts …');
    const up = bringUp(root, dataDir, settings, build, services, log);
    if ((await Promise.race([asked, up])) !== 'stop') {
      for (const line of welcome(settings, await up, performance.now() - began)) log.print(line);
      await Promise.race([asked, ...services.map((service) => service.broken)]);
    }
    log.print('Stopping …');
    return 0;
  } catch (error) {
    log.print(error instanceof Error ? error.message : String(error));
    log.print(`Spillway stops. The whole log: ${join(dataDir, 'log/spillway.log')}`);
    return 1;
  } finally {
    log.quiet();
    for (const service of services.toReversed()) await service.stop();
    log.close();
    unlock();
  }
}

type Up = { readonly sandbox: SandboxReady | null; readonly databaseHome: string | null };

/** Starts every process of this role, each as soon as what it needs is there. */
async function bringUp(
  root: string,
  dataDir: string,
  settings: Settings,
  build: Build | null,
  services: Services,
  log: LauncherLog,
): Promise<Up> {
  const { SPILLWAY_ROLE: role, DATABASE_URL: outer } = settings;
  const builds = build?.();
  // Heard of below; until then its failure must not count as unhandled.
  builds?.catch(() => {});
  const embedded = outer === undefined ? startEmbeddedPostgres(dataDir, log) : null;
  if (embedded) services.push(embedded.service);
  const databaseUrl = embedded?.url ?? outer ?? '';
  await builds;

  const node = (name: string, args: readonly string[], env: () => NodeJS.ProcessEnv) => ({
    name,
    start: () =>
      // Deprecations inside of packages are for their makers, not for whoever starts the app.
      spawn(
        process.execPath,
        ['--enable-source-maps', '--no-deprecation', join(root, '.build', `${name}.mjs`), ...args],
        {
          cwd: root,
          env: env(),
          detached: true,
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        },
      ),
    stopSignal: 'SIGTERM' as const,
    log,
  });

  // The last line of the newest sandbox process: a restarted worker is told of that one.
  let sandboxLine = process.env.SPILLWAY_SANDBOX;
  let sandbox: Service<SandboxReady> | null = null;
  let worker: Service<true> | null = null;
  const controlFile = join(dataDir, 'sandbox/control.json');
  if (role === 'all') {
    const folder = join(dataDir, 'sandbox');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    sandbox = supervise<SandboxReady>({
      ...node('sandbox', sandboxFlags(settings, folder), () => sandboxEnvironment(process.env, settings)),
      ready: sandboxReady,
      onUp: (facts) => {
        sandboxLine = facts.line;
        writeSandboxFiles(folder, facts, controlFile);
      },
      onMessage: (message) => {
        const facts = newAccounts(message);
        if (facts === undefined || facts.line === sandboxLine) return;
        sandboxLine = facts.line;
        writeSandboxFiles(folder, facts, controlFile);
        worker?.restart('the sandbox has other accounts now; the worker starts again with their keys');
      },
      stopWithinMs: 5_000,
    });
    services.push(sandbox);
  }
  const database = embedded?.service.ready ?? Promise.resolve(true);
  const [sandboxFacts] = await Promise.all([
    sandbox?.ready ?? null,
    database.then(() => migrate(databaseUrl, join(root, 'lib/db/migrations'))),
  ]);

  const actionsKey =
    settings.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ?? (await sharedSecret(databaseUrl, 'server-actions'));

  const rest: Services = [];
  if (role !== 'web') {
    worker = supervise({
      ...node('worker', [], () => workerEnvironment(process.env, databaseUrl, sandboxLine)),
      ready: saysReady,
      stopWithinMs: 10_000,
    });
    rest.push(worker);
  }
  if (role !== 'worker') {
    rest.push(
      supervise({
        ...node('web', [], () =>
          webEnvironment(process.env, databaseUrl, actionsKey, sandbox && controlFile),
        ),
        ready: saysReady,
        stopWithinMs: 5_000,
      }),
    );
  }
  services.push(...rest);
  await Promise.all(rest.map((service) => service.ready));
  return { sandbox: sandboxFacts, databaseHome: embedded?.home ?? null };
}

function roleProblems({ SPILLWAY_ROLE: role, DATABASE_URL: url }: Settings): readonly string[] {
  if (role === 'all' || url !== undefined) return [];
  return [`SPILLWAY_ROLE: "${role}" alone needs DATABASE_URL, the database that all of them share`];
}

function sandboxFlags(settings: Settings, folder: string): readonly string[] {
  const flags = {
    port: settings.SPILLWAY_SANDBOX_PORT,
    'dns-port': settings.SPILLWAY_SANDBOX_DNS_PORT,
    'resolver-port': settings.SPILLWAY_SANDBOX_RESOLVER_PORT,
    'control-port': settings.SPILLWAY_SANDBOX_CONTROL_PORT,
    'vip-network': settings.SPILLWAY_VIP_NETWORK,
    'task-ms': settings.SPILLWAY_SANDBOX_TASK_MS,
    state: join(folder, 'world.json'),
    seed: 'flash-sale',
  };
  const given = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return jailsFunctionsOnly(settings) ? [...given, '--jail-only'] : given;
}

/**
 * For other programs of the same user: the addresses and keys of the sandbox that runs now. The dashboard reads the
 * other file, which says where its control door is and nothing that calls a cloud.
 */
function writeSandboxFiles(
  folder: string,
  { line, control, addressMode }: SandboxReady,
  controlFile: string,
): void {
  writeFileAtomic.sync(join(folder, 'connection.json'), `${line}\n`, { mode: 0o600 });
  writeFileAtomic.sync(controlFile, `${JSON.stringify(control && { ...control, addressMode })}\n`, {
    mode: 0o600,
  });
}

function saysReady(said: Said): true | undefined {
  if (said.kind !== 'message' || typeof said.message !== 'object' || said.message === null) return undefined;
  return 'type' in said.message && said.message.type === 'ready' ? true : undefined;
}

/** Resolves at the first request to stop; the second one kills what has not stopped yet. */
function stopAsked(services: Services): Promise<'stop'> {
  return new Promise((resolve) => {
    let times = 0;
    const onSignal = () => {
      times += 1;
      if (times === 1) resolve('stop');
      else for (const service of services) service.kill();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}

function welcome(settings: Settings, { sandbox, databaseHome }: Up, tookMs: number): readonly string[] {
  const took = `(${(tookMs / 1000).toFixed(1)} s)`;
  const lines =
    settings.SPILLWAY_ROLE === 'worker'
      ? [`Spillway's worker is ready ${took}`]
      : [`Spillway is ready: http://127.0.0.1:${settings.PORT}  ${took}`];
  if (sandbox) {
    const offset = sandbox.portOffset === 0 ? '' : `, listeners’ ports plus ${sandbox.portOffset}`;
    lines.push(
      `  sandbox cloud: API ${sandbox.api}, DNS ${sandbox.dns} (resolver ${sandbox.resolver}), load balancers in ${sandbox.vipNetwork}${offset}`,
    );
    lines.push(`  ${functionsLine(sandbox)}`);
    const note = isolationNote(sandbox);
    if (note !== null) lines.push(`  ${note}`);
  }
  if (databaseHome) lines.push(`  database: ${join(databaseHome, 'postgres')}`);
  return settings.SPILLWAY_ROLE === 'worker' ? lines : [...lines, '  Ctrl-C stops all of it'];
}

function refuse(title: string, problems: readonly string[]): number {
  console.error([title, ...problems.map((problem) => `  ${problem}`)].join('\n'));
  return 1;
}
