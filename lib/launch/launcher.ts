import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProcessRoles } from '@/lib/db/grant-roles';
import { holdsRealKeys } from '@/lib/db/holds-real-keys';
import { OtherSchemaError } from '@/lib/db/migrate';
import { replaceFile } from '@/lib/replace-file';
import { routes } from '@/lib/routes';
import { KeyFileError } from '@/lib/sealing-key-file';
import { createSetUpLink } from '@/lib/server/auth/set-up-link';
import { prepareDatabase } from '@/lib/server/operations/prepare-database';
import { parseSettings, publicUrl, type Settings } from '@/lib/settings';
import { describeStart } from './describe-start';
import { startHealthMonitor } from './health-monitor';
import { LockHeldError, takePidLock } from './pid-lock.mjs';
import { databaseRoles } from './postgres/database-passwords';
import type { EmbeddedPostgres } from './postgres/embedded-postgres';
import {
  jailsFunctionsOnly,
  sandboxEnvironment,
  webEnvironment,
  workerEnvironment,
} from './processes/child-environment';
import { portProblems, wantedPorts } from './processes/free-ports';
import { type LauncherLog, openLauncherLog } from './processes/launcher-log';
import { explainMissingKeys, prepareDashboardKeys } from './processes/prepare-dashboard-keys';
import { prepareSealingKeys } from './processes/prepare-sealing-keys';
import { retryUntilDone } from './processes/restart-policy';
import { differsForWorker, newAccounts, type SandboxReady, sandboxReady } from './processes/sandbox-ready';
import { spawnProgram } from './processes/spawn-program';
import { type ProcessOutput, type SupervisedService, supervise } from './processes/supervise';
import { openStoredData } from './stored-data';

/** Manages the build (build.mjs). */
export type Builder = {
  readonly isBuilt: boolean;
  /** Builds the given parts that are missing or damaged; called before each start of a process that needs them. */
  ensure(parts: readonly BuildPart[]): Promise<unknown>;
  isDamaged(part: BuildPart): boolean;
};
type BuildPart = 'programs' | 'dashboard';

/** The processes, in start order; they are stopped in reverse order. */
type Services = SupervisedService<unknown>[];

/** The longest time for which a worker waits for a sandbox that neither starts nor fails, in ms. */
const SANDBOX_PATIENCE_MS = 15_000;
/** The longest pause between two attempts to start the dashboard: its build uses both cores for a minute. */
const DASHBOARD_PAUSE_MS = 60_000;

/**
 * Runs Spillway until it is stopped (Ctrl-C, SIGTERM, SIGHUP). Its parts fail independently: one that can't start, or
 * keeps crashing, is retried indefinitely, and the others continue.
 * @param root the project's folder
 * @param args of the command line: `--set-aside` renames data that this build can't read, and starts with empty data
 * @returns the exit code: 0 after an orderly stop, 1 if it could not start; the reason has been printed
 */
