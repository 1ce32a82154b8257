import { parse } from '@cdktn/hcl2json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SplitDiversion } from '@/lib/diversion/diversion';
import type { ObjectState } from '@/lib/estate/object';
import { isAbsent } from '@/lib/estate/object-state';
import type { Plan, Step } from '@/lib/plan/model/model';
import { stepWords } from '@/lib/plan/model/words';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import {
  checkAgainstDocumentation,
  readHcl,
  ref,
  resourcesOf,
} from '@/testing/plan/export/terraform/test-hcl';
import { anyPlan, anyText } from '@/testing/plan/export/test-plans';
import {
  testEstate,
  testListener,
  testLoadBalancer,
  testRecord,
  testRule,
  testSplit,
  testSwitch,
  testTarget,
  testWaves,
} from '@/testing/plan/test-estate';
import { hclString } from './hcl';
import { resourcesTouchedBy, terraformFile } from './terraform-file';

const head = { title: 'A plan', hash: 'ab', findings: [] };
const buildText = (plan: Plan, estate: ReturnType<typeof testEstate> | null = null, title = head.title) =>
  terraformFile({ head: { ...head, title }, plan, estate, words: (step) => stepWords(step).key });

const isNone = (state: ObjectState) => state.kind === 'provisioned' && state.instances === 0;

