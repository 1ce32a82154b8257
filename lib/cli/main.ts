import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import type { Terminal } from './base/terminal';
import { runCli } from './run-cli';

/** Reads a secret from a terminal without an echo, or all of standard input. */
async function readSecret(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return text(process.stdin);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(prompt);
  const secret = await line.question('');
  line.close();
  process.stderr.write('\n');
  return secret;
}

const terminal: Terminal = {
  env: process.env,
  // `npm run` changes to the folder of the package.
  cwd: (process.env.npm_lifecycle_event === 'spillway' ? process.env.INIT_CWD : null) ?? process.cwd(),
  write: (output) => process.stdout.write(output),
  writeError: (output) => process.stderr.write(output),
  readSecret,
  sleep: async (ms) => {
    await setTimeout(ms);
  },
};

// A reader that has left, such as `head`, is no failure.
process.stdout.on('error', () => process.exit(0));
process.exitCode = await runCli(process.argv.slice(2), terminal);