export async function launch(root: string, builder: Builder, args: readonly string[]): Promise<number> {
  const began = performance.now();
  const unknown = args.filter((arg) => arg !== '--set-aside');
  if (unknown.length > 0)
    return refuse('Unknown arguments:', [...unknown, 'npm start accepts only --set-aside']);
  const parsed = parseSettings(process.env);
  const problems = [...(parsed.ok ? roleProblems(parsed.value) : parsed.error)];
  if (!parsed.ok || problems.length > 0) return refuse('Invalid settings:', problems);
  const settings = parsed.value;
  const dataDir = resolve(root, settings.SPILLWAY_DATA_DIR);

  let unlock: () => void;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    unlock = takePidLock(join(dataDir, 'launcher.lock'));
  } catch (error) {
    if (error instanceof LockHeldError) {
      return refuse(`Spillway is already running on ${dataDir} (process ${error.pid}).`, [
        'stop it first, or set SPILLWAY_DATA_DIR, PORT and the sandbox’s ports to start another one',
      ]);
    }
    return refuse(`The data folder ${dataDir} can't be written:`, [errorMessage(error)]);
  }
  const log = openLauncherLog(join(dataDir, 'log/spillway.log'));
  const services: Services = [];
  const stopping = new AbortController();
  let lookout: ReturnType<typeof startHealthMonitor> | null = null;
  try {
    const taken = await portProblems(wantedPorts(settings));
    if (taken.length > 0) return refuse('Nothing was started:', taken);
    const asked = stopAsked(services);
    log.print(
      builder.isBuilt ? 'Starting Spillway …' : 'Building Spillway first, which takes a minute or two …',
    );
    const stored = await Promise.race([
      asked,
      openStoredData({
        dataDir,
        settings,
        maySetAside: args.includes('--set-aside'),
        services,
        log,
        signal: stopping.signal,
      }),
    ]);
    if (stored === null) return 1;
    if (stored === 'stop') {
      log.print('Stopping …');
      return 0;
    }
    const { embedded } = stored;
    const started = startParts({
      root,
      embedded,
      dataDir,
      settings,
      builder,
      services,
      log,
      signal: stopping.signal,
      onStatus: () => lookout?.changed(),
    });
    lookout = startHealthMonitor({
      services,
      log,
      folders: [dataDir, ...(embedded ? [embedded.home] : [])],
      isDashboardDamaged: () => builder.isDamaged('dashboard'),
    });
    if ((await Promise.race([asked, started.tried])) !== 'stop') {
      const took = performance.now() - began;
      for (const line of describeStart(settings, started.sandbox(), embedded, services, took))
        log.print(line);
      await showFirstLink(settings, embedded, log);
      await asked;
    }
    log.print('Stopping …');
    return 0;
  } catch (error) {
    log.print(errorMessage(error));
    log.print(`Stopping Spillway. The full log: ${join(dataDir, 'log/spillway.log')}`);
    return 1;
  } finally {
    log.quiet();
    stopping.abort();
    lookout?.stop();
    for (const service of services.toReversed()) await service.stop();
    log.close();
    unlock();
  }
}

/** Shows at the terminal alone the link with which the first administrator creates their account, if there is none yet. */
async function showFirstLink(
  settings: Settings,
  embedded: EmbeddedPostgres | null,
  log: LauncherLog,
): Promise<void> {
  const { SPILLWAY_SIGN_IN, SPILLWAY_ROLE, DATABASE_URL } = settings;
  if (SPILLWAY_SIGN_IN === 'off' || SPILLWAY_ROLE === 'worker') return;
  try {
    const token = await createSetUpLink(embedded?.url ?? DATABASE_URL ?? '');
    if (token !== null)
      for (const line of [
        '',
        'Open this link to create your account. It is the first one, so you are an administrator:',
        `  ${publicUrl(settings)}${routes.setUp(token)}`,
        '  It works once, for 24 hours. A restart prints a new one.',
      ])
        log.show(line);
  } catch (error) {
    log.print(`  The set-up link could not be created (${errorMessage(error)}): restart Spillway to get one`);
  }
}

type Start = {
  readonly root: string;
  readonly dataDir: string;
  /** Null if another database is used. */
  readonly embedded: EmbeddedPostgres | null;
  readonly settings: Settings;
  readonly builder: Builder;
  /** Each part is added at its start. */
  readonly services: Services;
  readonly log: LauncherLog;
  /** Aborts all waits. */
  readonly signal: AbortSignal;
  readonly onStatus: () => void;
};

type Started = {
  /** Resolves when every part has started or has failed once. */
  readonly tried: Promise<void>;
  /** The report of the newest sandbox process; null before its first start. */
  sandbox(): SandboxReady | null;
};

/**
 * Starts every process of this role as soon as its dependencies are ready: the worker needs the database, and waits for
 * the sandbox until that has started or failed; the dashboard needs the database and its build.
 */
