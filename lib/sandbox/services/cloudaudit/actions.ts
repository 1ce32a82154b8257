import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import { type Actions, action } from '../action';
import { eventAnswer, eventAttributes, findEvents } from './find-events';

/** Lists events of spans of up to 30 days: https://cloud.tencent.com/document/api/629/54488. */
const describeEvents = action<'cloudaudit.DescribeEvents'>((request, context) => {
  const { account, now, secretIdOf } = context;
  const limits = { mostDays: 30, now, secretIdOf };
  const { page, next } = findEvents(account.auditEvents, request, request.NextToken ?? null, limits);
  return {
    ListOver: next === null,
    // The cloud returns a number even when there is no next page.
    NextToken: next ?? 0,
    Events: page.map((event) => eventAnswer(event, context, 'seconds')),
    TotalCount: page.length,
  };
});

/**
 * LookUpEvents of github.com/TencentCloud/tencentcloud-cli, tccli/services/cloudaudit/v20190319/api.json. Spans of
 * up to 7 days: `LimitExceeded.OverTime` in github.com/TencentCloud/tencentcloud-sdk-go,
 * tencentcloud/cloudaudit/v20190319/errors.go.
 */
const lookUpEvents = action<'cloudaudit.LookUpEvents'>((request, context) => {
  const { account, now, secretIdOf } = context;
  const { NextToken: token = '' } = request;
  if (!/^\d{0,16}$/.test(token)) {
    throw new ApiError('InvalidParameter', 'The parameter `NextToken` must be one that an answer held.');
  }
  const after = token === '' ? null : Number(token);
  const { page, next } = findEvents(account.auditEvents, request, after, {
    mostDays: 7,
    now,
    secretIdOf,
  });
  return {
    ListOver: next === null,
    NextToken: next === null ? '' : String(next),
    Events: page.map((event) => eventAnswer(event, context, 'text')),
    TotalCount: page.length,
  };
});

export const cloudauditActions: Actions = { DescribeEvents: describeEvents, LookUpEvents: lookUpEvents };

/** Codes: github.com/TencentCloud/tencentcloud-sdk-go, tencentcloud/cloudaudit/v20190319/errors.go. */
const rules = (source: string): ValueRule[] => [
  { field: 'MaxResults', range: [1, 50], code: 'InvalidParameterValue.MaxResult', source },
  {
    field: 'LookupAttributes[].AttributeKey',
    oneOf: Object.keys(eventAttributes),
    code: 'InvalidParameterValue.attributeKey',
    source,
  },
];

const events = 'https://cloud.tencent.com/document/api/629/54488';
const lookUp =
  'https://github.com/TencentCloud/tencentcloud-cli/blob/master/tccli/services/cloudaudit/v20190319/api.json';

export const cloudauditValues: ValueRules = {
  DescribeEvents: [
    ...rules(events),
    { field: 'IsReturnLocation', oneOf: [0, 1], code: 'InvalidParameter', source: events },
  ],
  LookUpEvents: [
    ...rules(lookUp),
    { field: 'Mode', oneOf: ['standard', 'quick'], code: 'InvalidParameter', source: lookUp },
  ],
};
