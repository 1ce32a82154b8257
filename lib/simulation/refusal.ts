/** What the cloud says instead of doing it: an error with the fields that the SDK gives its own. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly requestId: string,
  ) {
    super(message);
  }
}

/** Makes a refusal of one request. */
export type Refuse = (code: string, message: string) => Refusal;
