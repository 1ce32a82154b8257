import { ApiError } from '@/lib/sandbox/model/api-error';
import { mayUseLine } from '@/lib/sandbox/model/dns/check-record';
import { lines } from '@/lib/sandbox/model/dns/lines';
import { findPlanName } from '@/lib/sandbox/model/dns/plans';
import { action } from '../action';
import { requireZone } from './find-objects';

/**
 * Lists the lines of a plan: https://cloud.tencent.com/document/api/1427/56167. Lines of other carriers' provinces and
 * groups of lines are not in the sandbox: their ids are not published.
 */
export const describeRecordLineList = action<'dnspod.DescribeRecordLineList'>((request, context) => {
  requireZone(context, request);
  const grade = findPlanName(request.DomainGrade);
  if (grade === null) {
    throw new ApiError(
      'InvalidParameterValue.DomainGradeInvalid',
      `The parameter \`DomainGrade\` names no plan: ${request.DomainGrade}.`,
    );
  }
  return {
    LineList: lines
      .filter((line) => mayUseLine({ grade }, line.id))
      .map((line) => ({ Name: line.name, LineId: line.id })),
    LineGroupList: [],
  };
});
