import { type APIRequestContext, expect } from 'playwright/test';
import { clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/index.js';
import { dnspod } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/index.js';
import type { Estate } from '@/lib/estate/model';
import type { Announcement } from '@/lib/sandbox/sandbox';
import { type App, test } from '../../support/app';
import { checkScreen } from '../../support/check-screen';
import { sdkConfig } from '../../support/client-config';
import { readCloud } from '../../support/cloud-state';
import { addOwner, clearFaults, moveClock, resetSandbox } from '../../support/control-api';
import { queryDns } from '../../support/requests';
import { runState } from '../../support/split-editor';

/*
 * Other programs own the objects of a plan. For each: what it does to a change at T0, with the sandbox's clock stopped,
 * and that the plan says so and never runs.
 */

// An app of its own: the journey moves the sandbox's clock.
test.use({ appSettings: { SPILLWAY_SYNC_WHOLE_S: '3600', SPILLWAY_SYNC_PARTS_S: '0' } });

const connectionId = 'sandbox-niaga';
const domain = 'flash.example.co.id';
const afterMs = 3000;

type Finding = {
  readonly check: string;
  readonly status: string;
  readonly isBlocking: boolean;
  readonly text: string;
  readonly acknowledgement?: object;
};
type Described = {
  readonly hash: string;
  readonly isBlocked: boolean;
  readonly findings: readonly Finding[];
};

/** Calls the HTTP API with the session of the administrator. */
function createApi(request: APIRequestContext, { baseURL }: App) {
  const headers = { origin: baseURL };
  const get = async <T>(path: string): Promise<T> => (await request.get(`/api/v1${path}`)).json();
  const send = (path: string, data: object = {}) => request.post(`/api/v1${path}`, { headers, data });
  const readEstate = async () => {
    const answer = await request.get(`/api/v1/connections/${connectionId}/snapshot`);
    return answer.ok() ? ((await answer.json()) as Estate | null) : null;
  };
  return {
    readEstate,
    /** Syncs the account, and returns the new snapshot. */
    async sync(): Promise<Estate> {
      const before = (await readEstate())?.takenAt;
      expect((await send(`/connections/${connectionId}/sync`)).ok()).toBe(true);
      await expect.poll(async () => (await readEstate())?.takenAt !== before, { timeout: 90_000 }).toBe(true);
      const estate = await readEstate();
      if (estate === null) throw new Error('The account has a snapshot.');
      return estate;
    },
    /** Plans a diversion, and returns the plan and its findings in words. */
    async plan(diversion: object): Promise<{ readonly planId: string; readonly described: Described }> {
      const made = await send('/plans', { connectionId, diversion });
      expect(made.ok(), await made.text()).toBe(true);
      const { planId } = await made.json();
      return { planId, described: await get<Described>(`/plans/${planId}/description`) };
    },
    preview: async (diversion: object): Promise<Described> =>
      (await send('/plans/preview', { connectionId, diversion })).json(),
    apply: (planId: string, hash: string) =>
      send(`/plans/${planId}/apply`, { hash, typedDomain: null, cutover: null }),
  };
}

/** Returns the Split of the sale on the seed's load balancers, without acknowledgements. */
function buildSale({ loadBalancers, listeners, rules }: Estate) {
  const sale = loadBalancers.find(({ name }) => name === 'lb-sin-flash');
  const shop = rules.find((rule) => {
    const listener = listeners.find(({ id }) => id === rule.listenerId);
    return rule.domain === 'shop.example.co.id' && rule.url === '/' && listener?.protocol === 'HTTP';
  });
  const http = listeners.find((each) => each.loadBalancerId === sale?.id && each.protocol === 'HTTP');
  if (sale === undefined || shop === undefined || http === undefined) throw new Error('The seed has them.');
  const diversion = {
    kind: 'split',
    name: 'Flash sale',
    routes: [
      {
        to: 'cvm',
        domain: shop.domain,
        loadBalancerId: shop.loadBalancerId,
        listenerId: shop.listenerId,
        rule: { kind: 'existing', ruleId: shop.id },
        addTargets: [],
      },
      {
        to: 'function',
        domain,
        loadBalancerId: sale.id,
        listenerId: http.id,
        rule: { kind: 'new', url: '/' },
        function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
        expectedBody: 'Flash sale',
      },
    ],
  };
  return { balancer: sale.id, listener: http.id, diversion };
}

/** Writes to the same objects as the plan, as an independent client with the account's key. */
function createWriter(sandbox: Announcement, LoadBalancerId: string, ListenerId: string) {
  const balancers = new clb.v20180317.Client(sdkConfig(sandbox, 'ap-singapore'));
  const records = new dnspod.v20210323.Client(sdkConfig(sandbox, ''));
  const Domain = 'example.co.id';
  return {
    createRule: () =>
      balancers.CreateRule({ LoadBalancerId, ListenerId, Rules: [{ Domain: domain, Url: '/' }] }),
    async hasRule(): Promise<boolean> {
      const { Listeners = [] } = await balancers.DescribeListeners({
        LoadBalancerId,
        ListenerIds: [ListenerId],
      });
      return Listeners.some(({ Rules = [] }) => Rules.some((rule) => rule.Domain === domain));
    },
    async moveName(Value: string): Promise<void> {
      const { RecordList = [] } = await records.DescribeRecordList({ Domain, Subdomain: 'flash' });
      const [first] = RecordList;
      if (first?.RecordId === undefined) throw new Error('The name has a record.');
      const { RecordId, Line: RecordLine = '默认' } = first;
      await records.ModifyRecord({
        Domain,
        RecordId,
        RecordType: 'A',
        RecordLine,
        SubDomain: 'flash',
        Value,
      });
    },
  };
}

const blockers = [
  {
    owner: 'tke',
    of: 'balancer',
    check: 'Kubernetes (TKE)',
    text: 'A Kubernetes cluster (cls-sandbox1) manages',
  },
  {
    owner: 'protection',
    of: 'balancer',
    check: 'Operation protection',
    text: 'is under operation protection',
  },
  { owner: 'igtm', of: 'name', check: 'IGTM and D-monitoring', text: `decides where ${domain} leads` },
  { owner: 'dMonitoring', of: 'name', check: 'IGTM and D-monitoring', text: 'D-monitoring watches' },
] as const;

test('no plan runs on objects that another program owns, and Terraform’s are announced', async ({
  app,
  page,
  request,
}) => {
  const { sandbox } = app;
  const api = createApi(request, app);
  await expect.poll(async () => (await api.readEstate()) !== null, { timeout: 90_000 }).toBe(true);
  await resetSandbox(sandbox);
  const { balancer, listener, diversion: split } = buildSale(await api.sync());
  const predicted = await api.preview(split);
  const acknowledged = predicted.findings.flatMap(({ acknowledgement }) => acknowledgement ?? []);
  const diversion = { ...split, acknowledged };
  const reviewed = await api.plan(diversion);
  expect(reviewed.described.findings.filter(({ isBlocking }) => isBlocking)).toEqual([]);
  const writer = createWriter(sandbox, balancer, listener);

  for (const { owner, of, check, text } of blockers)
    await test.step(`${owner}: undoes or refuses a change, and blocks the plan`, async () => {
      await addOwner(sandbox, owner, of === 'balancer' ? balancer : domain, afterMs);
      const owned = await readCloud(sandbox);
      await moveClock(sandbox, 0, 'stopped');
      if (owner === 'protection') await expect(writer.createRule()).rejects.toThrow('operation protection');
      else if (of === 'balancer') {
        await writer.createRule();
        await moveClock(sandbox, afterMs - 1, 'stopped');
        expect(await writer.hasRule()).toBe(true);
      } else {
        const [old] = await queryDns(sandbox, domain);
        await writer.moveName('127.0.0.99');
        await moveClock(sandbox, afterMs - 1, 'stopped');
        expect(await queryDns(sandbox, domain)).not.toContain(old);
      }
      await moveClock(sandbox, 2 * afterMs, 'stopped');
      await moveClock(sandbox, 0, 'running');
      expect(await readCloud(sandbox)).toEqual(owned);

      await api.sync();
      // Neither the plan that was reviewed before, nor a new one.
      expect((await api.apply(reviewed.planId, reviewed.described.hash)).ok()).toBe(false);
      const { planId, described } = await api.plan(diversion);
      expect(described.findings.filter(({ isBlocking }) => isBlocking).map((each) => each.check)).toEqual([
        check,
      ]);
      expect((await api.apply(planId, described.hash)).ok()).toBe(false);
      expect(await readCloud(sandbox)).toEqual(owned);
      await page.goto(`/plans/${planId}`);
      await expect(page.getByText(text).first()).toBeVisible();
      await checkScreen(page);
      if (owner === 'tke') {
        await page.goto(`/estate?view=list&node=lb:${balancer}`);
        await expect(page.getByText('Kubernetes cls-sandbox1')).toBeVisible();
        await checkScreen(page);
      }
      await clearFaults(sandbox);
    });

  await test.step('Terraform: the plan names what will differ, and its next apply undoes the move', async () => {
    const hourMs = 3_600_000;
    await addOwner(sandbox, 'terraform', balancer, hourMs);
    await addOwner(sandbox, 'terraform', domain, hourMs);
    const owned = await readCloud(sandbox);
    await api.sync();
    const { planId, described } = await api.plan(diversion);
    expect(described.isBlocked).toBe(false);
    const found = described.findings.filter(({ check }) => check === 'Managed by another tool');
    expect(found.map(({ status }) => status)).toEqual(['warn', 'warn']);
    await page.goto(`/plans/${planId}`);
    await expect(page.getByText('managed-by=terraform').first()).toBeVisible();
    const applied = await api.apply(planId, described.hash);
    expect(applied.ok(), await applied.text()).toBe(true);
    const { runId } = await applied.json();
    await page.goto(`/runs/${runId}`);
    await expect(runState(page)).toContainText('Applied with acknowledged outage', { timeout: 90_000 });
    expect(await readCloud(sandbox)).not.toEqual(owned);
    await moveClock(sandbox, 2 * hourMs, 'running');
    await expect.poll(() => readCloud(sandbox)).toEqual(owned);
  });
});
