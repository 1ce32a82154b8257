import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import { modifyResourceTags, tagResources, unTagResources } from './change-tags';
import { describeResourceTags, describeResourceTagsByResourceIds, getResources } from './resource-lists';
import { describeTags, getTagKeys, getTagValues } from './tag-lists';

export const tagActions: Actions = {
  DescribeTags: describeTags,
  GetTagKeys: getTagKeys,
  GetTagValues: getTagValues,
  GetResources: getResources,
  DescribeResourceTags: describeResourceTags,
  DescribeResourceTagsByResourceIds: describeResourceTagsByResourceIds,
  TagResources: tagResources,
  UnTagResources: unTagResources,
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

const categories = ['Custom', 'System', 'All'];

const tokens = (source: string): ValueRule[] => [
  { field: 'MaxResults', range: [1, 1000], code: 'InvalidParameter', source },
  { field: 'Category', oneOf: categories, code: 'InvalidParameter', source },
];

/** Up to ten resources and ten tags per request; keys of up to 127 characters, values of up to 255. */
const changes = (tags: string, source: string): ValueRule[] => [
  { field: 'ResourceList', items: [1, 10], code: 'LimitExceeded.ResourceNumPerRequest', source },
  { field: tags, items: [1, 10], code: 'LimitExceeded.TagNumPerRequest', source },
  {
    field: `${tags}[].TagKey`,
    length: [1, 127],
    code: 'InvalidParameterValue.TagKeyLengthExceeded',
    source: 'https://cloud.tencent.com/document/product/651/13354',
  },
  {
    field: `${tags}[].TagValue`,
    length: [1, 255],
    code: 'InvalidParameterValue.TagValueLengthExceeded',
    source: 'https://cloud.tencent.com/document/product/651/13354',
  },
];

const tagsPage = 'https://cloud.tencent.com/document/api/651/35316';
const keysPage = 'https://cloud.tencent.com/document/api/651/72277';
const valuesPage = 'https://www.tencentcloud.com/document/api/651/46537';
const resourcesPage = 'https://www.tencentcloud.com/document/api/651/46539';
const idsPage = 'https://cloud.tencent.com/document/api/651/35319';
const untagPage = 'https://cloud.tencent.com/document/api/651/72279';

export const tagValues: ValueRules = {
  DescribeTags: paging(tagsPage),
  GetTagKeys: tokens(keysPage),
  GetTagValues: [
    ...tokens(valuesPage),
    { field: 'TagKeys', items: [1, 20], code: 'InvalidParameter', source: valuesPage },
  ],
  GetResources: [
    {
      field: 'ResourceList',
      items: [0, 10],
      code: 'LimitExceeded.ResourceNumPerRequest',
      source: resourcesPage,
    },
    {
      field: 'TagFilters',
      items: [0, 6],
      code: 'InvalidParameterValue.TagFiltersLengthExceeded',
      source: resourcesPage,
    },
    {
      field: 'TagFilters[].TagValue',
      items: [0, 10],
      code: 'InvalidParameterValue.TagFilters',
      source: resourcesPage,
    },
    { field: 'MaxResults', range: [1, 200], code: 'InvalidParameter', source: resourcesPage },
  ],
  DescribeResourceTags: paging('https://cloud.tencent.com/document/api/651/43044'),
  DescribeResourceTagsByResourceIds: [
    ...paging(idsPage),
    { field: 'ResourceIds', items: [0, 50], code: 'LimitExceeded.ResourceNumPerRequest', source: idsPage },
    { field: 'Category', oneOf: categories, code: 'InvalidParameter', source: idsPage },
  ],
  TagResources: changes('Tags', 'https://cloud.tencent.com/document/api/651/72280'),
  UnTagResources: [
    { field: 'ResourceList', items: [1, 10], code: 'LimitExceeded.ResourceNumPerRequest', source: untagPage },
    { field: 'TagKeys', items: [1, 10], code: 'LimitExceeded.TagNumPerRequest', source: untagPage },
  ],
  ModifyResourceTags: changes('ReplaceTags', 'https://cloud.tencent.com/document/api/651/35322'),
};
