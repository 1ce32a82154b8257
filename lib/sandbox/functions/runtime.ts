import type { Logger } from 'pino';
import type { FunctionInvocation } from '../world/invoker';
import { type Cgroups, openCgroups } from './jail/cgroup';
import { claimUsers, USERS } from './jail/claim-users';
import { findFilterLoader } from './jail/filter-loader';
import { removeStaleFolders } from './jail/folders';
import type { Isolation } from './jail/isolation';
import { Pools } from './pools';
import { type FunctionCode, unrun } from './runtimes/invocation';
import { createLauncher, type Launcher, type LauncherMachine } from './runtimes/launcher';
import { thisNode } from './runtimes/node-runtime';
import { preparePyodide } from './runtimes/pyodide-runtime';
import { findPythons } from './runtimes/python-runtime';

export type FunctionRuntime = {
  /**
   * Runs the handler with an event, in a separate process. Never throws for errors of the code: the result contains
   * them. `requestId` is the one in the function's context. When a process is started for the call, `coldStart` is
   * awaited too.
   */
  invoke(
    code: FunctionCode,
    event: unknown,
    requestId: string,
    coldStart?: () => Promise<void>,
  ): Promise<FunctionInvocation>;
  /**
   * Keeps processes of these versions ready, started and with their code loaded, and of no others: at most 4 of each
   * version and 8 in all, even if more are requested. A call that finds none ready waits or starts one.
   */
  keepWarm(wanted: readonly { readonly code: FunctionCode; readonly count: number }[]): Promise<void>;
  /** Returns why this machine can't run a runtime, such as `Python3.10`: the missing part. null = it can. */
  problem(runtime: string): Promise<string | null>;
  /** The runtimes of this machine, and the isolation of functions from the application. */
  readonly facts: Promise<RuntimeFacts>;
  /** Kills every process, and removes their folders. */
  stop(): Promise<void>;
};

/** Facts about the runtimes, shown at the start, in the announcement of the sandbox, and on its page. */
export type RuntimeFacts = {
  /** The version of the Python that runs all Python 3 runtimes; null when none starts here. */
  readonly python: string | null;
  /** True if that is Pyodide, because no python3 of this machine runs functions. */
  readonly pyodide: boolean;
  /** The version of the Node.js that runs all its runtimes; null when it does not start as a function here. */
  readonly node: string | null;
  /** The weaker one, if the two can't have the same. */
  readonly isolation: Isolation;
  /** The reason why it is not the strongest; null if it is. */
  readonly weakerBecause: string | null;
  /** Functions that can't be jailed here do not run: this machine holds keys of real accounts. */
  readonly jailOnly: boolean;
  /** The state of the filter that denies the system calls that functions do not need; `open` = no filter. */
  readonly systemCalls: 'filtered' | 'open';
  /**
   * The mechanism that limits the combined memory of a function's processes: the kernel (a cgroup), or the sandbox,
   * which checks them every 100 ms; `each`: each process has a limit, all of them together have none.
   */
  readonly totalMemory: 'cgroup' | 'watched' | 'each';
};

export type FunctionRuntimeOptions = {
  readonly log: Logger;
  /** The most concurrent processes of one version; further calls wait. */
  readonly perFunction?: number;
  /** The most processes of all functions. At most 16: each has its own user id. */
  readonly total?: number;
  /** The most calls that wait for one version; more are refused as throttled. */
  readonly queue?: number;
  /** A process that is idle for this long is ended; 60,000 ms by default. */
  readonly idleMs?: () => number;
  /** Refuses functions that can't be jailed here; off by default. */
  readonly jailOnly?: boolean;
  /** Levels to try; the first that works on this machine is used. Tests give one. */
  readonly isolations?: readonly Isolation[];
  /** The search path for interpreters; the process's PATH by default. */
  readonly path?: string;
  /** The only Python to use, for tests; by default the machine's own if it runs functions, otherwise Pyodide. */
  readonly python?: 'native' | 'pyodide';
};

