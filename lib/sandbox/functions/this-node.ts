import type { Runtime } from './launcher';
import { nodeBootstrap } from './node-bootstrap';

/** The Node.js that this program itself runs on. Only its file goes with the function: a folder could hold anything. */
export function thisNode(): Runtime {
  const { execPath } = process;
  const system = execPath.startsWith('/usr/') || execPath.startsWith('/bin/');
  return {
    file: execPath,
    // Its heap is held below the kernel's limit, so that it collects garbage before it is killed.
    args: (memoryMb) => [
      `--max-old-space-size=${memoryMb}`,
      `--max-semi-space-size=${Math.min(16, Math.max(1, Math.floor(memoryMb / 64)))}`,
      '--v8-pool-size=1',
      '--no-warnings',
      ...['-e', nodeBootstrap],
    ],
    needs: system ? null : execPath,
    version: process.versions.node,
    memory: 'kernel',
  };
}
