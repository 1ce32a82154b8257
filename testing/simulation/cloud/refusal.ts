/** The cloud's refusal: an error with the fields of the SDK's own. */
export class CloudRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly requestId: string,
  ) {
    super(message);
  }
}

/** Creates a refusal of one request. */
export type Refuse = (code: string, message: string) => CloudRefusal;
