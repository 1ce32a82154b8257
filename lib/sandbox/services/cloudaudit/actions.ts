import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import { type Actions, action } from '../action';
import { eventAnswer, eventAttributes, findEvents } from './find-events';

/** Lists events of spans of up to 30 days: https://cloud.tencent.com/document/api/629/54488. */
const describeEvents = action<'cloudaudit.DescribeEvents'>((request, context) => {
  const { account, now, secretIdOf } = context;
  const { page, next } = findEvents(account.auditEvents, request, request.NextToken ?? null, {
    now,
    secretIdOf,
  });
  return {
    ListOver: next === null,
    // The cloud returns a number even when there is no next page.
    NextToken: next ?? 0,
    Events: page.map((event) => eventAnswer(event, context)),
    TotalCount: page.length,
  };
});

export const cloudauditActions: Actions = { DescribeEvents: describeEvents };

const source = 'https://cloud.tencent.com/document/api/629/54488';

/** Codes: github.com/TencentCloud/tencentcloud-sdk-go, tencentcloud/cloudaudit/v20190319/errors.go. */
export const cloudauditValues: ValueRules = {
  DescribeEvents: [
    { field: 'MaxResults', range: [1, 50], code: 'InvalidParameterValue.MaxResult', source },
    {
      field: 'LookupAttributes[].AttributeKey',
      oneOf: Object.keys(eventAttributes),
      code: 'InvalidParameterValue.attributeKey',
      source,
    },
    { field: 'IsReturnLocation', oneOf: [0, 1], code: 'InvalidParameter', source },
  ],
};
