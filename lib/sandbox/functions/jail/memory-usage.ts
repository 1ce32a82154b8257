import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/** A process of a function, with all that it starts. */
type WatchedProcess = {
  readonly pids: () => readonly number[];
  /** Returns true while a call is running. */
  readonly isBusy: () => boolean;
  /** Their combined limit, in KB. */
  readonly limitKb: number;
  /** Called once, with their combined memory, in KB. */
  readonly onExcess: (kb: number) => void;
};

/** The check interval. A function can exceed its memory by as much as it can write in this time. */
const EVERY_MS = 100;
/**
 * Between calls, only every tenth check runs. In the cloud, code gets no time between calls; here it could continue.
 */
const IDLE_EVERY = 10;

/**
 * The data that a socket buffers at most, in KB, which no report of a process has: the default of the kernel, since the
 * system call filter lets no function change it (https://man7.org/linux/man-pages/man7/socket.7.html).
 */
const SOCKET_KB = Math.ceil((Number(read('/proc/sys/net/core/wmem_default')) || 212_992) / 1024);

const watched = new Set<WatchedProcess>();
let timer: NodeJS.Timeout | null = null;
let checks = 0;

/**
 * Checks the combined memory of processes, every 100 ms during calls and every second between them: the kernel's own
 * limits apply to each process separately.
 * @returns a function that ends the watch
 */
export function watchMemory(each: WatchedProcess): () => void {
  watched.add(each);
  timer ??= setInterval(check, EVERY_MS).unref();
  return () => {
    watched.delete(each);
    if (watched.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function check(): void {
  checks += 1;
  for (const each of [...watched]) {
    if (!each.isBusy() && checks % IDLE_EVERY !== 0) continue;
    const kb = measureMemory(each.pids(), each.limitKb);
    if (kb <= each.limitKb) continue;
    watched.delete(each);
    each.onExcess(kb);
  }
}

/**
 * Returns the ids of a process and all its descendants, from /proc; empty if that is missing or the process has ended.
 * Orphans become children of the first process of their namespace, so a jail keeps its own.
 */
export function processTree(pid: number): number[] {
  const found = [pid];
  for (const each of found) found.push(...listChildren(each));
  return found;
}

/**
 * Returns the child processes, which each thread lists: https://man7.org/linux/man-pages/man5/proc_tid_children.5.html
 */
function listChildren(pid: number): number[] {
  return list(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

/** Returns the ids of every process of a user. */
export function processesOfUser(uid: number): number[] {
  return list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => readOwner(`/proc/${name}`) === uid)
    .map(Number);
}

/**
 * Returns the combined memory of processes, in KB: pages that they wrote to, shared memory, swapped-out memory, page
 * tables, and what they hold open: files in memory (memfd), and sockets, each with all that it may buffer. Pages of
 * programs and of other files are not counted, because the system can drop them; nor is the content of /tmp, which has
 * its own limit.
 * @param enough a quick upper bound that counts shared pages more than once is returned if it is not above this
 */
export function measureMemory(pids: readonly number[], enough: number): number {
  const { files, sockets } = findHeld(pids);
  const tables = pids.reduce((sum, pid) => sum + pageTablesKb(pid), 0);
  const held = [...files.values()].reduce((sum, kb) => sum + kb, tables + sockets.size * SOCKET_KB);
  const bound = held + pids.reduce((sum, pid) => sum + residentKb(pid), 0);
  if (bound <= enough) return bound;
  return held + pids.reduce((sum, pid) => sum + mappedKb(pid, files), 0);
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function residentKb(pid: number): number {
  const status = read(`/proc/${pid}/status`);
  return [/^RssAnon:\s*(\d+)/m, /^RssShmem:\s*(\d+)/m, /^VmSwap:\s*(\d+)/m]
    .map((line) => Number(line.exec(status)?.[1] ?? 0))
    .reduce((sum, kb) => sum + kb, 0);
}

/** A process that maps a little of many regions has a page of tables for each. */
function pageTablesKb(pid: number): number {
  return Number(/^VmPTE:\s*(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Returns what processes hold open: the sizes of memfds in KB by inode, and sockets by name. */
function findHeld(pids: readonly number[]): {
  readonly files: ReadonlyMap<string, number>;
  readonly sockets: ReadonlySet<string>;
} {
  const files = new Map<string, number>();
  const sockets = new Set<string>();
  for (const pid of pids) {
    for (const descriptor of list(`/proc/${pid}/fd`)) {
      const path = `/proc/${pid}/fd/${descriptor}`;
      try {
        const target = readlinkSync(path);
        if (target.startsWith('socket:')) sockets.add(target);
        if (!target.startsWith('/memfd:')) continue;
        const { ino, blocks } = statSync(path);
        files.set(String(ino), blocks / 2);
      } catch {
        // It was closed, or its process has ended.
      }
    }
  }
  return { files, sockets };
}

/**
 * Returns a process's share of each of its mappings, so that pages of several processes count once. Of files, only
 * pages that it changed for itself count; an open memfd counts above.
 * https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html
 */
function mappedKb(pid: number, files: ReadonlyMap<string, number>): number {
  let sum = 0;
  let counts: 'share' | 'own' | 'nothing' = 'nothing';
  for (const line of read(`/proc/${pid}/smaps`).split('\n')) {
    const [first = '', second = '', , , inode = '', path = ''] = line.split(/\s+/, 6);
    if (!first.endsWith(':')) {
      if (inode === '0' || /^\/(dev\/zero|SYSV|memfd:)/.test(path))
        counts = files.has(inode) ? 'nothing' : 'share';
      else counts = 'own';
    } else if (counts === 'share' && (first === 'Pss:' || first === 'SwapPss:')) sum += Number(second);
    else if (counts === 'own' && (first === 'Anonymous:' || first === 'SwapPss:')) sum += Number(second);
  }
  return sum;
}

function readOwner(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.uid ?? null;
}

/** Both return nothing for what no longer exists, and for what this system doesn't report. */
function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
