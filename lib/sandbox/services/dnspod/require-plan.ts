import { ApiError } from '@/lib/sandbox/model/api-error';
import { findPlanName } from '@/lib/sandbox/model/dns/plans';
import type { PlanName } from '../../world/dnspod';

/**
 * Returns the plan of a `DomainGrade`, in upper or lower case. @throws ApiError
 * InvalidParameterValue.DomainGradeInvalid
 */
export function requirePlan(code: string): PlanName {
  const name = findPlanName(code);
  if (name === null) {
    throw new ApiError(
      'InvalidParameterValue.DomainGradeInvalid',
      `The parameter \`DomainGrade\` names no plan: ${code}.`,
    );
  }
  return name;
}
