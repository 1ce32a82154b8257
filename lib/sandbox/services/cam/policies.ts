import { ApiError } from '@/lib/sandbox/model/api-error';
import { cloudTime } from '@/lib/sandbox/world/clock';
import { findPolicy } from '../../world/policies';
import { action } from '../action';

/**
 * Returns a policy; its document is JSON text, as in the example: https://cloud.tencent.com/document/api/598/34574
 * @throws ApiError ResourceNotFound.PolicyIdNotFound
 */
export const getPolicy = action<'cam.GetPolicy'>((request, { account }) => {
  const policy = findPolicy(account, request.PolicyId);
  if (!policy) {
    throw new ApiError(
      'ResourceNotFound.PolicyIdNotFound',
      'The policy that `PolicyId` names does not exist.',
    );
  }
  return {
    PolicyName: policy.name,
    Description: policy.description,
    Type: policy.kind === 'User' ? 1 : 2,
    AddTime: cloudTime(policy.createdAt),
    UpdateTime: cloudTime(policy.createdAt),
    PolicyDocument: JSON.stringify(policy.document),
    PresetAlias: '',
    IsServiceLinkedRolePolicy: 0,
    Tags: [],
  };
});
