import type { Estate } from '@/lib/estate/model';
import type { ObjectRef, ObjectState } from '@/lib/estate/object';
import { objectKey } from '@/lib/estate/object-state';
import type { Plan, Step, WriteStep } from '@/lib/plan/model/model';
import { type HeadFinding, hasLoss, listFindingLines } from '../head-finding';
import { attributes, type HclBody, type HclExpression, hclText } from './hcl';
import { Labels } from './labels';
import { listenerResource, loadBalancerResource, type Making, provisionedResources } from './made-resources';
import { Names } from './names';
import { recordResources } from './record-resources';
import { type Resource, resourceAddress, resourceBlocks } from './resource';
import { ruleResources } from './rule-resources';

/** DNSPod has no regions, but the provider requires one. */
const anyRegion = 'ap-guangzhou';

/** Returns the provider alias of a region: `ap-singapore` → `ap_singapore`. */
function regionAlias(region: string): string {
  return region.replace(/[^A-Za-z0-9]+/g, '_');
}

/**
 * Returns the provider requirement, and one provider per region.
 * https://developer.hashicorp.com/terraform/language/providers/configuration
 */
function providerBlocks(regions: readonly string[]): HclBody {
  const source = { expression: '{ source = "tencentcloudstack/tencentcloud", version = ">= 1.83.0" }' };
  const required = { block: 'required_providers', body: attributes({ tencentcloud: source }) };
  const variable = (name: string, region: string, description: string) => ({
    block: 'variable',
    labels: [name],
    body: attributes({ type: { expression: 'string' }, default: region, description }),
  });
  const variables = regions.map((region) =>
    variable(`region_${regionAlias(region)}`, region, `The region of what is in ${region}`),
  );
  const providers = regions.map((region) => ({
    block: 'provider',
    labels: ['tencentcloud'],
    body: attributes({
      alias: regionAlias(region),
      region: { expression: `var.region_${regionAlias(region)}` },
    }),
  }));
  return [
    {
      block: 'terraform',
      // The first version with import blocks. https://developer.hashicorp.com/terraform/language/import
      body: [{ name: 'required_version', value: '>= 1.5' }, required],
    },
    variable('region', regions[0] ?? anyRegion, 'For what has no region, such as DNS'),
    ...variables,
    {
      block: 'provider',
      labels: ['tencentcloud'],
      body: attributes({ region: { expression: 'var.region' } }),
    },
    ...providers,
  ];
}

/** The newest snapshot's data on existing objects. */
type Known = Pick<Estate, 'loadBalancers' | 'listeners' | 'rules' | 'records'>;
const nothing: Known = { loadBalancers: [], listeners: [], rules: [], records: [] };

/** Returns an object on load balancers or functions as resources; none for records, which come last. */
function resourcesAt(
  { object, start, end, steps }: TouchedResource,
  known: Known,
  making: Making,
): readonly Resource[] {
  const [first] = steps;
  switch (object.kind) {
    case 'loadBalancer':
      return first === undefined ? [] : [loadBalancerResource(object, first, known, making)];
    case 'listener':
      return first === undefined ? [] : [listenerResource(object, first, known, making)];
    case 'provisioned': {
      if (start.kind !== 'provisioned' || end.kind !== 'provisioned') return [];
      return provisionedResources(object, { start: start.instances, end: end.instances }, making);
    }
    case 'rule': {
      if (start.kind !== 'rule' || end.kind !== 'rule') return [];
      return ruleResources({ ref: object, start, end, steps }, known, making);
    }
    case 'recordSet':
      return [];
  }
}

/** Returns resources in the order of the plan: an object is created before others refer to it. */
function buildResources(plan: Plan, known: Known): readonly Resource[] {
  const touched = resourcesTouchedBy(plan);
  const [labels, names] = [new Labels(), new Names()];
  const bound = touched.flatMap((each) => {
    const alias = 'region' in each.object ? `.${regionAlias(each.object.region)}` : '';
    return resourcesAt(each, known, { provider: { expression: `tencentcloud${alias}` }, labels, names });
  });
  const after: readonly HclExpression[] = bound.map((each) => ({ expression: resourceAddress(each) }));
  const sets = touched.flatMap(({ object, end, steps }) =>
    object.kind === 'recordSet' && end.kind === 'recordSet'
      ? [{ set: object, end, steps, wave: steps[0]?.wave ?? 0 }]
      : [],
  );
  const records: Resource[] = [];
  let before: readonly HclExpression[] = [];
  // The names of a wave move after those of the previous wave.
  for (const wave of [...new Set(sets.map((set) => set.wave))].toSorted((a, b) => a - b)) {
    const making = { labels, names, after: [...after, ...before] };
    const own = sets
      .filter((set) => set.wave === wave)
      .flatMap((set) => recordResources(set, known.records, making));
    before = own.map((each) => ({ expression: resourceAddress(each) }));
    records.push(...own);
  }
  return [...bound, ...records];
}

