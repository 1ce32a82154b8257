import { release } from 'node:os';
import type { Logger } from 'pino';
import type { Cgroups } from '@/lib/sandbox/functions/jail/cgroup';
import { createFolders, type Folders, removeFolders } from '@/lib/sandbox/functions/jail/folders';
import {
  type FilterLoader,
  type FunctionUser,
  type Isolation,
  isolatedCommand,
  placeProblem,
} from '@/lib/sandbox/functions/jail/isolation';
import { FunctionProcess } from './function-process';
import type { Setup } from './function-protocol';

/** An interpreter of this machine with its bootstrap. */
export type Runtime = {
  /** The absolute, resolved path. */
  readonly file: string;
  readonly args: (memoryMb: number) => readonly string[];
  /** Files and folders that it must be able to read, beside the system's own. */
  readonly needs: readonly string[];
  readonly version: string;
  /** The part that sets the memory limit: the kernel before it starts, or the bootstrap itself. */
  readonly memory: 'kernel' | 'itself';
  /** The MB that it may use itself after its start, beside the function's memory. */
  readonly ownMb?: number;
};

/** The program to start, and its folder. */
export type Launch = {
  readonly folders: Folders;
  readonly setup: Omit<Setup, 'codeDir' | 'mark'>;
  /** The user that it runs as, if it has its own. */
  readonly user: FunctionUser;
  readonly log: Logger;
};

/** The facilities of this machine for starting functions, beside interpreters. */
export type LauncherMachine = {
  /** Loads the system call filter; null: nothing here can. */
  readonly loader: FilterLoader | null;
  /** Limits the combined memory of processes in the kernel; null: they are watched instead. */
  readonly cgroups: Cgroups | null;
  readonly log: Logger;
};

/** Starts processes with the interpreter and the isolation that were found to work here. */
export type Launcher = {
  readonly runtime: Runtime;
  readonly isolation: Isolation;
  /** The reason why no stronger isolation works here; null for the strongest that was tried. */
  readonly weakerBecause: string | null;
  /** True if the system calls that functions do not need are denied. */
  readonly isFiltered: boolean;
  /** The memory of a function that is limited: all of it, or only the heap that the interpreter manages. */
  readonly memory: 'all' | 'heap';
  /** Creates folders from which functions can be started; the code is copied into them first. */
  createFolders(): Promise<Folders>;
  /** @returns the process, or why it didn't start */
  launch(launch: Launch): Promise<FunctionProcess | string>;
};

/** A function may keep 512 MB in /tmp: https://www.tencentcloud.com/document/product/583/11637 */
const TMP_MB = 512;
/** The most processes and threads of one function process: Node.js itself has a dozen threads. */
const PROCESSES_MAX = 64;

/** One combination to start a function with. */
type Way = Pick<Launcher, 'runtime' | 'isolation'> & { readonly machine: LauncherMachine };

/** Tries each level with each interpreter, by a real start, and keeps the first that works; null when none does. */
export async function createLauncher({
  runtimes,
  isolations,
  user,
  machine,
}: {
  runtimes: readonly Runtime[];
  isolations: readonly Isolation[];
  /** The user of the tests; the launcher's own processes have other users of the same group. */
  user: FunctionUser;
  machine: LauncherMachine;
}): Promise<Launcher | null> {
  const failures: string[] = [];
  // If the filter prevents a level from working, the filter is dropped before the level is.
  const machines = machine.loader === null ? [machine] : [machine, { ...machine, loader: null }];
  for (const isolation of isolations) {
    if (isolation === 'user' && !isRoot()) continue;
    for (const runtime of runtimes) {
      for (const offered of machines) {
        const way = { runtime, isolation, machine: offered };
        const tried = await tryOut(way, user);
        if (typeof tried !== 'string') {
          const weakerBecause = isolation === isolations[0] ? null : failures.join('; ');
          return buildLauncher(way, { weakerBecause, group: user.group, dataKb: tried.dataKb });
        }
        const facts = { isolation, runtime: runtime.file, failure: tried };
        machine.log.debug(facts, 'functions do not start this way here');
        if (way.isolation === isolations[0] && offered === machine)
          failures.push(`${runtime.file}: ${tried}`);
      }
    }
  }
  return null;
}

/** The result of the tests. */
type Found = Pick<Launcher, 'weakerBecause'> & {
  readonly group: number;
  /** The interpreter's memory before it runs any code, which does not count for the function. */
  readonly dataKb: number | null;
};

function buildLauncher(way: Way, { weakerBecause, group, dataKb }: Found): Launcher {
  const { runtime, isolation, machine } = way;
  const limited = runtime.memory === 'kernel' && dataKb !== null;
  return {
    runtime,
    isolation,
    weakerBecause,
    isFiltered: machine.loader !== null,
    memory: runtime.memory === 'itself' || limited ? 'all' : 'heap',
    createFolders: () => foldersFor(way, group),
    async launch(launch) {
      const memoryMb = launch.setup.memoryMb + (runtime.ownMb ?? 0);
      const memoryKb = limited ? dataKb + memoryMb * 1024 : null;
      const started = await start(way, memoryKb, launch);
      return typeof started === 'string' ? started : started.process;
    },
  };
}

/** Creates the folders. Only functions that run as another user outside the jail access them from outside. */
function foldersFor({ isolation, machine }: Way, group: number): Promise<Folders> {
  return createFolders(isolation === 'user' ? group : null, machine.loader?.filter ?? null);
}

async function tryOut(way: Way, user: FunctionUser) {
  const problem = way.isolation === 'jail' ? placeProblem(way.runtime) : null;
  if (problem !== null) return problem;
  const folders = await foldersFor(way, user.group);
  const setup = { handler: '', environment: {}, memoryMb: 64, answerMax: 1 };
  try {
    const started = await start(way, null, { folders, setup, user, log: way.machine.log });
    if (typeof started === 'string') return started;
    started.process.kill();
    await started.process.exited;
    return started;
  } finally {
    await removeFolders(folders);
  }
}

async function start(
  { runtime, isolation, machine }: Way,
  memoryKb: number | null,
  { folders, setup, user, log }: Launch,
): Promise<{ process: FunctionProcess; dataKb: number | null } | string> {
  const program = { ...runtime, args: runtime.args(setup.memoryMb) };
  const processes = countsAlone(isolation) ? PROCESSES_MAX : null;
  const limits = { memoryKb, fileMb: TMP_MB, processes };
  const { loader, cgroups } = machine;
  const command = isolatedCommand(isolation, program, limits, folders, { asRoot: isRoot(), user, loader });
  const started = new FunctionProcess(command, {
    faultsAreMemory: runtime.memory === 'kernel',
    cgroup: cgroups?.create() ?? null,
    log,
  });
  const ready = await started.start({ ...setup, codeDir: command.codeDir });
  if (typeof ready === 'string') return ready;
  // The jail's /tmp is in memory, too.
  const memoryMb = setup.memoryMb + (runtime.ownMb ?? 0);
  started.limitMemory({ memoryMb, filesMb: isolation === 'jail' ? TMP_MB : 0 });
  return { process: started, dataKb: ready.dataKb };
}

/**
 * Returns true if the processes of a function are counted separately from the user's others: it has its own user, or a
 * user namespace, whose processes Linux counts separately since 5.14
 * (https://man7.org/linux/man-pages/man2/getrlimit.2.html).
 */
function countsAlone(isolation: Isolation): boolean {
  if (isolation === 'weak') return false;
  if (isRoot()) return true;
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
