import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { functionCgroup, openCgroups } from './cgroup';

/*
 * The limit itself is the kernel's. It can be tested only where the memory controller of cgroup v2 is delegated to this
 * process: not in a container that mounts its groups read-only, nor on a machine that uses the memory controller of
 * version 1, because a controller is in one hierarchy at a time
 * (https://docs.kernel.org/admin-guide/cgroup-v2.html#mounting). Where such a group can be created without it, processes
 * join and leave it in the second test.
 */

const mount = readFileSync('/proc/self/mountinfo', 'utf8')
  .split('\n')
  .map((line) => line.split(' '))
  .find((fields) => fields[fields.indexOf('-') + 1] === 'cgroup2')?.[4];
const read = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Starts a process that keeps 200 MB in many small processes, each below any limit of its own. */
const greedy = () =>
  spawn('sh', ['-c', 'read -r _; for i in 1 2 3 4; do head -c 50m /dev/zero | tail & done; wait']);

test('limits all processes of a group together, or offers none', async () => {
  const cgroups = openCgroups();
  // The sandbox watches the memory instead: ../total-memory.test.ts.
  if (cgroups === null) return;
  try {
    const group = cgroups.create();
    const child = greedy();
    group.join(child.pid ?? 0);
    group.limit(64 * 1024);
    child.stdin.write('\n');
    await once(child, 'close');
    expect(group.isExceeded()).toBe(true);
    group.remove();
  } finally {
    cgroups.remove();
  }
});

test('ends the processes of a group, also those that they started, and removes it', async () => {
  const path = join(mount ?? '/sys/fs/cgroup', `spillway-test-${process.pid}`);
  try {
    mkdirSync(path);
  } catch {
    // Only its owner may create groups there.
    return;
  }
  const group = functionCgroup(path);
  const child = spawn('sh', ['-c', 'read -r _; setsid sleep 60 & wait']);
  group.join(child.pid ?? 0);
  child.stdin.write('\n');
  await vi.waitFor(() => expect(read(join(path, 'cgroup.procs')).trim().split('\n')).toHaveLength(2));
  expect(group.isExceeded()).toBe(false);
  group.remove();
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  await vi.waitFor(() => {
    group.remove();
    expect(readdirSync(mount ?? '/')).not.toContain(`spillway-test-${process.pid}`);
  });
});
