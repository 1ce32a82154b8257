import type { Logger } from 'pino';
import { findPythons } from './find-python';
import { type FunctionCode, type Invocation, unrun } from './invocation';
import type { Isolation } from './isolation';
import { createLauncher, type Launcher } from './launcher';
import { createPools } from './pools';
import { pythonBootstrap } from './python-bootstrap';

export type FunctionRuntime = {
  /**
   * Runs the handler with an event, in a process of its own. Never throws for what the code does: the result says how it ended.
   * `requestId` is what the function finds in its context.
   */
  invoke(code: FunctionCode, event: unknown, requestId: string): Promise<Invocation>;
  /** Why this machine can't run a runtime, as `Python3.10`: what is missing. null = it can. */
  problem(runtime: string): Promise<string | null>;
  /** What this machine can run, and how well functions are kept away from the application. */
  readonly facts: Promise<RuntimeFacts>;
  /** Kills every process, and removes their folders. */
  stop(): Promise<void>;
};

type RuntimeFacts = {
  /** Version of the Python that runs all Python 3 runtimes; null when there is none. */
  readonly python: string | null;
  readonly isolation: Isolation;
};

export type FunctionRuntimeOptions = {
  readonly log: Logger;
  /** Most processes of one version at a time; further calls wait. */
  readonly perFunction?: number;
  /** Most processes of all functions. At most 16: each has a user id of its own. */
  readonly total?: number;
  /** Most calls that wait for one version; more are refused as throttled. */
  readonly queue?: number;
  /** A process without a call for so long is ended. */
  readonly idleMs?: number;
  /** Levels to try; the first that works on this machine is used. Tests give one. */
  readonly isolations?: readonly Isolation[];
  /** Where to look for interpreters; the process's PATH unless given. */
  readonly path?: string;
};

/** Starts to look for an interpreter at once, but holds nobody up: the first call waits for it. */
export function createFunctionRuntime(options: FunctionRuntimeOptions): FunctionRuntime {
  const { log } = options;
  const isolations = options.isolations ?? ['jail', 'user', 'weak'];
  const launcher: Promise<Launcher | null> = findPythons(
    options.path ?? process.env.PATH ?? '',
    pythonBootstrap,
  ).then((pythons) => createLauncher({ pythons, isolations, log }));
  const facts = launcher.then((found): RuntimeFacts => {
    if (found === null) {
      log.warn('functions do not run: no python3 on the PATH that starts here');
      return { python: null, isolation: 'weak' };
    }
    const { python, isolation } = found;
    log[isolation === 'weak' ? 'warn' : 'info'](
      { python: python.file, version: python.version, isolation },
      isolation === 'weak'
        ? 'functions run as the user of this program: this system allows neither namespaces nor another user'
        : `functions run on Python ${python.version}, isolation ${isolation}`,
    );
    return { python: python.version, isolation };
  });
  const pools = createPools({
    log,
    perFunction: options.perFunction ?? 4,
    total: Math.min(options.total ?? 16, 16),
    queue: options.queue ?? 200,
    idleMs: options.idleMs ?? 60_000,
  });

  return {
    facts,
    problem: async (runtime) => problemOf(runtime, await launcher),
    async invoke(code, event, requestId) {
      const found = await launcher;
      const message = problemOf(code.runtime, found);
      if (found === null || message !== null) return unrun({ kind: 'noRuntime', message: message ?? '' });
      return pools.invoke(found, code, { event, context: pythonContext(code, requestId) });
    },
    async stop() {
      await facts;
      await pools.stop();
    },
  };
}

function problemOf(runtime: string, found: Launcher | null): string | null {
  if (!/^Python3\.\d+$/.test(runtime)) return `The sandbox runs Python 3 functions only, not ${runtime}`;
  return found === null ? `${runtime} can't run: this machine has no usable python3 on its PATH` : null;
}

/** The context of the Python runtime: https://www.tencentcloud.com/document/product/583/9210 */
function pythonContext(code: FunctionCode, requestId: string): Record<string, unknown> {
  return {
    request_id: requestId,
    function_name: code.name,
    function_version: code.version,
    namespace: code.namespace,
    memory_limit_in_mb: code.memoryMb,
    time_limit_in_ms: code.timeoutS * 1000,
    environment: JSON.stringify(code.environment),
    tencentcloud_region: code.region,
  };
}