function startParts(start: Start): Started {
  const { root, dataDir, embedded, settings, builder, services, log, signal, onStatus } = start;
  const { SPILLWAY_ROLE: role, DATABASE_URL: outer } = settings;
  const databaseUrl = embedded?.url ?? outer ?? '';
  const urls = processUrls(settings, embedded);

  const program = (
    name: string,
    needs: readonly BuildPart[],
    args: () => readonly string[],
    env: () => NodeJS.ProcessEnv,
  ) => ({
    name,
    prepare: () => builder.ensure(needs),
    start: () => spawnProgram(root, name, args(), env()),
    stopSignal: 'SIGTERM' as const,
    onStatus,
    log,
  });

  const folder = join(dataDir, 'sandbox');
  const controlFile = join(folder, 'control.json');
  let facts: SandboxReady | null = null;
  // The sandbox's ready line for the worker: the last one until a new sandbox is ready.
  let sandboxLine = role === 'all' ? lastSandboxLine(folder) : process.env.SPILLWAY_SANDBOX;
  let sandbox: SupervisedService<SandboxReady> | null = null;
  let worker: SupervisedService<true> | null = null;
  // Until the database is read it may have keys of a real account, which code without a jail could open.
  let mayStoreKeys = true;
  let isPrepared = false;
  /** Resolves when the sandbox that may run functions is ready. */
  let allowed: Promise<void> = Promise.resolve();
  let resumeStart = () => {};
  const allowFunctions = () => {
    if (facts === null || facts.isolation === 'jail') return;
    if (!facts.jailOnly || jailsFunctionsOnly(settings, mayStoreKeys)) return;
    allowed = new Promise((resolve) => {
      resumeStart = resolve;
    });
    sandbox?.restart('no key of a real account is stored, so functions may run without a jail');
  };
  if (role === 'all') {
    const updateSandbox = (ready: SandboxReady) => {
      const isChanged = differsForWorker(sandboxLine, ready.line);
      facts = ready;
      resumeStart();
      allowFunctions();
      sandboxLine = ready.line;
      void retryUntilDone(
        'The files with the sandbox’s addresses',
        async () => {
          // A later sandbox process writes its own.
          if (facts === ready) await writeSandboxFiles(folder, ready, controlFile);
        },
        log.say,
        signal,
      ).catch(() => {});
      if (isChanged) worker?.restart('the sandbox’s addresses or accounts changed');
    };
    sandbox = supervise<SandboxReady>({
      ...program(
        'sandbox',
        ['programs'],
        () => sandboxFlags(settings, folder, mayStoreKeys),
        () => sandboxEnvironment(process.env, settings),
      ),
      prepare: async () => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        await builder.ensure(['programs']);
        // Keys may have been added since; without the database, the last answer holds.
        if (isPrepared) mayStoreKeys = await holdsRealKeys(databaseUrl).catch(() => mayStoreKeys);
      },
      ready: sandboxReady,
      onUp: updateSandbox,
      onMessage: (message) => {
        const changed = newAccounts(message);
        if (changed !== undefined) updateSandbox(changed);
      },
      stopWithinMs: 5_000,
    });
    services.push(sandbox);
  }

  const startRest = async () => {
    await embedded?.service.ready;
    const keys = await retryUntilDone(
      'The database migration',
      async () => {
        try {
          await prepareDatabase(databaseUrl, join(root, 'lib/db/migrations'), urls.roles);
        } catch (error) {
          if (error instanceof OtherSchemaError) return error;
          throw error;
        }
        isPrepared = true;
        mayStoreKeys = await holdsRealKeys(databaseUrl);
        return {
          shared: await prepareDashboardKeys(dataDir, settings, databaseUrl, log.say).catch((error) => {
            if (!(error instanceof KeyFileError)) throw error;
            // The dashboard alone waits for the file.
            return { actions: undefined, links: settings.SPILLWAY_LINK_KEY };
          }),
          worker: await prepareSealingKeys(dataDir, settings, databaseUrl, log.say),
        };
      },
      log.say,
      signal,
    );
    signal.throwIfAborted();
    if (keys instanceof OtherSchemaError) throw keys;
    allowFunctions();
    let { shared } = keys;
    if (role !== 'worker') {
      services.push(
        supervise({
          ...program(
            'web',
            ['programs', 'dashboard'],
            () => [],
            () =>
              webEnvironment(
                process.env,
                urls.web,
                { ...shared, actions: shared.actions ?? '' },
                sandbox && controlFile,
              ),
          ),
          prepare: async () => {
            await builder.ensure(['programs', 'dashboard']);
            if (shared.actions !== undefined) return;
            // With other keys it would end all sessions, and open no second factor.
            shared = await prepareDashboardKeys(dataDir, settings, databaseUrl, () => {});
            if (shared.actions === undefined) throw new Error(explainMissingKeys(dataDir));
          },
          ready: readReadyMessage,
          stopWithinMs: 5_000,
          longestPauseMs: DASHBOARD_PAUSE_MS,
        }),
      );
    }
    if (role !== 'web') {
      await Promise.race([sandbox?.tried, pause(SANDBOX_PATIENCE_MS, undefined, { ref: false, signal })]);
      worker = supervise({
        ...program(
          'worker',
          ['programs'],
          () => [],
          () =>
            workerEnvironment(process.env, urls.worker, { ...keys.worker, links: shared.links }, sandboxLine),
        ),
        ready: readReadyMessage,
        stopWithinMs: 10_000,
      });
      services.push(worker);
    }
    await Promise.all(services.map((service) => service.tried));
    await Promise.race([allowed, pause(SANDBOX_PATIENCE_MS, undefined, { ref: false, signal })]);
  };
  return { tried: startRest(), sandbox: () => facts };
}

