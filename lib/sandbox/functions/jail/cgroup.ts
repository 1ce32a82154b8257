import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { isRunning } from './folders';

/**
 * The kernel's limit on the combined memory of one function's processes: it refuses the page and kills them, however
 * the memory was requested. https://docs.kernel.org/admin-guide/cgroup-v2.html
 */
export type FunctionCgroup = {
  /**
   * Adds a process, including all that it starts from now on.
   * @throws Error when the kernel refuses
   */
  join(pid: number): void;
  limit(kb: number): void;
  /** Returns true if the kernel has killed something here for lack of memory. */
  isExceeded(): boolean;
  /** Kills the remaining processes and removes the group. */
  remove(): void;
};

/** The sandbox's own group, below which each process of a function gets one. */
export type Cgroups = {
  create(): FunctionCgroup;
  remove(): void;
};

const PREFIX = 'spillway-functions-';

/**
 * Creates a group for functions if this process may: in cgroup v2, below its own group or beside it. Null if none is
 * delegated to it with the memory controller (https://systemd.io/CGROUP_DELEGATION/): version 1, a container that
 * mounts its groups read-only, a session of a login shell.
 */
export function openCgroups(): Cgroups | null {
  const own = ownCgroup();
  if (own === null) return null;
  for (const parent of parents(own)) {
    const group = prepare(parent);
    if (group !== null) return group;
  }
  return null;
}

type OwnCgroup = { readonly mount: string; readonly path: string };

function ownCgroup(): OwnCgroup | null {
  try {
    const path = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
    const mount = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .find((fields) => fields[fields.indexOf('-') + 1] === 'cgroup2');
    const [, , , root = '', point = ''] = mount ?? [];
    if (path === undefined || mount === undefined) return null;
    const below = relative(root, path);
    return below.startsWith('..') ? null : { mount: point, path: join(point, below) };
  } catch {
    return null;
  }
}

/**
 * Returns the possible parent groups. Slices belong to systemd if root runs this; those of a user's systemd belong to
 * that user (as the owner of their folders shows).
 */
function parents({ mount, path }: OwnCgroup): readonly string[] {
  const candidates = path === mount ? [path] : [path, dirname(path)];
  return process.getuid?.() === 0
    ? candidates.filter((each) => !basename(each).endsWith('.slice'))
    : candidates;
}

function prepare(parent: string): Cgroups | null {
  const path = join(parent, `${PREFIX}${process.pid}`);
  try {
    removeLeftovers(parent);
    mkdirSync(path);
    offerMemory(parent);
    offerMemory(path);
    const group = cgroupsAt(path);
    const probe = group.create();
    probe.limit(1024);
    probe.remove();
    return group;
  } catch {
    removeGroup(path);
    return null;
  }
}

/** Delegates the memory controller. The kernel refuses if processes are in that very group. */
function offerMemory(path: string): void {
  const control = join(path, 'cgroup.subtree_control');
  if (!readFileSync(control, 'utf8').split(/\s/).includes('memory')) writeFileSync(control, '+memory');
}

/** Removes the groups of a killed sandbox. The kernel removes only empty groups. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    if (isRunning(Number(name.slice(PREFIX.length)))) continue;
    removeWithChildren(join(parent, name));
  }
}

function cgroupsAt(path: string): Cgroups {
  let count = 0;
  return {
    create() {
      count += 1;
      const own = join(path, String(count));
      mkdirSync(own);
      return functionCgroup(own);
    },
    remove: () => removeWithChildren(path),
  };
}

/** Wraps a group that exists. @param path its folder */
export function functionCgroup(path: string): FunctionCgroup {
  const write = (name: string, value: string) => writeFileSync(join(path, name), value);
  return {
    join: (pid) => write('cgroup.procs', String(pid)),
    limit(kb) {
      write('memory.max', String(kb * 1024));
      try {
        write('memory.swap.max', '0');
      } catch {
        // A kernel without swap has no such file.
      }
      write('memory.oom.group', '1');
    },
    isExceeded() {
      try {
        return (
          Number(/^oom_kill (\d+)/m.exec(readFileSync(join(path, 'memory.events'), 'utf8'))?.[1] ?? 0) > 0
        );
      } catch {
        return false;
      }
    },
    remove() {
      try {
        write('cgroup.kill', '1');
      } catch {
        // Kernels before 5.14 don't have it; the process group has been killed anyway.
      }
      removeGroup(path);
    },
  };
}

function removeWithChildren(path: string): void {
  for (const child of readdirSync(path, { withFileTypes: true })) {
    if (child.isDirectory()) removeGroup(join(path, child.name));
  }
  removeGroup(path);
}

/**
 * Removes a group. One whose last process has not quite ended is removed with its parent group, then or at the next
 * start.
 */
function removeGroup(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Busy, or missing.
  }
}
