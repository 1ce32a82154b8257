import type { Tag } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tag/v20180813/tag_models';
import { ApiError, missingParameter } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '../action';
import { findTagged, type TaggedResource } from './tagged-resources';

/** https://cloud.tencent.com/document/product/651/13354 */
const tagsMax = 50;
const reserved = /^(qcloud|tencent|project)/i;

/** Checks the keys of tags. @throws ApiError InvalidParameterValue.TagKeyDuplicate, .ReservedTagKey */
function checkTags(field: string, tags: readonly Tag[]): void {
  const keys = tags.map((tag) => tag.TagKey);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) {
    throw new ApiError(
      'InvalidParameterValue.TagKeyDuplicate',
      `The parameter \`${field}\` has the key \`${twice}\` twice.`,
    );
  }
  const kept = keys.find((key) => reserved.test(key));
  if (kept === undefined) return;
  throw new ApiError(
    'InvalidParameterValue.ReservedTagKey',
    `The key \`${kept}\` of \`${field}\` begins with a word that is reserved: qcloud, tencent, project.`,
  );
}

/** Sets tags of a resource. @throws ApiError LimitExceeded.ResourceAttachedTags */
function setTags(resource: TaggedResource, tags: readonly Tag[]): void {
  const keys = new Set([...Object.keys(resource.tags), ...tags.map((tag) => tag.TagKey)]);
  if (keys.size > tagsMax) {
    throw new ApiError(
      'LimitExceeded.ResourceAttachedTags',
      `${resource.id} would have more than ${tagsMax} tags.`,
    );
  }
  for (const { TagKey: key, TagValue: value } of tags) resource.tags[key] = value;
}

/** Returns the resource with a name. @throws ApiError InvalidParameterValue.ResourceIdInvalid */
function requireTagged({ account }: ActionContext, field: string, name: string): TaggedResource {
  const found = findTagged(account, field, name);
  if (found) return found;
  throw new ApiError('InvalidParameterValue.ResourceIdInvalid', `The resource \`${name}\` does not exist.`);
}

/** Sets and removes tags of one resource in one call: https://cloud.tencent.com/document/api/651/35322. */
export const modifyResourceTags = action<'tag.ModifyResourceTags'>((request, context) => {
  const { Resource: name, ReplaceTags: given = [], DeleteTags: taken = [] } = request;
  if (given.length === 0 && taken.length === 0) {
    throw missingParameter('The request is missing a required parameter: `ReplaceTags` or `DeleteTags`.');
  }
  checkTags('ReplaceTags', given);
  const both = taken.find(({ TagKey: key }) => given.some((tag) => tag.TagKey === key));
  if (both) {
    throw new ApiError(
      'InvalidParameterValue.DeleteTagsParamError',
      `The key \`${both.TagKey}\` is in both \`ReplaceTags\` and \`DeleteTags\`.`,
    );
  }
  const resource = requireTagged(context, 'Resource', name);
  setTags(resource, given);
  for (const { TagKey: key } of taken) delete resource.tags[key];
  context.applied(name);
  return {};
});
