import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import { modifyResourceTags } from './change-tags';
import { describeResourceTagsByResourceIds, describeTags } from './resource-lists';

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
