import type { Runtime } from './launcher';
import { nodeBootstrap } from './node-bootstrap';

/**
 * Returns the Node.js that this program itself runs on. The function gets only its file: a folder could contain
 * anything.
 */
export function thisNode(): Runtime {
  const { execPath } = process;
  const system = execPath.startsWith('/usr/') || execPath.startsWith('/bin/');
  return {
    file: execPath,
    args: (memoryMb) => {
      // Its heap stays below the kernel's limit: it collects garbage before it is refused more, and reports why it
      // ends. The young generation has up to three semi-spaces.
      const semiMb = Math.min(16, Math.max(1, Math.floor(memoryMb / 64)));
      const oldMb = Math.floor(memoryMb * 0.9) - 3 * semiMb;
      const heap = [`--max-old-space-size=${oldMb}`, `--max-semi-space-size=${semiMb}`];
      return [...heap, '--v8-pool-size=1', '--no-warnings', '-e', nodeBootstrap];
    },
    needs: system ? [] : [execPath],
    version: process.versions.node,
    memory: 'kernel',
  };
}