function roleProblems({ SPILLWAY_ROLE: role, DATABASE_URL: url }: Settings): readonly string[] {
  if (role === 'all' || url !== undefined) return [];
  return [`SPILLWAY_ROLE: "${role}" alone needs DATABASE_URL, the database that all of them share`];
}

function sandboxFlags(settings: Settings, folder: string, mayStoreKeys: boolean): readonly string[] {
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
  return jailsFunctionsOnly(settings, mayStoreKeys) ? [...given, '--jail-only'] : given;
}

/** Returns the database addresses and roles of dashboard and worker; null if they also connect as its owner. */
function processUrls(
  settings: Settings,
  embedded: EmbeddedPostgres | null,
): { readonly web: string; readonly worker: string; readonly roles: ProcessRoles | null } {
  if (embedded) return { web: embedded.webUrl, worker: embedded.workerUrl, roles: databaseRoles };
  const {
    DATABASE_URL: outer = '',
    SPILLWAY_WEB_DATABASE_URL: web,
    SPILLWAY_WORKER_DATABASE_URL: worker,
  } = settings;
  if (web === undefined || worker === undefined) return { web: outer, worker: outer, roles: null };
  const roleIn = (url: string) => decodeURIComponent(new URL(url).username);
  return { web, worker, roles: { web: roleIn(web), worker: roleIn(worker) } };
}

/** Returns the sandbox's last ready line; undefined if it has never been ready. */
function lastSandboxLine(folder: string): string | undefined {
  try {
    const line = readFileSync(join(folder, 'connection.json'), 'utf8').trim();
    return sandboxReady({ kind: 'line', from: 'stdout', line })?.line;
  } catch {
    // Missing or damaged: the sandbox writes it again when it is ready.
    return undefined;
  }
}

/**
 * Writes the addresses and keys of the running sandbox, for other programs of the same user. The dashboard reads the
 * other file, which contains the address of the control API and no cloud keys.
 */
async function writeSandboxFiles(
  folder: string,
  { line, control, addressMode }: SandboxReady,
  controlFile: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await replaceFile(controlFile, [`${JSON.stringify(control && { ...control, addressMode })}\n`]);
  await replaceFile(join(folder, 'connection.json'), [`${line}\n`]);
}

function readReadyMessage(output: ProcessOutput): true | undefined {
  if (output.kind !== 'message' || typeof output.message !== 'object' || output.message === null)
    return undefined;
  return 'type' in output.message && output.message.type === 'ready' ? true : undefined;
}

/** Resolves at the first request to stop; the second one kills processes that are still running. */
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

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function refuse(title: string, problems: readonly string[]): number {
  console.error([title, ...problems.map((problem) => `  ${problem}`)].join('\n'));
  return 1;
}
