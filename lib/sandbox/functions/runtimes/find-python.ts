import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Runtime } from './launcher';
import { pythonBootstrap } from './python-bootstrap';

const run = promisify(execFile);
const Facts = z.object({ executable: z.string(), prefix: z.string(), version: z.string() });
const ASK =
  'import json, sys; print(json.dumps({"executable": sys.executable, "prefix": sys.base_prefix, "version": "%d.%d.%d" % sys.version_info[:3]}))';

/**
 * Returns every usable `python3` on the PATH, in its order. Launchers of version managers are resolved to the
 * interpreter behind them, because only that can run elsewhere.
 */
export async function findPythons(path: string): Promise<Runtime[]> {
  const found = new Map<string, Runtime>();
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    const python = await ask(join(folder, 'python3'));
    if (python !== null && !found.has(python.file)) found.set(python.file, python);
  }
  return [...found.values()];
}

/** Returns null for a file that doesn't exist or isn't a working Python 3. */
async function ask(file: string): Promise<Runtime | null> {
  try {
    await access(file, constants.X_OK);
    const { stdout } = await run(file, ['-I', '-c', ASK], { timeout: 10_000 });
    const facts = Facts.parse(JSON.parse(stdout));
    const executable = await realpath(facts.executable);
    const prefix = await realpath(facts.prefix);
    const system = prefix === '/usr' || prefix.startsWith('/usr/') || prefix === '/';
    return {
      file: executable,
      args: () => ['-I', '-u', '-c', pythonBootstrap],
      needs: system ? [] : [prefix],
      version: facts.version,
      memory: 'itself',
    };
  } catch {
    return null;
  }
}