/** The largest event of a synchronous call, in bytes: https://www.tencentcloud.com/document/product/583/11637 */
const EVENT_MAX = 6 * 1024 * 1024;
const LEVELS: readonly Isolation[] = ['jail', 'user', 'weak'];

/** Starts to look for interpreters at once without blocking: the first call waits for the result. */
export function createFunctionRuntime(options: FunctionRuntimeOptions): FunctionRuntime {
  const { log, jailOnly = false } = options;
  const isolations = options.isolations ?? LEVELS;
  const total = Math.min(options.total ?? USERS, USERS);
  const users = claimUsers();
  const firstUid = users.then((claim) => claim.firstUid);
  const cgroups = openCgroups();
  const launchers = Promise.all([firstUid, findFilterLoader()]).then(([uid, loader]) =>
    findLaunchers({
      path: options.path ?? process.env.PATH ?? '',
      only: options.python ?? null,
      isolations,
      uid,
      machine: { loader, cgroups, log },
    }),
  );
  const facts = launchers.then((found) => collectFacts(found, { jailOnly, cgroups, log }));
  const pools = new Pools({
    log,
    firstUid,
    perFunction: options.perFunction ?? 4,
    total,
    queue: options.queue ?? 2000,
    idleMs: options.idleMs ?? (() => 60_000),
  });

  return {
    facts,
    problem: async (runtime) => {
      const found = launcherFor(runtime, await launchers, jailOnly);
      return typeof found === 'string' ? found : null;
    },
    async invoke(code, event, requestId, coldStart = async () => {}) {
      const launcher = launcherFor(code.runtime, await launchers, jailOnly);
      if (typeof launcher === 'string') return unrun({ kind: 'noRuntime', message: launcher });
      const json = JSON.stringify(event) ?? 'null';
      if (Buffer.byteLength(json) > EVENT_MAX) return unrun({ kind: 'eventTooLarge' });
      return pools.invoke(launcher, code, {
        event: json,
        context: handlerContext(code, requestId),
        coldStart,
      });
    },
    async keepWarm(wanted) {
      const found = await launchers;
      let available = Math.floor(total / 2);
      pools.keepWarm(
        wanted.flatMap(({ code, count }) => {
          const launcher = launcherFor(code.runtime, found, jailOnly);
          if (typeof launcher === 'string') return [];
          const most = Math.min(count, available);
          available -= most;
          return most === 0 ? [] : { launcher, code, count: most };
        }),
      );
    },
    async stop() {
      await facts;
      await pools.stop();
      await (await launchers).pyodide?.remove();
      cgroups?.remove();
      (await users).release();
    },
  };
}

type Launchers = {
  readonly python: Launcher | null;
  readonly node: Launcher | null;
  /** Its files, if the Python is Pyodide. */
  readonly pyodide: { remove(): Promise<void> } | null;
};

async function findLaunchers({
  path,
  only,
  isolations,
  uid,
  machine,
}: {
  path: string;
  only: 'native' | 'pyodide' | null;
  isolations: readonly Isolation[];
  /** This one and the next: both interpreters are tested concurrently. */
  uid: number;
  machine: LauncherMachine;
}): Promise<Launchers> {
  await removeStaleFolders(machine.log);
  const user = { uid, group: uid };
  const [native, node] = await Promise.all([
    only === 'pyodide'
      ? null
      : findPythons(path).then((runtimes) => createLauncher({ runtimes, isolations, user, machine })),
    createLauncher({ runtimes: [thisNode()], isolations, user: { ...user, uid: uid + 1 }, machine }),
  ]);
  if (native !== null || only === 'native') return { python: native, node, pyodide: null };
  try {
    const pyodide = await preparePyodide();
    const python = await createLauncher({ runtimes: [pyodide.runtime], isolations, user, machine });
    return { python, node, pyodide };
  } catch (error) {
    machine.log.warn({ err: error }, 'Pyodide does not start here');
    return { python: null, node, pyodide: null };
  }
}

