import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'playwright/test';
import { parse, stringify } from 'yaml';
import { root, test } from '../support/app';
import { readCloud } from '../support/cloud-state';
import { queryDns } from '../support/requests';

/** The sandbox account with the sale. */
const connection = 'sandbox-niaga';
const domain = 'flash.example.co.id';

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs a program in a folder until it ends. */
async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ended> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const [[code], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}

type Row = {
  readonly id: string;
  readonly domain: string | null;
  readonly url: string | null;
  readonly loadBalancer: string;
  readonly loadBalancerId: string;
  readonly listener: string;
  readonly listenerId: string;
};

/** The step of a job in a workflow, by its name. */
type Workflow = {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly name?: string; readonly run?: string }[] }>
  >;
};
type Pipeline = Readonly<Record<'plan' | 'apply', { readonly script: readonly string[] }>>;

test('pipelines plan a diversion file, apply the reviewed plan alone, and roll it back', async ({
  app,
  request,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-cli-'));
  const { sandbox, baseURL } = app;
  const network = sandbox.vipNetwork.split('.', 2).join('.');
  const made = await request.post('/api/v1/tokens', {
    headers: { origin: baseURL },
    data: { name: 'CI', role: 'operator', days: 1 },
  });
  const { token } = await made.json();
  // Pipelines find the program on the PATH.
  mkdirSync(join(folder, 'bin'));
  const program = `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'lib/launch/commands/run-spillway.mjs')}" "$@"\n`;
  writeFileSync(join(folder, 'bin/spillway'), program, { mode: 0o755 });
  const options = {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      HOME: folder,
      SPILLWAY_URL: baseURL,
      SPILLWAY_TOKEN: token,
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    },
  };
  const spillway = (...args: readonly string[]) => run('spillway', args, options);
  const bash = (script: string) => run('bash', ['-eo', 'pipefail', '-c', script], options);
  const file = join(folder, 'diversions/flash.yaml');

  const rows = await test.step('the estate lists the IDs for a file', async () => {
    await expect.poll(async () => (await spillway('estate', connection)).code, { timeout: 60_000 }).toBe(0);
    const found: readonly Row[] = JSON.parse((await spillway('--json', 'estate', connection)).out);
    return found;
  });
  const shop = rows.find(
    (row) => row.domain === 'shop.example.co.id' && row.url === '/' && row.listener === 'HTTP:80',
  );
  const sale = rows.find((row) => row.loadBalancer === 'lb-sin-flash' && row.listener === 'HTTP:80');
  const diversion = {
    kind: 'split',
    name: 'Flash sale',
    routes: [
      {
        to: 'cvm',
        domain: 'shop.example.co.id',
        loadBalancerId: shop?.loadBalancerId,
        listenerId: shop?.listenerId,
        rule: { kind: 'existing', ruleId: shop?.id },
        addTargets: [],
      },
      {
        to: 'function',
        domain,
        loadBalancerId: sale?.loadBalancerId,
        listenerId: sale?.listenerId,
        rule: { kind: 'new', url: '/' },
        function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
        expectedBody: 'Flash sale',
      },
    ],
  };
  const write = (change: object = {}) => {
    const content = {
      apiVersion: 'spillway/v1',
      connection,
      diversion: { ...diversion, ...change },
    };
    writeFileSync(file, stringify(content));
  };
  mkdirSync(join(folder, 'diversions'));

  const acknowledged =
    await test.step('a known outage blocks the plan until the file accepts it', async () => {
      write();
      const blocked = await spillway('plan', '-f', 'diversions', '--json');
      expect([blocked.code, blocked.err]).toEqual([7, expect.stringContaining('blocks “Flash sale”')]);
      const [plan] = JSON.parse(blocked.out);
      const outages = plan.findings.flatMap(
        (finding: { acknowledgement?: object }) => finding.acknowledgement ?? [],
      );
      expect(outages).toHaveLength(1);
      return outages;
    });
  write({ acknowledged });
  const before = await readCloud(sandbox);
  const reviewed = join(folder, 'spillway-plan.json');
  let first = '';

  await test.step('the workflow for GitHub prints the plan and applies it', async () => {
    const workflow: Workflow = parse(readFileSync(join(root, 'docs/ci/github-actions.yml'), 'utf8'));
    const step = (job: string, name: string) =>
      workflow.jobs[job]?.steps.find((each) => each.name === name)?.run ?? 'exit 99';
    const planned = await bash(step('plan', 'Plan'));
    expect([planned.code, planned.err]).toEqual([0, '']);
    const summary = readFileSync(options.env.GITHUB_STEP_SUMMARY, 'utf8');
    expect(summary).toContain('### Flash sale');
    expect(summary).toContain('Bind flash/storefront:1 to flash.example.co.id/');
    expect(await readCloud(sandbox)).toEqual(before);
    first = readFileSync(reviewed, 'utf8');
    const applied = await bash(step('apply', 'Apply'));
    expect([applied.code, applied.err]).toEqual([0, expect.stringContaining(': done')]);
    expect(await queryDns(sandbox, domain)).toEqual([`${network}.1.20`]);
  });

  await test.step('a rollback restores everything', async () => {
    const [newest] = JSON.parse((await spillway('diversions', '--json')).out);
    const runId = newest.newest.runId;
    const rolledBack = await spillway('rollback', runId, '--reason', 'The sale is over.', '--wait');
    expect([rolledBack.code, rolledBack.out]).toEqual([0, `Rolled back ${runId}.\n`]);
    expect(await queryDns(sandbox, domain)).toEqual([`${network}.1.10`]);
    expect(await readCloud(sandbox)).toEqual(before);
    expect((await spillway('watch', runId)).code).toBe(0);
  });

  await test.step('the pipeline for GitLab applies nothing but the reviewed plan', async () => {
    const pipeline: Pipeline = parse(readFileSync(join(root, 'docs/ci/gitlab-ci.yml'), 'utf8'));
    const script = (job: 'plan' | 'apply') => bash(pipeline[job].script.join('\n'));
    // Once the estate is synced after the rollback, the same file has the same effects.
    const planAgain = async () => {
      await script('plan');
      return readFileSync(reviewed, 'utf8');
    };
    await expect.poll(planAgain, { timeout: 60_000 }).toBe(first);
    const [cvm, sold] = diversion.routes;
    write({ acknowledged, routes: [cvm, { ...sold, expectedBody: 'Flash' }] });
    const refused = await script('apply');
    expect([refused.code, refused.err]).toEqual([
      8,
      expect.stringContaining('differs from the reviewed one'),
    ]);
    expect(await readCloud(sandbox)).toEqual(before);
    expect((await script('plan')).code).toBe(0);
    const applied = await script('apply');
    expect(applied.code).toBe(0);
    const runId = applied.out.trim();
    expect((await spillway('drift', connection, '--exit-code')).code).toBe(0);
    expect((await spillway('rollback', runId, '--wait')).code).toBe(0);
    expect(await readCloud(sandbox)).toEqual(before);
  });
  rmSync(folder, { recursive: true });
});
