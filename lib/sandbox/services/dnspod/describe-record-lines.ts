import type { LineItem } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { mayUseLine } from '@/lib/sandbox/model/dns/check-record';
import { type Line, lineChain, lines } from '@/lib/sandbox/model/dns/lines';
import { findPlanName } from '@/lib/sandbox/model/dns/plans';
import { recordTypes } from '@/lib/sandbox/model/dns/record-value';
import type { PlanName, WorldZone } from '../../world/dnspod';
import { action, type WithFields, type WithNull } from '../action';
import { requireZone } from './find-objects';

/**
 * Lists record types: https://cloud.tencent.com/document/api/1427/56165. Assumption: every plan has the types of the
 * official example.
 */
export const describeRecordType = action<'dnspod.DescribeRecordType'>((request) => {
  requirePlan(request.DomainGrade);
  return { TypeList: [...recordTypes] };
});

/**
 * Lists the lines of a plan: https://cloud.tencent.com/document/api/1427/56167. Lines of other carriers' provinces and
 * groups of lines are not in the sandbox: their ids are not published.
 */
export const describeRecordLineList = action<'dnspod.DescribeRecordLineList'>((request, context) => {
  requireZone(context, request);
  const grade = requirePlan(request.DomainGrade);
  return {
    LineList: lines
      .filter((line) => mayUseLine({ grade }, line.id))
      .map((line) => ({ Name: line.name, LineId: line.id })),
    LineGroupList: [],
  };
});

type LineAnswer = WithFields<
  WithNull<LineItem, 'LineId' | 'Grade' | 'Lines'>,
  { SubGroup: LineAnswer[] | null }
>;
type CategoryAnswer = { LineList: LineAnswer[] };

function lineAnswer(zone: WorldZone, line: Line, below: readonly Line[]): LineAnswer {
  const plain = (each: Line): LineAnswer => ({
    LineName: each.name,
    LineId: each.id,
    Grade: each.plan,
    Useful: mayUseLine(zone, each.id),
    SubGroup: null,
    Lines: null,
  });
  return below.length === 0 ? plain(line) : { ...plain(line), SubGroup: [line, ...below].map(plain) };
}

/** The lines that have their own heading: carriers and search engines represent the lines that they contain. */
const headings = lines.filter(({ id }) => /^(0|3=0|7=0|80=0|10=\d+)$/.test(id));

/**
 * Lists lines by category: https://cloud.tencent.com/document/api/1427/104320. As in its example, a heading with
 * several lines is its own first line.
 */
export const describeRecordLineCategoryList = action<'dnspod.DescribeRecordLineCategoryList', CategoryAnswer>(
  (request, context) => {
    const zone = requireZone(context, request);
    const below = (heading: Line) =>
      lines.filter((line) => !headings.includes(line) && lineChain(line.id).includes(heading.id));
    const widest = ['0', '7=0'];
    return {
      LineList: headings.map((heading) =>
        lineAnswer(zone, heading, widest.includes(heading.id) ? [] : below(heading)),
      ),
    };
  },
);

/**
 * Returns the plan of a `DomainGrade`, in upper or lower case. @throws ApiError
 * InvalidParameterValue.DomainGradeInvalid
 */
function requirePlan(code: string): PlanName {
  const name = findPlanName(code);
  if (name === null) {
    throw new ApiError(
      'InvalidParameterValue.DomainGradeInvalid',
      `The parameter \`DomainGrade\` names no plan: ${code}.`,
    );
  }
  return name;
}
