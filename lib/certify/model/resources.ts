import { z } from 'zod';
import { type Account, must, waitMs } from './account';
import { namePrefix, tagKey } from './workspace';

/** A resource that a run of certify has created; the kinds are in the order in which they must be removed. */
export type CertifyResource =
  | { readonly kind: 'load balancer'; readonly id: string; readonly name: string }
  | { readonly kind: 'target group'; readonly id: string; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'DNS record'; readonly zone: string; readonly id: number; readonly name: string };

const pageSize = 100;

/** Reads every page of a list. */
async function pages<T>(read: (offset: number) => Promise<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for (;;) {
    const page = await read(all.length);
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}

/**
 * Returns what runs of certify have left in the region and the zone. A name alone is not trusted where the cloud keeps
 * tags: load balancers and functions must also carry the tag.
 * @param prefix of one run's names, or of all runs' names
 * @param zone null = do not look for DNS records
 */
export async function findResources(
  account: Account,
  prefix: string,
  zone: string | null,
): Promise<readonly CertifyResource[]> {
  if (!prefix.startsWith(namePrefix)) throw new Error(`${prefix} is no prefix of certify's own names`);
  const loadBalancers = await pages(async (offset) => {
    const found = await must(
      account,
      'clb',
      'DescribeLoadBalancers',
      { Offset: offset, Limit: pageSize },
      z.object({
        LoadBalancerSet: z.array(
          z.object({
            LoadBalancerId: z.string(),
            LoadBalancerName: z.string(),
            Tags: z.array(z.object({ TagKey: z.string() })).nullish(),
          }),
        ),
      }),
    );
    return found.LoadBalancerSet;
  });
  const groups = await pages(async (offset) => {
    const found = await must(
      account,
      'clb',
      'DescribeTargetGroups',
      { Offset: offset, Limit: pageSize },
      z.object({
        TargetGroupSet: z.array(z.object({ TargetGroupId: z.string(), TargetGroupName: z.string() })),
      }),
    );
    return found.TargetGroupSet;
  });
  const functions = await pages(async (offset) => {
    const found = await must(
      account,
      'scf',
      'ListFunctions',
      { Namespace: 'default', SearchKey: prefix, Offset: offset, Limit: pageSize },
      z.object({
        Functions: z.array(
          z.object({
            FunctionName: z.string(),
            Tags: z.array(z.object({ Key: z.string() })).nullish(),
          }),
        ),
      }),
    );
    return found.Functions;
  });
  return [
    ...loadBalancers
      .filter((each) => each.LoadBalancerName.startsWith(prefix))
      .filter((each) => each.Tags?.some((tag) => tag.TagKey === tagKey))
      .map(
        (each): CertifyResource => ({
          kind: 'load balancer',
          id: each.LoadBalancerId,
          name: each.LoadBalancerName,
        }),
      ),
    ...groups
      .filter((each) => each.TargetGroupName.startsWith(prefix))
      .map(
        (each): CertifyResource => ({
          kind: 'target group',
          id: each.TargetGroupId,
          name: each.TargetGroupName,
        }),
      ),
    ...functions
      .filter((each) => each.FunctionName.startsWith(prefix))
      .filter((each) => each.Tags?.some((tag) => tag.Key === tagKey))
      .map((each): CertifyResource => ({ kind: 'function', name: each.FunctionName })),
    ...(zone === null ? [] : await findRecords(account, prefix, zone)),
  ];
}

async function findRecords(
  account: Account,
  prefix: string,
  zone: string,
): Promise<readonly CertifyResource[]> {
  const answer = await account.call('dnspod', 'DescribeRecordList', {
    Domain: zone,
    Keyword: prefix,
    Limit: 3000,
  });
  if (!answer.ok) {
    // DNSPod's code for no match: https://cloud.tencent.com/document/api/1427/56166
    if (answer.code.startsWith('ResourceNotFound')) return [];
    throw new Error(
      `DescribeRecordList was refused: ${answer.code}: ${answer.message} (request ${answer.requestId})`,
    );
  }
  const { RecordList: records } = z
    .object({ RecordList: z.array(z.object({ RecordId: z.number(), Name: z.string() })) })
    .parse(answer.body);
  return records
    .filter((record) => record.Name.startsWith(prefix))
    .map((record): CertifyResource => ({ kind: 'DNS record', zone, id: record.RecordId, name: record.Name }));
}

/**
 * The number of attempts at a removal while the cloud refuses it: a load balancer may still be working on its last
 * task.
 */
const attemptsMax = 30;
const pauseMs = (attempt: number) => Math.min(1000, 50 * attempt);

/**
 * Removes these resources, load balancers first, so that functions and target groups are no longer in use.
 * @returns what could not be removed, with the cloud's reason
 */
export async function removeResources(
  account: Account,
  resources: readonly CertifyResource[],
): Promise<readonly { readonly resource: CertifyResource; readonly why: string }[]> {
  const left: { resource: CertifyResource; why: string }[] = [];
  for (const resource of resources) {
    const why = await remove(account, resource);
    if (why !== null) left.push({ resource, why });
  }
  return left;
}

const gone = /^(ResourceNotFound|InvalidParameter\.LBIdNotFound|InvalidParameter\.RecordIdInvalid)/;

async function remove(account: Account, resource: CertifyResource): Promise<string | null> {
  if (resource.kind === 'load balancer') {
    // A probe of delete protection may have been interrupted.
    const request = { LoadBalancerId: resource.id, DeleteProtect: false };
    const answer = await account.call('clb', 'ModifyLoadBalancerAttributes', request);
    if (answer.ok) await untilTaskEnds(account, answer.requestId);
  }
  for (let attempt = 1; ; attempt += 1) {
    const answer = await removeOnce(account, resource);
    if (answer.ok || gone.test(answer.code)) return null;
    if (attempt >= attemptsMax) return `${answer.code}: ${answer.message} (request ${answer.requestId})`;
    await waitMs(pauseMs(attempt));
  }
}

async function removeOnce(account: Account, resource: CertifyResource) {
  switch (resource.kind) {
    case 'load balancer': {
      const answer = await account.call('clb', 'DeleteLoadBalancer', { LoadBalancerIds: [resource.id] });
      if (answer.ok) await untilTaskEnds(account, answer.requestId);
      return answer;
    }
    case 'target group':
      return account.call('clb', 'DeleteTargetGroups', { TargetGroupIds: [resource.id] });
    case 'function':
      return account.call('scf', 'DeleteFunction', { FunctionName: resource.name, Namespace: 'default' });
    case 'DNS record':
      return account.call('dnspod', 'DeleteRecord', { Domain: resource.zone, RecordId: resource.id });
  }
}

async function untilTaskEnds(account: Account, taskId: string): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const answer = await account.call('clb', 'DescribeTaskStatus', { TaskId: taskId });
    if (!answer.ok || z.object({ Status: z.number() }).parse(answer.body).Status !== 2) return;
    await waitMs(pauseMs(attempt));
  }
}

/** Describes a resource in one line. */
export function describeResource(resource: CertifyResource): string {
  switch (resource.kind) {
    case 'function':
      return `function ${resource.name}`;
    case 'DNS record':
      return `DNS record ${resource.name}.${resource.zone} (${resource.id})`;
    default:
      return `${resource.kind} ${resource.name} (${resource.id})`;
  }
}
