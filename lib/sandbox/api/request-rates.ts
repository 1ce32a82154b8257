import type { ApiRoute, ServiceName } from '@/lib/sandbox/model/dispatch';

/** Requests per second that one account may send of each action. */
type Rates = {
  /** Public address of the page. */
  readonly source: string;
  readonly bySecond: number;
  readonly actions: readonly string[];
};

/** The rate of most actions, and of those for which no page shows a figure. */
const commonRate = 20;

const scfPage = 'https://www.tencentcloud.com/document/product/583/17235';
const tagPage = 'https://www.tencentcloud.com/document/product/651/33003';
const dnspodPage = 'https://www.tencentcloud.com/document/api/1157/49025';

/**
 * Actions whose rate differs from the common one. All of CLB have the common one:
 * https://www.tencentcloud.com/document/api/214/33789; so have monitoring
 * (https://cloud.tencent.com/document/api/248/31014) and STS (https://cloud.tencent.com/document/api/1312/66098).
 */
const rates: Partial<Record<ServiceName, readonly Rates[]>> = {
  scf: [
    {
      source: scfPage,
      bySecond: 100,
      actions: ['CreateTrigger', 'DeleteTrigger', 'ListFunctions', 'DeleteFunction'],
    },
    {
      source: 'https://www.tencentcloud.com/document/api/583/18580',
      bySecond: 100,
      actions: ['UpdateFunctionConfiguration'],
    },
    { source: 'https://www.tencentcloud.com/document/api/583/17243', bySecond: 100, actions: ['Invoke'] },
    {
      source: 'https://www.tencentcloud.com/document/api/583/41408',
      bySecond: 10_000,
      actions: ['InvokeFunction'],
    },
  ],
  cvm: [
    {
      source: 'https://cloud.tencent.com/document/api/213/15728',
      bySecond: 40,
      actions: ['DescribeInstances'],
    },
  ],
  vpc: [
    {
      source: 'https://www.tencentcloud.com/document/api/215/15784',
      bySecond: 100,
      actions: ['DescribeSubnets'],
    },
    {
      source: 'https://www.tencentcloud.com/document/api/215/15804',
      bySecond: 100,
      actions: ['DescribeSecurityGroupPolicies'],
    },
  ],
  dnspod: [
    { source: dnspodPage, bySecond: 500, actions: ['CreateRecord', 'ModifyRecord', 'DeleteRecord'] },
    { source: dnspodPage, bySecond: 200, actions: ['DescribeRecord'] },
    { source: dnspodPage, bySecond: 100, actions: ['DescribeRecordList'] },
  ],
  cam: [
    {
      source: 'https://www.tencentcloud.com/document/api/598/44834',
      bySecond: 5,
      actions: ['ListAttachedUserAllPolicies'],
    },
  ],
  tag: [
    { source: tagPage, bySecond: 100, actions: ['DescribeResourceTagsByResourceIds'] },
    { source: tagPage, bySecond: 60, actions: ['DescribeTags'] },
  ],
};

const byAction: ReadonlyMap<string, number> = new Map(
  Object.entries(rates).flatMap(([service, rows]) =>
    rows.flatMap(({ bySecond, actions }) =>
      actions.map((action) => [`${service} ${action}`, bySecond] as const),
    ),
  ),
);

/** Returns the number of requests of an action that one account may send per second. */
export function permittedRate({ service, action }: ApiRoute): number {
  return byAction.get(`${service} ${action}`) ?? commonRate;
}
