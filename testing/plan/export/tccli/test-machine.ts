import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { CloudConnection } from '@/lib/cloud/connection';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { startSandbox } from '@/lib/sandbox/sandbox';
import { startTestTccli } from './test-tccli';

/** A wait advances the sandbox's clock and takes no real time. */
const sleeping = `#!/bin/sh
exec curl --silent --fail --output /dev/null --header "Authorization: Bearer $CONTROL_TOKEN" \\
  --data "{\\"mode\\":\\"virtual\\",\\"advanceMs\\":$(($1 * 1000))}" "$CONTROL_URL/clock"
`;

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/**
 * Starts a machine on which scripts run unchanged: bash, curl and dig are real, and so is the sandbox that the tccli
 * stand-in calls.
 */
export async function startTestMachine(vipNetwork: string) {
  const sandbox = await startSandbox({
    port: 0,
    dnsPort: 0,
    controlPort: 0,
    seed: 'flash-sale',
    vipNetwork,
    taskMs: 1000,
    stateFile: null,
    log: pino({ level: 'silent' }),
  });
  const { announcement } = sandbox;
  const { api, secretId, secretKey, resolver, dns, portOffset, authority, control } = announcement;
  const folder = mkdtempSync(join(tmpdir(), 'spillway-script-'));
  const program = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  };
  const tccli = await startTestTccli({ api, secretId, secretKey });
  program('tccli', tccli.program);
  program('sleep', sleeping);
  const ask = (method: string, path: string, body?: object) =>
    fetch(`${control?.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${control?.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).then((answer) => answer.json());

  const connection = CloudConnection.parse({
    id: 'sandbox',
    name: 'Sandbox',
    kind: 'sandbox',
    endpoint: api,
    secretId,
    secretKey,
    regions: ['ap-jakarta', 'ap-singapore'],
    dns,
    portOffset,
    authority,
  });
  const log = { debug: () => {}, info: () => {}, warn: () => {} };
  return {
    announcement,
    control: ask,
    cloud: () => createTencentCloud(connection, { now: () => new Date(), log }),
    /** Runs a bash script to its end. */
    run: (script: string, more: Readonly<Record<string, string>> = {}): Promise<Ran> => {
      const shell = spawn('bash', ['-s'], {
        env: {
          NODE_ENV: 'test',
          PATH: `${folder}:${process.env.PATH}`,
          CONTROL_URL: control?.url ?? '',
          CONTROL_TOKEN: control?.token ?? '',
          SPILLWAY_RESOLVER: resolver,
          SPILLWAY_PORT_OFFSET: String(portOffset),
          ...more,
        },
      });
      let [out, err] = ['', ''];
      shell.stdout.on('data', (chunk) => (out += chunk));
      shell.stderr.on('data', (chunk) => (err += chunk));
      shell.stdin.end(script);
      return new Promise((done, fail) => {
        shell.on('error', fail);
        shell.on('close', (code) => done({ code, out, err }));
      });
    },
    stop: async () => {
      tccli.stop();
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