/** Returns the launcher of a runtime, or why it can't run code. */
function launcherFor(runtime: string, launchers: Launchers, jailOnly: boolean): Launcher | string {
  const launcher = findLauncher(runtime, launchers);
  if (typeof launcher === 'string' || !jailOnly || launcher.isolation === 'jail') return launcher;
  return `Functions do not run here: Spillway has keys of real accounts, and this machine can't jail function code (${launcher.weakerBecause}). Allow user namespaces, run the sandbox without these keys, or set SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS=allow to run it without a jail`;
}

function findLauncher(runtime: string, { python, node }: Launchers): Launcher | string {
  if (/^Python3\.\d+$/.test(runtime)) {
    return (
      python ??
      `${runtime} can't run: this machine has no usable python3 on its PATH, and Pyodide does not start here; install python3`
    );
  }
  if (/^Nodejs\d+\.\d+$/.test(runtime)) {
    return (
      node ??
      `${runtime} can't run: the Node.js of this program does not start as a function here; the user that functions run as may not be allowed to read ${process.execPath}`
    );
  }
  return `The sandbox runs Python 3 and Node.js functions only, not ${runtime}`;
}

function collectFacts(
  { python, node, pyodide }: Launchers,
  { jailOnly, cgroups, log }: { jailOnly: boolean; cgroups: Cgroups | null; log: Logger },
): RuntimeFacts {
  const launchers = [python, node].filter((launcher) => launcher !== null);
  const weakest = LEVELS.toReversed().flatMap((level) =>
    launchers.filter(({ isolation }) => isolation === level),
  )[0];
  const { isolation, weakerBecause } = weakest ?? { isolation: 'weak', weakerBecause: null };
  const versions = {
    python: python?.runtime.version ?? null,
    node: node?.runtime.version ?? null,
  };
  if (python === null)
    log.warn('Python functions do not run: neither a python3 on the PATH nor Pyodide starts');
  if (node === null) log.warn('Node.js functions do not run: this Node.js does not start as a function');
  if (node?.memory === 'heap') {
    log.warn('this system limits the heap of Node.js functions only, not what their buffers take');
  }
  const notes: Record<Isolation, string> = {
    jail: 'functions run in a jail',
    user: 'functions run as users of their own and not in a jail: they reach what listens on this machine',
    weak: 'functions run as the user of this program: this system allows neither a jail nor another user',
  };
  const note =
    jailOnly && isolation !== 'jail' ? 'functions do not run: they can’t be jailed' : notes[isolation];
  const facts: RuntimeFacts = {
    ...versions,
    pyodide: pyodide !== null,
    isolation,
    weakerBecause,
    jailOnly,
    systemCalls: launchers.every(({ isFiltered }) => isFiltered) ? 'filtered' : 'open',
    totalMemory: totalMemory(cgroups),
  };
  log[isolation === 'jail' ? 'info' : 'warn'](facts, note);
  return facts;
}

/** Returns the mechanism. Only Linux reports a process's memory and its children. */
function totalMemory(cgroups: Cgroups | null): RuntimeFacts['totalMemory'] {
  if (cgroups !== null) return 'cgroup';
  return process.platform === 'linux' ? 'watched' : 'each';
}

/**
 * Returns the context of a handler as JSON: https://www.tencentcloud.com/document/product/583/9210 (Python) and
 * https://www.tencentcloud.com/document/product/583/11060 (Node.js, whose bootstrap adds the function
 * getRemainingTimeInMillis).
 */
function handlerContext(code: FunctionCode, requestId: string): string {
  const environment = Object.entries(code.environment);
  return JSON.stringify({
    callbackWaitsForEmptyEventLoop: true,
    memory_limit_in_mb: code.memoryMb,
    time_limit_in_ms: code.timeoutS * 1000,
    request_id: requestId,
    environment: JSON.stringify(code.environment),
    environ: environment.map(([name, value]) => `${name}=${value}`).join(';'),
    function_version: code.version,
    function_name: code.name,
    namespace: code.namespace,
    tencentcloud_region: code.region,
    tencentcloud_appid: String(code.appId),
    tencentcloud_uin: code.uin,
  });
}
