/**
 * A refusal in the cloud's own format: becomes `Response.Error` of the response. Codes are those of the public lists,
 * e.g. https://www.tencentcloud.com/document/product/1140/51177.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Refuses the value of a parameter. */
export const invalidValue = (message: string) => new ApiError('InvalidParameterValue', message);

/** Refuses a request that lacks a parameter. */
export const missingParameter = (message: string) => new ApiError('MissingParameter', message);
