import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { measureMemory, processesOfUser, processTree } from './memory-usage';

/**
 * Allocates a block, starts four processes that share it, and one that writes to all of it; reports when all of them
 * are running.
 */
const source = `
import os, sys
block = bytearray(b'x') * (64 * 1024 * 1024)
ready = os.pipe()
for writes in (False, False, False, False, True):
    if os.fork() == 0:
        if writes:
            for at in range(0, len(block), 4096): block[at] = 1
        os.write(ready[1], b'x')
        sys.stdin.read()
        os._exit(0)
seen = 0
while seen < 5: seen += len(os.read(ready[0], 5))
print('ready', flush=True)
sys.stdin.read()
`;

it('counts shared pages once, and pages that a process has changed for itself again', async () => {
  const child = spawn('python3', ['-c', source], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const { pid = 0 } = child;
  const pids = processTree(pid);
  expect(pids).toHaveLength(6);
  const blocks = measureMemory(pids, 0) / 1024 / 64;
  const bound = measureMemory(pids, Number.POSITIVE_INFINITY) / 1024 / 64;
  child.stdin.end();
  await once(child, 'exit');
  // Two blocks, and six small interpreters; the quick bound counts the shared one five times.
  expect(blocks).toBeGreaterThanOrEqual(2);
  expect(blocks).toBeLessThan(3.5);
  expect(bound).toBeGreaterThanOrEqual(6);
});

it('counts files in memory that are held open, and nothing of ended processes', async () => {
  const files = `
import os, sys
files = [os.memfd_create('a'), os.memfd_create('b')]
for file in files: os.write(file, b'x' * 32 * 1024 * 1024)
copies = [os.dup(file) for file in files]
print('ready', flush=True)
sys.stdin.read()
`;
  const child = spawn('python3', ['-c', files], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const pids = processTree(child.pid ?? 0);
  const heldMb = [0, Number.POSITIVE_INFINITY].map((enough) => measureMemory(pids, enough) / 1024);
  expect(processesOfUser(process.getuid?.() ?? -1)).toContain(child.pid);
  child.stdin.end();
  await once(child, 'exit');
  for (const mb of heldMb) {
    expect(mb).toBeGreaterThanOrEqual(64);
    expect(mb).toBeLessThan(110);
  }
  expect(measureMemory(pids, 0)).toBe(0);
});
