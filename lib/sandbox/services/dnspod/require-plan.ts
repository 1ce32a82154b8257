import { ApiError } from '../../api/api-error';
import type { PlanName } from '../../world/dnspod';
import { findPlanName } from './plans';

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
