import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isAsWanted } from '@/lib/estate/record-shares';
import { stateAt } from '@/lib/plan/drift';
import { stepWords } from '@/lib/plan/model/words';
import { startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { testSplitDiversion } from '@/testing/diversion/test-split';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { checkAgainstDocumentation, readHcl, resourcesOf } from '@/testing/plan/export/terraform/test-hcl';
import { findTerraform, terraformIn } from '@/testing/plan/export/terraform/test-terraform';
import { resourcesTouchedBy, terraformFile } from './terraform-file';

const found = await findTerraform();
const how =
  'missing' in found
    ? `read as HCL and by the provider's documentation alone; to apply it, this machine lacks ${found.missing}`
    : `applied, planned again and destroyed by ${found.cli} with ${found.provider}`;

it(`the configuration of a plan, over the objects of a sandbox, is ${how}`, {
  timeout: 300_000,
}, async () => {
  const sandbox = await startConnectedSandbox({ controlPort: null, vipNetwork: '127.199.0.0/16' });
  const folder = mkdtempSync(join(tmpdir(), 'terraform-apply-'));
  try {
    const { apiTls, secretId, secretKey, authority } = sandbox.announcement;
    const { cloud } = sandbox;
    const readEstate = () => cloud.readEstate(() => undefined);
    const estate = await readEstate();
    const plan = createTestPlan({ estate, diversion: testSplitDiversion, keepAliveS: 0 });
    const head = { title: 'A plan', hash: 'ab', findings: [] };
    const text = terraformFile({ head, plan, estate, words: (step) => stepWords(step).key });

    const parsed = await readHcl(text);
    checkAgainstDocumentation(parsed);
    expect(resourcesOf(parsed).map(({ type }) => type)).toEqual([
      'tencentcloud_clb_function_targets_attachment',
      'tencentcloud_clb_listener_rule',
      'tencentcloud_dnspod_record',
    ]);
    if ('missing' in found) return;

    writeFileSync(join(folder, 'plan.tf'), text);
    writeFileSync(join(folder, 'authority.pem'), authority);
    const run = terraformIn(folder, found, {
      TENCENTCLOUD_SECRET_ID: secretId,
      TENCENTCLOUD_SECRET_KEY: secretKey,
      TENCENTCLOUD_DOMAIN: `sandbox.localhost:${new URL(apiTls).port}`,
      SSL_CERT_FILE: join(folder, 'authority.pem'),
    });
    const differences = async () => {
      const now = await readEstate();
      return resourcesTouchedBy(plan).filter(({ object, end }) => !isAsWanted(stateAt(now, object), end));
    };
    expect(await differences()).not.toEqual([]);
    await run('init');
    await run('apply', '-auto-approve');
    expect(await differences()).toEqual([]);
    // Exit code 2 would be a second plan that still changes something.
    await run('plan', '-detailed-exitcode');
    await run('destroy', '-auto-approve');
    expect(
      (await readEstate()).rules.some(
        ({ domain, functions }) => domain === 'sale.example.com' && functions.length > 0,
      ),
    ).toBe(false);
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
