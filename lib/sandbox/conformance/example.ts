/** What a client gets: the fields inside `Response`. */
export type Answer = Readonly<Record<string, unknown>>;

/** Objects of the account that the examples are mapped to; null where it has none. */
export type Names = {
  readonly region: string;
  readonly loadBalancer: string | null;
  /** One of the classic kind. */
  readonly classic: string | null;
  readonly vip: string | null;
  /** An HTTP listener of that load balancer, and a rule of it. */
  readonly listener: string | null;
  readonly rule: string | null;
  readonly domain: string | null;
  readonly function: string | null;
  readonly instance: string | null;
  readonly securityGroup: string | null;
  readonly zone: string | null;
  readonly record: number | null;
  readonly targetGroup: string | null;
  /** A custom config of the kind SERVER. */
  readonly serverConfig: string | null;
  /** A sub-user, with a policy attached, and a group of such. */
  readonly user: { readonly uin: number; readonly uid: number; readonly name: string } | null;
  readonly policy: number | null;
  readonly userGroup: number | null;
};

/** A cloud to replay on, with the SDK as it is installed. */
export type Cloud = {
  readonly names: Names;
  /** What its clock shows, in epoch milliseconds. */
  now(): number;
  /** One call, in the region of the names unless another is given. @throws the SDK's exception */
  call(service: string, action: string, request?: object, region?: string): Promise<Answer>;
  /** The same for a write: returns when what it started has ended. */
  write(service: string, action: string, request: object): Promise<Answer>;
};

/** One official example in our words. */
export type Example = {
  readonly service: string;
  readonly action: string;
  readonly what: string;
  /** The names that it can't do without. */
  readonly needs?: readonly (keyof Names)[];
  /** Changes nothing: may be replayed on a real account. */
  readonly readOnly?: true;
  /** Prepares what the example takes for granted, and sends its request last. */
  replay(cloud: Cloud): Promise<Answer>;
};

/** A text of an answer that a later request needs. @throws Error when it isn't there */
export function textOf(answer: Answer, field: string): string {
  const value = answer[field];
  const text = Array.isArray(value) ? value[0] : value;
  if (typeof text !== 'string') throw new Error(`the answer has no ${field}`);
  return text;
}

/** An example that only reads, with a request made of names. */
export function reading(
  service: string,
  action: string,
  what: string,
  request: (names: Names) => object = () => ({}),
  needs: readonly (keyof Names)[] = [],
): Example {
  const replay = (cloud: Cloud) => cloud.call(service, action, request(cloud.names));
  return { service, action, what, needs, readOnly: true, replay };
}

/** An example that writes. */
export function writing(
  service: string,
  action: string,
  what: string,
  replay: (cloud: Cloud, send: (request: object) => Promise<Answer>) => Promise<Answer>,
): Example {
  return {
    service,
    action,
    what,
    replay: (cloud) => replay(cloud, (request) => cloud.write(service, action, request)),
  };
}