describe('terraformFile', () => {
  it('names losses at the top, and asks for their acceptance', async () => {
    const plan = createTestPlan({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
    const words = (step: Step) => stepWords(step).key;
    const findings = [{ kind: 'loss', text: 'Still served: HTTPS:443' }] as const;
    const text = terraformFile({ head: { ...head, findings }, plan, estate: null, words });
    expect(text).toContain('#   - Still served: HTTPS:443');
    expect((await readHcl(text)).variable).toMatchObject({
      spillway_accept: [{ validation: [{ condition: ref('var.spillway_accept == "ab"') }] }],
    });
    expect(buildText(plan)).not.toContain('spillway_accept');
  });

  it('writes the new rule with its function, and then the name that points at it', async () => {
    const estate = testEstate();
    const parsed = await readHcl(
      buildText(createTestPlan({ estate, diversion: testSplit(), keepAliveS: 75 }), estate),
    );
    checkAgainstDocumentation(parsed);
    const rule = 'tencentcloud_clb_listener_rule.flash_example_co_id';
    expect(parsed.resource).toEqual({
      tencentcloud_clb_listener_rule: {
        flash_example_co_id: [
          {
            provider: ref('tencentcloud.ap_singapore'),
            clb_id: 'lb-scf',
            listener_id: 'lbl-lb-scf',
            domain: 'flash.example.co.id',
            url: '/',
            scheduler: 'WRR',
          },
        ],
      },
      tencentcloud_clb_function_targets_attachment: {
        flash_example_co_id: [
          {
            provider: ref('tencentcloud.ap_singapore'),
            load_balancer_id: 'lb-scf',
            listener_id: 'lbl-lb-scf',
            location_id: ref(`${rule}.rule_id`),
            function_targets: [
              {
                weight: 10,
                function: [
                  {
                    function_namespace: 'flash',
                    function_name: 'storefront',
                    function_qualifier: '1',
                    function_qualifier_type: 'VERSION',
                  },
                ],
              },
            ],
          },
        ],
      },
      tencentcloud_dnspod_record: {
        flash_example_co_id_127_77_1_2: [
          {
            domain: 'example.co.id',
            sub_domain: 'flash',
            record_type: 'A',
            record_line: '默认',
            value: '127.77.1.2',
            ttl: 60,
            status: 'ENABLE',
            depends_on: [ref(rule), ref('tencentcloud_clb_function_targets_attachment.flash_example_co_id')],
          },
        ],
      },
    });
    // Its value changes; it is still the same record.
    expect(parsed.import).toEqual([
      { to: ref('tencentcloud_dnspod_record.flash_example_co_id_127_77_1_2'), id: 'example.co.id#12' },
    ]);
    expect(parsed.provider.tencentcloud).toContainEqual({
      alias: 'ap_singapore',
      region: ref('var.region_ap_singapore'),
    });
    expect(parsed.variable.region_ap_singapore).toMatchObject([{ default: 'ap-singapore' }]);
    expect(parsed.terraform).toMatchObject([{ required_version: '>= 1.5' }]);
  });

  it('imports an existing rule with its targets, and adds what is new', async () => {
    const target = { instanceId: 'ins-2', port: 8080, weight: 10 };
    const estate = testEstate();
    const diversion = testSplit({}, { addTargets: [target] });
    const parsed = await readHcl(buildText(createTestPlan({ estate, diversion, keepAliveS: 75 }), estate));
    checkAgainstDocumentation(parsed);
    const shop = parsed.resource?.tencentcloud_clb_attachment?.shop_example_co_id?.[0];
    expect(shop?.targets).toEqual([
      { instance_id: 'ins-1', port: 8080, weight: 10 },
      { instance_id: 'ins-2', port: 8080, weight: 10 },
    ]);
    expect(parsed.import).toEqual(
      expect.arrayContaining([
        { to: ref('tencentcloud_clb_listener_rule.shop_example_co_id'), id: 'lb-cvm#lbl-lb-cvm#loc-shop' },
        { to: ref('tencentcloud_clb_attachment.shop_example_co_id'), id: 'loc-shop#lbl-lb-cvm#lb-cvm' },
      ]),
    );
  });

  it('identifies targets that are bound by address by that address', async () => {
    const { instanceId: _, ...pod } = Object(testTarget());
    const targets = [testTarget(), { ...pod, kind: 'ENI', eniIp: '10.0.1.7' }];
    const rules = ['shop', 'flash'].map((name) =>
      testRule(`loc-${name}`, 'lb-cvm', `${name}.example.co.id`, { targets }),
    );
    const estate = testEstate({ rules });
    const diversion = testSplit({}, { addTargets: [{ eniIp: '10.0.1.8', port: 8080, weight: 20 }] });
    const parsed = await readHcl(buildText(createTestPlan({ estate, diversion, keepAliveS: 75 }), estate));
    checkAgainstDocumentation(parsed);
    expect(parsed.resource?.tencentcloud_clb_attachment?.shop_example_co_id?.[0]?.targets).toEqual([
      { instance_id: 'ins-1', port: 8080, weight: 10 },
      { eni_ip: '10.0.1.7', port: 8080, weight: 10 },
      { eni_ip: '10.0.1.8', port: 8080, weight: 20 },
    ]);
  });

  it('disables a record after its replacement is created', async () => {
    const rules = [
      testRule('loc-flash', 'lb-cvm', 'flash.example.co.id', { targets: [testTarget()] }),
      testRule('loc-b', 'lb-scf', 'flash.example.co.id', {}),
    ];
    const estate = testEstate({ records: [testRecord(12, 'flash', '127.77.1.1')], rules });
    const parsed = await readHcl(
      buildText(createTestPlan({ estate, diversion: testSwitch(), keepAliveS: 75 }), estate),
    );
    checkAgainstDocumentation(parsed);
    const records = parsed.resource?.tencentcloud_dnspod_record ?? {};
    expect(records.flash_example_co_id_127_77_1_2).toMatchObject([{ status: 'ENABLE' }]);
    expect(records.flash_example_co_id_127_77_1_1).toMatchObject([
      {
        status: 'DISABLE',
        depends_on: [ref('tencentcloud_dnspod_record.flash_example_co_id_127_77_1_2')],
      },
    ]);
    expect(parsed.import).toContainEqual({
      to: ref('tencentcloud_dnspod_record.flash_example_co_id_127_77_1_1'),
      id: 'example.co.id#12',
    });
  });

  it('moves the names of a wave after those of the wave before', async () => {
    const estate = testEstate({
      records: ['flash', 'shop', 'pay'].map((name, nth) => testRecord(12 + nth, name, '127.77.1.1')),
    });
    const waves = [['flash.example.co.id'], ['shop.example.co.id', 'pay.example.co.id']];
    const parsed = await readHcl(
      buildText(createTestPlan({ estate, diversion: testWaves(waves), keepAliveS: 75 }), estate),
    );
    checkAgainstDocumentation(parsed);
    const address = (name: string, vip: number) =>
      ref(`tencentcloud_dnspod_record.${name}_example_co_id_127_77_1_${vip}`);
    const records = parsed.resource?.tencentcloud_dnspod_record ?? {};
    const needs = (name: string) => records[`${name}_example_co_id_127_77_1_2`]?.[0]?.depends_on ?? [];
    const first = [address('flash', 2), address('flash', 1)];
    for (const name of ['shop', 'pay']) expect(needs(name)).toEqual(expect.arrayContaining(first));
    for (const each of ['flash', 'shop', 'pay'])
      for (const vip of [1, 2]) {
        expect(needs('flash')).not.toContain(address(each, vip));
        if (each !== 'flash') expect(needs('shop')).not.toContain(address(each, vip));
      }
  });

  it('writes the certificate of a domain on a listener with SNI, and no other one', async () => {
    const listeners = [
      testListener('lb-cvm'),
      testListener('lb-scf', { protocol: 'HTTPS', sniSwitch: true }),
    ];
    const estate = testEstate({ listeners });
    const rule = { kind: 'new', url: '/', certificateId: 'cert-1' };
    const plan = createTestPlan({ estate, diversion: testSplit({ rule }), keepAliveS: 75 });
    const parsed = await readHcl(buildText(plan, estate));
    checkAgainstDocumentation(parsed);
    const shown = { certificate_id: 'cert-1', certificate_ssl_mode: 'UNIDIRECTIONAL' };
    expect(parsed.resource?.tencentcloud_clb_listener_rule?.flash_example_co_id).toMatchObject([shown]);
    const made = testRule('loc-1', 'lb-scf', 'flash.example.co.id', { certificateIds: ['cert-1'] });
    const after = await readHcl(buildText(plan, testEstate({ listeners, rules: [made] })));
    expect(after.resource?.tencentcloud_clb_listener_rule?.flash_example_co_id).toMatchObject([shown]);
    const plain = await readHcl(buildText(plan, testEstate({ rules: [made] })));
    const [body] = plain.resource?.tencentcloud_clb_listener_rule?.flash_example_co_id ?? [];
    expect(body).not.toHaveProperty('certificate_id');
  });

  it('creates a load balancer and a listener, and refers to their future attributes', async () => {
    const [loadBalancerId, listenerId] = ['@sale', '@sale-http'];
    const creates = {
      loadBalancers: [
        { id: loadBalancerId, name: 'sale-night', region: 'ap-singapore', network: 'OPEN', vpcId: 'vpc-1' },
      ],
      listeners: [{ id: listenerId, loadBalancerId, name: 'http', protocol: 'HTTP', port: 80 }],
    };
    const { name, kind, routes } = testSplit({ loadBalancerId, listenerId, provisioned: 3 });
    const diversion = SplitDiversion.parse({ name, kind, routes, creates });
    const estate = testEstate();
    const plan = createTestPlan({ estate, diversion, keepAliveS: 75 });
    const parsed = await readHcl(buildText(plan, estate));
    checkAgainstDocumentation(parsed);
    const provider = ref('tencentcloud.ap_singapore');
    expect(parsed.resource).toMatchObject({
      tencentcloud_clb_instance: {
        sale_night: [
          {
            provider,
            clb_name: 'sale-night',
            network_type: 'OPEN',
            vpc_id: 'vpc-1',
            dynamic_vip: true,
            internet_bandwidth_max_out: 200,
            internet_charge_type: 'TRAFFIC_POSTPAID_BY_HOUR',
          },
        ],
      },
      tencentcloud_clb_listener: {
        sale_http_80: [
          {
            clb_id: ref('tencentcloud_clb_instance.sale_night.id'),
            listener_name: 'http',
            protocol: 'HTTP',
            port: 80,
          },
        ],
      },
      tencentcloud_clb_listener_rule: {
        flash_example_co_id: [{ listener_id: ref('tencentcloud_clb_listener.sale_http_80.listener_id') }],
      },
      tencentcloud_scf_provisioned_concurrency_config: {
        flash_storefront_1: [
          {
            function_name: 'storefront',
            namespace: 'flash',
            qualifier: '1',
            version_provisioned_concurrency_num: 3,
          },
        ],
      },
    });
    const records = Object.values(parsed.resource?.tencentcloud_dnspod_record ?? {}).flat();
    expect(records).toContainEqual(
      expect.objectContaining({
        record_type: 'CNAME',
        value: ref('tencentcloud_clb_instance.sale_night.domain'),
      }),
    );

    // Once they exist, they are imported.
    const after = testEstate({
      loadBalancers: [
        ...estate.loadBalancers,
        testLoadBalancer('lb-new', { name: 'sale-night', domain: 'sale.clb.example.net', vips: [] }),
      ],
      listeners: [...estate.listeners, testListener('lb-new')],
      rules: [...estate.rules, testRule('loc-new', 'lb-new', 'flash.example.co.id')],
    });
    const again = await readHcl(buildText(plan, after));
    checkAgainstDocumentation(again);
    expect(again.import?.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['lb-new', 'lb-new#lbl-lb-new', 'lb-new#lbl-lb-new#loc-new']),
    );
  });

  it('property: writes the final state of each object with documented arguments, with or without a snapshot', async () => {
    const counts = (states: readonly ObjectState[]) =>
      states.reduce((sum, state) => {
        if (state.kind === 'recordSet') return sum + state.records.length;
        if (state.kind !== 'rule') return sum + Number(!isAbsent(state) && !isNone(state));
        if (!state.exists) return sum;
        return sum + 1 + Number(state.targets.length > 0) + Number(state.functions.length > 0);
      }, 0);
    await fc.assert(
      fc.asyncProperty(anyPlan, async (plan) => {
        const parsed = await readHcl(buildText(plan));
        checkAgainstDocumentation(parsed);
        expect(resourcesOf(parsed)).toHaveLength(counts(resourcesTouchedBy(plan).map(({ end }) => end)));
      }),
      { numRuns: 50 },
    );
  });

  it('property: never interprets text as an expression', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const parsed = (await parse('a.tf', `a = ${hclString(text)}\n`)) as { a: string };
        // The parser returns templates in their source form.
        expect(parsed.a.replace(/([$%])\1(?=\{)/g, '$1')).toBe(text.normalize('NFC'));
        const plan = createTestPlan({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 });
        const odd = await readHcl(buildText(plan, null, text));
        expect(odd).toEqual(await readHcl(buildText(plan)));
      }),
      { numRuns: 60 },
    );
  });
});
