import type { Code } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_models';
import { ApiError } from '@/lib/sandbox/model/api-error';

/** A zip starts with a local file header, or with the end record if it is empty. */
const magics = ['504b0304', '504b0506'];

/** Returns the size of a base64 text's bytes. */
export function zipBytes(base64: string): number {
  return Buffer.byteLength(base64, 'base64');
}

/**
 * Checks code sent as `ZipFile`.
 * @param maxMb the action's limit: 50 MB on creation, 20 MB on update
 * (https://cloud.tencent.com/document/api/583/17244)
 * @throws ApiError InvalidParameterValue.ZipFileBase64BinasciiError, InvalidParameterValue.ZipFile
 */
function checkZip(base64: string, maxMb: number): string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new ApiError(
      'InvalidParameterValue.ZipFileBase64BinasciiError',
      'The parameter `ZipFile` is not base64.',
    );
  }
  const bytes = Buffer.from(base64, 'base64');
  if (!magics.includes(bytes.subarray(0, 4).toString('hex'))) {
    throw new ApiError('InvalidParameterValue.ZipFile', 'The parameter `ZipFile` is not a zip file.');
  }
  if (bytes.byteLength > maxMb * 1024 * 1024) {
    throw new ApiError('InvalidParameterValue.ZipFile', `The zip file is larger than ${maxMb} MB.`);
  }
  return base64;
}

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
