/** The response as a client gets it: the fields inside `Response`. */
export type ExampleAnswer = Readonly<Record<string, unknown>>;

/** Objects of the account that the examples are mapped to; null where it has none. */
export type ExampleNames = {
  readonly region: string;
  readonly loadBalancer: string | null;
  /** A classic load balancer. */
  readonly classic: string | null;
  readonly vip: string | null;
  /** An HTTP listener of that load balancer, and one of its rules. */
  readonly listener: string | null;
  readonly rule: string | null;
  readonly domain: string | null;
  readonly function: string | null;
  readonly instance: string | null;
  readonly securityGroup: string | null;
  readonly zone: string | null;
  readonly record: number | null;
  /** A custom config of the kind SERVER. */
  readonly serverConfig: string | null;
  /** A sub-user with a policy attached. */
  readonly user: { readonly uin: number } | null;
  readonly policy: number | null;
  /** The ARN of a role that the key may assume. */
  readonly role: string | null;
};

/** A cloud to replay on, with the installed SDK. */
export type ExampleCloud = {
  readonly names: ExampleNames;
  /** Returns the time of its clock, in epoch milliseconds. */
  now(): number;
  /**
   * Sends one call, in the region of the names unless another is given.
   * @throws the SDK's exception
   */
  call(service: string, action: string, request?: object, region?: string): Promise<ExampleAnswer>;
  /** Sends a write and waits until its task has ended. */
  write(service: string, action: string, request: object): Promise<ExampleAnswer>;
};

/** One official example, adapted. */
export type Example = {
  readonly service: string;
  readonly action: string;
  readonly what: string;
  /** The required names. */
  readonly needs?: readonly (keyof ExampleNames)[];
  /** Read-only: may be replayed on a real account. */
  readonly readOnly?: true;
  /** Prepares the example's prerequisites, then sends its request. */
  replay(cloud: ExampleCloud): Promise<ExampleAnswer>;
};

/**
 * Returns a string of a response for a later request.
 * @throws Error when it is missing
 */
export function readText(answer: ExampleAnswer, field: string): string {
  const value = answer[field];
  const text = Array.isArray(value) ? value[0] : value;
  if (typeof text !== 'string') throw new Error(`the answer has no ${field}`);
  return text;
}

/** Creates a read-only example, with a request built from names. */
export function reading(
  service: string,
  action: string,
  what: string,
  request: (names: ExampleNames) => object = () => ({}),
  needs: readonly (keyof ExampleNames)[] = [],
): Example {
  const replay = (cloud: ExampleCloud) => cloud.call(service, action, request(cloud.names));
  return { service, action, what, needs, readOnly: true, replay };
}

/** Creates an example that writes. */
export function writing(
  service: string,
  action: string,
  what: string,
  replay: (cloud: ExampleCloud, send: (request: object) => Promise<ExampleAnswer>) => Promise<ExampleAnswer>,
): Example {
  return {
    service,
    action,
    what,
    replay: (cloud) => replay(cloud, (request) => cloud.write(service, action, request)),
  };
}
