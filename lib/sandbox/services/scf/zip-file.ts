import { ApiError } from '@/lib/sandbox/model/api-error';

/** A zip begins with a local file header, or with the end record when it is empty. */
const magics = ['504b0304', '504b0506'];

/** Returns the size of a base64 text's bytes. */
export function zipBytes(base64: string): number {
  return Buffer.byteLength(base64, 'base64');
}

/**
 * Checks code sent as `ZipFile`.
 * @param maxMb the action's limit: 50 MB on creation, 20 MB on update (https://cloud.tencent.com/document/api/583/17244)
 * @throws ApiError InvalidParameterValue.ZipFileBase64BinasciiError, InvalidParameterValue.ZipFile
 */
export function checkZip(base64: string, maxMb: number): string {
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
