import { z } from 'zod';
import { hasScf } from '@/lib/estate/facts/regions';
import { type Account, must, waitMs } from './account';
import { type CertifyResource, namePrefix, tagKey } from './workspace';

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

/** The resources that runs have left, and a line for each list that could not be read. */
type LeftOvers = { readonly found: readonly CertifyResource[]; readonly unread: readonly string[] };

/**
 * Returns what runs of certify have left in the region and the zone. A name alone is not trusted where the cloud keeps
 * tags: load balancers, target groups and functions must also carry the tag. A list that can't be read doesn't hide the
 * others.
 * @param prefix of one run's names, or of all runs' names
 * @param zone null = do not look for DNS records
 */
export async function findResources(
  account: Account,
  prefix: string,
  zone: string | null,
): Promise<LeftOvers> {
  if (!prefix.startsWith(namePrefix)) throw new Error(`${prefix} is no prefix of certify's own names`);
  const lists: readonly (readonly [string, Promise<readonly CertifyResource[]>])[] = [
    ['load balancers', findLoadBalancers(account, prefix)],
    ['target groups', findTargetGroups(account, prefix)],
    ['functions', findFunctions(account, prefix)],
    ...(zone === null ? [] : ([[`DNS records of ${zone}`, findRecords(account, prefix, zone)]] as const)),
  ];
  const read = await Promise.allSettled(lists.map(([, list]) => list));
  return {
    found: read.flatMap((each) => (each.status === 'fulfilled' ? each.value : [])),
    unread: read.flatMap((each, index) =>
      each.status === 'rejected' ? [`the ${lists[index]?.[0]} could not be listed: ${each.reason}`] : [],
    ),
  };
}

async function findLoadBalancers(account: Account, prefix: string): Promise<readonly CertifyResource[]> {
  const shape = z.object({
    LoadBalancerSet: z.array(
      z.object({
        LoadBalancerId: z.string(),
        LoadBalancerName: z.string(),
        Tags: z.array(z.object({ TagKey: z.string() })).nullish(),
      }),
    ),
  });
  const all = await pages(async (Offset) => {
    const page = { Offset, Limit: pageSize };
    return (await must(account, 'clb', 'DescribeLoadBalancers', page, shape)).LoadBalancerSet;
  });
  return all
    .filter((each) => each.LoadBalancerName.startsWith(prefix))
    .filter((each) => each.Tags?.some((tag) => tag.TagKey === tagKey))
    .map(({ LoadBalancerId: id, LoadBalancerName: name }) => ({ kind: 'load balancer', id, name }));
}

async function findTargetGroups(account: Account, prefix: string): Promise<readonly CertifyResource[]> {
  const shape = z.object({
    TargetGroupSet: z.array(
      z.object({
        TargetGroupId: z.string(),
        TargetGroupName: z.string(),
        Tag: z.array(z.object({ TagKey: z.string() })).nullish(),
      }),
    ),
  });
  const all = await pages(async (Offset) => {
    const page = { Offset, Limit: pageSize };
    return (await must(account, 'clb', 'DescribeTargetGroups', page, shape)).TargetGroupSet;
  });
  return all
    .filter((each) => each.TargetGroupName.startsWith(prefix))
    .filter((each) => each.Tag?.some((tag) => tag.TagKey === tagKey))
    .map(({ TargetGroupId: id, TargetGroupName: name }) => ({ kind: 'target group', id, name }));
}

async function findFunctions(account: Account, prefix: string): Promise<readonly CertifyResource[]> {
  // Nor are there any in a region without functions, which refuses the call.
  if (!hasScf(account.region)) return [];
  const shape = z.object({
    Functions: z.array(
      z.object({ FunctionName: z.string(), Tags: z.array(z.object({ Key: z.string() })).nullish() }),
    ),
  });
  const all = await pages(async (Offset) => {
    const page = { Namespace: 'default', SearchKey: prefix, Offset, Limit: pageSize };
    return (await must(account, 'scf', 'ListFunctions', page, shape)).Functions;
  });
  return all
    .filter((each) => each.FunctionName.startsWith(prefix))
    .filter((each) => each.Tags?.some((tag) => tag.Key === tagKey))
    .map(({ FunctionName: name }) => ({ kind: 'function', name }));
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
      // Without ForceDelete, 20 backends are too many: https://cloud.tencent.com/document/api/214/30689
      const request = { LoadBalancerIds: [resource.id], ForceDelete: true };
      const answer = await account.call('clb', 'DeleteLoadBalancer', request);
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