/** Returns the regions of the load balancers and functions that a plan writes to. */
function listRegions(plan: Plan): readonly string[] {
  const regions = resourcesTouchedBy(plan).flatMap(({ object }) =>
    'region' in object ? [object.region] : [],
  );
  return [...new Set(regions)];
}

export type TerraformHead = {
  /** The name of the diversion, and its plan. */
  readonly title: string;
  readonly hash: string;
  readonly findings: readonly HeadFinding[];
};

/** A variable without a default, which takes only the plan hash: its user accepts the losses. */
function acceptBlock(hash: string): HclBody {
  const body = [
    ...attributes({
      type: { expression: 'string' },
      description: 'Clients get errors, see LOSSES at the top of this file. The plan hash accepts them.',
    }),
    {
      block: 'validation',
      body: attributes({
        condition: { expression: `var.spillway_accept == ${JSON.stringify(hash)}` },
        error_message: 'Set spillway_accept to the plan hash to accept the losses.',
      }),
    },
  ];
  return [{ block: 'variable', labels: ['spillway_accept'], body }];
}

function head({ title, hash, findings }: TerraformHead, plan: Plan, words: (step: Step) => string): string {
  const inTime = plan.steps.filter((step) => step.kind !== 'write');
  return [
    `${title}`,
    ...listFindingLines(findings),
    `Plan hash ${hash}, made from the estate of ${plan.estateTakenAt}.`,
    '',
    'What the plan leads to, for all that it writes to; what is there already is imported. Look at "terraform plan" first: it',
    'must destroy nothing and replace nothing. Once this is applied, Spillway finds the plan outdated.',
    '',
    'Terraform knows an order (depends_on), but no time. These parts of the plan are not in here:',
    ...(inTime.length === 0 ? ['  none'] : inTime.map((step) => `  ${step.id}  ${words(step)}`)),
    'A ramp is reduced to its last share, and a wave follows the one before at once. The rollback is not "terraform destroy", which would also delete what was there',
    'before: it has its own tccli script.',
  ]
    .map((line) => line.replace(/[\p{C}\u2028\u2029]+/gu, ' '))
    .join('\n');
}

/**
 * Writes the Terraform configuration of a plan's final state, with imports of existing objects, for the provider
 * tencentcloudstack/tencentcloud (https://registry.terraform.io/providers/tencentcloudstack/tencentcloud/latest/docs).
 * Pure.
 * @param estate the newest snapshot, for the ids of existing objects; null = only those in the plan itself
 * @param words describes a step in words
 */
export function terraformFile(input: {
  readonly head: TerraformHead;
  readonly plan: Plan;
  readonly estate: Known | null;
  readonly words: (step: Step) => string;
}): string {
  const { plan, estate, words } = input;
  const blocks = [
    ...providerBlocks(listRegions(plan)),
    ...(hasLoss(input.head.findings) ? acceptBlock(input.head.hash) : []),
    ...buildResources(plan, estate ?? nothing).flatMap(resourceBlocks),
  ];
  return [hclText([{ comment: head(input.head, plan, words) }]), hclText(blocks)].join('\n');
}

/** An object that a plan writes to: its state before and after, and the writes between. */
type TouchedResource = {
  readonly object: ObjectRef;
  readonly start: ObjectState;
  readonly end: ObjectState;
  readonly steps: readonly WriteStep[];
};

/** Returns all objects that a plan's apply writes to, in the order of the first write. */
export function resourcesTouchedBy({ steps }: Pick<Plan, 'steps'>): readonly TouchedResource[] {
  const found = new Map<string, TouchedResource>();
  for (const step of steps) {
    if (step.kind !== 'write') continue;
    const key = objectKey(step.object);
    const known = found.get(key);
    found.set(key, {
      object: step.object,
      start: known?.start ?? step.before,
      end: step.after,
      steps: [...(known?.steps ?? []), step],
    });
  }
  return [...found.values()];
}
