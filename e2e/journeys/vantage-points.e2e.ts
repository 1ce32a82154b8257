import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'playwright/test';
import { root, test } from '../support/app';
import { checkScreen } from '../support/check-screen';
import { confirmWhenAsked } from '../support/confirm-when-asked';
import { switchSides } from '../support/diversion-editor';
import {
  acknowledgeOutage,
  chooseOption,
  clickHydrated,
  keepHttp,
  openOptions,
  reviewAndApply,
  rollback,
  runState,
  visitEditor,
} from '../support/split-editor';

const domain = 'flash.example.co.id';
const soon = { timeout: 90_000 };

/** A running `spillway agent`, with what it has printed. */
type Agent = { readonly process: ChildProcess; readonly home: string; said: string };

/** Starts an agent as on another machine: with the address of the dashboard, a token and a resolver. */
function startAgent(env: Readonly<Record<string, string>>, resolver: string): Agent {
  const home = mkdtempSync(join(tmpdir(), 'spillway-agent-'));
  const program = join(root, 'lib/launch/commands/run-spillway.mjs');
  const child = spawn(
    process.execPath,
    [program, 'agent', '--name', 'jakarta-office', '--resolver', resolver],
    { cwd: home, env: { ...process.env, HOME: home, ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const agent: Agent = { process: child, home, said: '' };
  child.stderr?.on('data', (text: Buffer) => {
    agent.said += text.toString();
  });
  return agent;
}

async function endAgent({ process: child, home }: Agent): Promise<void> {
  const ended = once(child, 'exit');
  if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  rmSync(home, { recursive: true, force: true });
}

test('a run shows by resolver and agent how DNS converges, and tests their answers against its weights', async ({
  page,
  app: { sandbox },
  baseURL,
}) => {
  await confirmWhenAsked(page);
  await page.goto('/settings');

  await test.step('an administrator adds a public resolver', async () => {
    const panel = page.getByRole('region', { name: 'Vantage points' });
    await clickHydrated(panel.getByRole('button', { name: 'Add resolver' }));
    const dialog = page.getByRole('dialog', { name: 'Add resolver' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('DNSPod Public DNS');
    await dialog.getByRole('textbox', { name: 'Address' }).fill('10.0.0.1');
    await dialog.getByRole('button', { name: 'Add resolver' }).click();
    await expect(dialog.getByText(/public/).last()).toBeVisible();
    await checkScreen(page);
    await dialog.getByRole('textbox', { name: 'Address' }).fill('119.29.29.29');
    await dialog.getByRole('button', { name: 'Add resolver' }).click();
    await expect(dialog).toBeHidden();
    await expect(panel.getByRole('row', { name: 'DNSPod Public DNS' })).toContainText('119.29.29.29');
    await panel.scrollIntoViewIfNeeded();
    await checkScreen(page);
  });

  const token = await test.step('an agent gets a token that can only report', async () => {
    const panel = page.getByRole('region', { name: 'API tokens' });
    await panel.getByRole('button', { name: 'Create API token' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create an API token' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Agent in Jakarta');
    await dialog.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'Agent' }).click();
    await checkScreen(page);
    await dialog.getByRole('button', { name: 'Create token' }).click();
    const shown = dialog.getByText(/^spw_/);
    await expect(shown).toBeVisible();
    const text = await shown.textContent();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(panel.getByRole('row', { name: 'Agent in Jakarta' })).toContainText('Agent');
    return text ?? '';
  });

  const agent = startAgent({ SPILLWAY_URL: baseURL, SPILLWAY_TOKEN: token }, sandbox.resolver);
  try {
    await expect.poll(() => agent.said).toContain('Agent jakarta-office reports to');

    await test.step('a Switch moves a tenth of the traffic', async () => {
      const { cvm, fn } = switchSides(page);
      await visitEditor(page, 'switch', { domain });
      await keepHttp(cvm);
      await keepHttp(fn);
      await chooseOption(fn, 'Backend', /flash\/storefront:1/);
      await fn.getByRole('textbox', { name: 'Expected answer text' }).fill('Flash sale');
      await acknowledgeOutage(fn);
      await page.getByRole('button', { name: '10, 50, 100 %' }).click();
      await page
        .getByRole('region', { name: 'Ramp' })
        .getByRole('textbox', { name: 'Bake after step 1' })
        .fill('10');
      await openOptions(page);
      await page.getByRole('textbox', { name: 'Peak requests per second' }).fill('200');
      await reviewAndApply(page);
      await expect(runState(page)).toContainText('Baking', soon);
    });

    await test.step('its page shows each vantage point', async () => {
      const panel = page.getByRole('region', { name: 'DNS convergence' });
      await expect(panel).toContainText('% of the answers are current', soon);
      await panel.getByRole('heading').click();
      const table = panel.getByRole('table', { name: 'Vantage points' });
      await expect(table.getByRole('row', { name: 'Resolver of the account' })).toHaveCount(2, soon);
      await expect(table.getByRole('row', { name: 'jakarta-office' })).toContainText(sandbox.resolver, soon);
      await expect(table.getByRole('row', { name: 'jakarta-office' })).toContainText('Current', soon);
      expect(agent.said).toContain('reported 1 names');
      // Runs of the sandbox ask no public resolver.
      await expect(table.getByRole('row', { name: 'DNSPod' })).toHaveCount(0);
    });

    await test.step('the answers are tested against the weights, with an interval', async () => {
      const charts = page.getByRole('region', { name: 'Traffic and probes' });
      const tests = charts.getByRole('list', { name: 'Tests of the split' });
      await charts.getByText('Shares, probes, forecast and concurrency').click();
      await expect(tests).toContainText('of DNS answers lead to the function; by the weights 10 %.', soon);
      // Several answers of the authoritative server, and the caches once each until their TTL is over.
      const test =
        /^95 % interval .*The difference (may be|is not) chance: of ([4-9]|\d\d) answers of [23] resolver/;
      await expect(tests.getByTitle(test)).toBeVisible(soon);
    });

    await test.step('the forecast says where its demand is from', async () => {
      const note = page.getByRole('region', { name: 'Traffic and probes' }).getByRole('region', {
        name: 'Forecast',
      });
      await expect(note).toContainText(/^(Dotted lines are the forecast|No forecast)/, soon);
      await page.getByRole('region', { name: 'Traffic and probes' }).scrollIntoViewIfNeeded();
      await checkScreen(page);
    });

    await rollback(page);
    const panel = page.getByRole('region', { name: 'DNS convergence' });
    await expect(panel).toContainText(/After the DNS rollback: 50 % after/, soon);
    await checkScreen(page);
  } finally {
    await endAgent(agent);
  }

  await test.step('the resolver is removed', async () => {
    await page.goto('/settings');
    const panel = page.getByRole('region', { name: 'Vantage points' });
    await clickHydrated(panel.getByRole('button', { name: 'Remove DNSPod Public DNS' }));
    await page.getByRole('dialog').getByRole('button', { name: 'Remove resolver' }).click();
    await expect(panel.getByText(/^No public resolvers/)).toBeVisible();
  });
});
