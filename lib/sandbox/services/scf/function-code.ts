import type { Code } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { checkZip } from './zip-file';

/** Other sources of code: the sandbox does not have these. */
const elsewhere = [
  'CosBucketName',
  'CosObjectName',
  'DemoId',
  'TempCosObjectName',
  'GitUrl',
  'ImageConfig',
] as const;

/**
 * Returns the code in a request, as base64 of a zip: https://cloud.tencent.com/document/api/583/17244#Code.
 * @param maxMb the action's limit
 * @throws ApiError MissingParameter.Code, InvalidParameterValue.…
 */
export function toCode(code: Code, source: string | undefined, maxMb: number): string {
  const other = elsewhere.find((field) => code[field] !== undefined);
  if (other && code.ZipFile !== undefined) {
    throw new ApiError(
      'InvalidParameterValue.Code',
      `\`Code\` has both \`ZipFile\` and \`${other}\`; it takes one.`,
    );
  }
  if (other || (source !== undefined && source !== 'ZipFile')) {
    const field = other ?? 'CodeSource';
    const coded = other === 'CosBucketName' || other === 'CosObjectName' ? other : 'Code';
    throw new ApiError(
      `InvalidParameterValue.${coded}`,
      `\`${field}\` names code that the sandbox can’t read; send it as \`ZipFile\` (base64 of a zip).`,
    );
  }
  if (code.ZipFile === undefined) {
    throw new ApiError(
      'MissingParameter.Code',
      'The request is missing the code: `ZipFile`, base64 of a zip.',
    );
  }
  return checkZip(code.ZipFile, maxMb);
}
