import { createHash } from 'node:crypto';
import type {
  Tag,
  TagResource,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/tag/v20180813/tag_models';
import { ApiError, missingParameter } from '@/lib/sandbox/model/api-error';
import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import { page } from '@/lib/sandbox/services/paging';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { type ActionContext, type Actions, action } from '../action';
import { findTagged, type TaggedResource, taggedResources } from './tagged-resources';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function listRows(resource: TaggedResource): TagResource[] {
  return Object.entries(resource.tags).map(([TagKey, TagValue]) => ({
    TagKey,
    TagValue,
    ResourceId: resource.id,
    ServiceType: resource.service,
    Category: 'Custom',
    TagKeyMd5: md5(TagKey),
    TagValueMd5: md5(TagValue),
  }));
}

/** The default and the maximum `Limit`; the pages give only the default. */
const limits = { fallback: 15, max: 1000 };

/** https://cloud.tencent.com/document/api/651/35319 */
const describeResourceTagsByResourceIds = action<'tag.DescribeResourceTagsByResourceIds'>(
  (request, { account }) => {
    const { Offset = 0, Limit = limits.fallback, Category: category } = request;
    const rows = taggedResources(account)
      .filter(
        (each) =>
          category !== 'System' &&
          each.service === request.ServiceType &&
          each.prefix === request.ResourcePrefix &&
          each.region === request.ResourceRegion &&
          request.ResourceIds.includes(each.id),
      )
      .flatMap(listRows);
    return { TotalCount: rows.length, Offset, Limit, Tags: page(rows, { Offset, Limit }, limits) };
  },
);

type Pair = { readonly TagKey: string; readonly TagValue: string; readonly Category: string };

/** All tags here were created by the customer; none is the cloud's own. */
const custom = 'Custom';

function listPairs(account: AccountWorld): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { tags } of taggedResources(account)) {
    for (const [TagKey, TagValue] of Object.entries(tags)) {
      pairs.set(`${TagKey}\n${TagValue}`, { TagKey, TagValue, Category: custom });
    }
  }
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}

/** https://cloud.tencent.com/document/api/651/35316 */
const describeTags = action<'tag.DescribeTags'>((request, { account }) => {
  const { TagKey: key, TagValue: value, TagKeys: keys, Offset = 0, Limit = limits.fallback } = request;
  const wanted = keys ?? (key === undefined ? undefined : [key]);
  const found = listPairs(account).filter(
    (pair) =>
      (wanted === undefined || wanted.includes(pair.TagKey)) &&
      (value === undefined || pair.TagValue === value),
  );
  return {
    TotalCount: found.length,
    Offset,
    Limit,
    // A tag in use can't be deleted.
    Tags: page(found, { Offset, Limit }, limits).map((pair) => ({
      ...pair,
      CanDelete: 0,
    })),
  };
});

/** https://cloud.tencent.com/document/product/651/13354 */
const tagsMax = 50;
const reserved = /^(qcloud|tencent|project)/i;

/** Checks the keys of tags. @throws ApiError InvalidParameterValue.TagKeyDuplicate, .ReservedTagKey */
function checkTags(field: string, tags: readonly Tag[]): void {
  const keys = tags.map((tag) => tag.TagKey);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) {
    throw new ApiError(
      'InvalidParameterValue.TagKeyDuplicate',
      `The parameter \`${field}\` has the key \`${twice}\` twice.`,
    );
  }
  const kept = keys.find((key) => reserved.test(key));
  if (kept === undefined) return;
  throw new ApiError(
    'InvalidParameterValue.ReservedTagKey',
    `The key \`${kept}\` of \`${field}\` begins with a word that is reserved: qcloud, tencent, project.`,
  );
}

/** Sets tags of a resource. @throws ApiError LimitExceeded.ResourceAttachedTags */
function setTags(resource: TaggedResource, tags: readonly Tag[]): void {
  const keys = new Set([...Object.keys(resource.tags), ...tags.map((tag) => tag.TagKey)]);
  if (keys.size > tagsMax) {
    throw new ApiError(
      'LimitExceeded.ResourceAttachedTags',
      `${resource.id} would have more than ${tagsMax} tags.`,
    );
  }
  for (const { TagKey: key, TagValue: value } of tags) resource.tags[key] = value;
}

/** Returns the resource with a name. @throws ApiError InvalidParameterValue.ResourceIdInvalid */
function requireTagged({ account }: ActionContext, field: string, name: string): TaggedResource {
  const found = findTagged(account, field, name);
  if (found) return found;
  throw new ApiError('InvalidParameterValue.ResourceIdInvalid', `The resource \`${name}\` does not exist.`);
}

/** Sets and removes tags of one resource in one call: https://cloud.tencent.com/document/api/651/35322. */
const modifyResourceTags = action<'tag.ModifyResourceTags'>((request, context) => {
  const { Resource: name, ReplaceTags: given = [], DeleteTags: taken = [] } = request;
  if (given.length === 0 && taken.length === 0) {
    throw missingParameter('The request is missing a required parameter: `ReplaceTags` or `DeleteTags`.');
  }
  checkTags('ReplaceTags', given);
  const both = taken.find(({ TagKey: key }) => given.some((tag) => tag.TagKey === key));
  if (both) {
    throw new ApiError(
      'InvalidParameterValue.DeleteTagsParamError',
      `The key \`${both.TagKey}\` is in both \`ReplaceTags\` and \`DeleteTags\`.`,
    );
  }
  const resource = requireTagged(context, 'Resource', name);
  setTags(resource, given);
  for (const { TagKey: key } of taken) delete resource.tags[key];
  context.applied(name);
  return {};
});

export const tagActions: Actions = {
  DescribeTags: describeTags,
  DescribeResourceTagsByResourceIds: describeResourceTagsByResourceIds,
  ModifyResourceTags: modifyResourceTags,
};

const paging = (source: string): ValueRule[] => [
  {
    field: 'Offset',
    range: [0, Number.MAX_SAFE_INTEGER],
    code: 'InvalidParameterValue.OffsetInvalid',
    source,
  },
  { field: 'Limit', range: [1, 1000], code: 'InvalidParameter', source },
];

const idsPage = 'https://cloud.tencent.com/document/api/651/35319';
const modifyPage = 'https://cloud.tencent.com/document/api/651/35322';
const keysPage = 'https://cloud.tencent.com/document/product/651/13354';

export const tagValues: ValueRules = {
  DescribeTags: paging('https://cloud.tencent.com/document/api/651/35316'),
  DescribeResourceTagsByResourceIds: [
    ...paging(idsPage),
    { field: 'ResourceIds', items: [0, 50], code: 'LimitExceeded.ResourceNumPerRequest', source: idsPage },
    {
      field: 'Category',
      oneOf: ['Custom', 'System', 'All'],
      code: 'InvalidParameter',
      source: idsPage,
    },
  ],
  // Up to ten tags per request; keys of up to 127 characters, values of up to 255.
  ModifyResourceTags: [
    { field: 'ReplaceTags', items: [1, 10], code: 'LimitExceeded.TagNumPerRequest', source: modifyPage },
    {
      field: 'ReplaceTags[].TagKey',
      length: [1, 127],
      code: 'InvalidParameterValue.TagKeyLengthExceeded',
      source: keysPage,
    },
    {
      field: 'ReplaceTags[].TagValue',
      length: [1, 255],
      code: 'InvalidParameterValue.TagValueLengthExceeded',
      source: keysPage,
    },
  ],
};
