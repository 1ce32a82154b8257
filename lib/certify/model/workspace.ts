import { strToU8, zipSync } from 'fflate';
import { z } from 'zod';
import { type Account, type AccountAnswer, must, waitMs } from './account';

/*
 * The resources that write probes work on: one public load balancer, its listeners and rules, some functions, one target
 * group and records below one name. Each is created when a probe first needs it and carries the run's name and, where
 * the cloud keeps tags, its tag. By these `removeResources` finds it again, in this process or a later one.
 */

export const tagKey = 'spillway-certify';
export const namePrefix = 'spillway-certify-';
/** The prefix of each resource's name. It is unique to the run, so that two runs never touch each other's resources. */
export const runName = (runId: string) => `${namePrefix}${runId}`;
/**
 * The most load balancers that a run creates: the one it works on, one that is stopped and protected, and two that the
 * cloud should refuse, or three with a subnet for IPv6.
 */
export const loadBalancersMax = ({ ipv6Subnet }: Pick<Given, 'ipv6Subnet'>) => (ipv6Subnet === null ? 4 : 5);
/** The most records that a run creates, one of which the cloud should refuse. */
export const recordsMax = 8;

/** The longest wait for a load balancer task, the same as in Tencent's own toolkit. */
const taskBoundMs = 120_000;
const functionBoundMs = 120_000;
/** Returns the pause before the `n`th poll: short at first, a second at most. */
const pollMs = (n: number) => Math.min(1000, 40 * 1.5 ** n);

/** The outcome of a write that was sent. */
export type WorkspaceOutcome =
  | { readonly kind: 'done'; readonly requestId: string; readonly body: unknown }
  /** The call itself was refused. */
  | {
      readonly kind: 'refused';
      readonly requestId: string | null;
      readonly code: string;
      readonly message: string;
    }
  /** The call was accepted and its task failed. */
  | { readonly kind: 'failed'; readonly requestId: string; readonly message: string };

export type WorkspaceRule = { readonly listenerId: string; readonly domain: string; readonly url: string };
type PlacedRule = WorkspaceRule & { readonly loadBalancerId: string; readonly locationId: string };
const functionNames = ['echo', 'other', 'many', 'web', 'fresh', 'slow'] as const;
export type FunctionName = (typeof functionNames)[number];
export const workspaceFunctions = functionNames.length;

/** The header with which a probe controls the response of the echo function. */
export const wishHeader = 'x-certify';
/** The time that a slow function takes: more than the 60 s for which load balancers wait, less than its own timeout. */
const slowMs = 65_000;
const slowTimeoutS = 70;
/**
 * Returns the event's content, or answers as the request's header wishes: with a malformed answer, with 404, late, or by
 * failing.
 */
const echoCode = `exports.main_handler = async (event) => {
  const headers = Object.entries(event.headers || {});
  const [, wish] = headers.find(([name]) => name.toLowerCase() === '${wishHeader}') || [];
  if (wish === 'malformed') return { notAnAnswer: true };
  if (wish === 'failure') throw new Error('made to fail');
  if (wish === 'late') await new Promise((done) => setTimeout(done, ${slowMs}));
  if (wish === 'missing') return { isBase64Encoded: false, statusCode: 404, headers: {}, body: '' };
  const seen = 'isBase64Encoded' in event ? 'present' : 'absent';
  return { isBase64Encoded: false, statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body: seen };
};
`;
/** The script that starts a web function: https://www.tencentcloud.com/document/product/583/40688 */
const bootstrap =
  '#!/bin/bash\n/var/lang/node16/bin/node -e "require(\'http\').createServer((q, s) => s.end()).listen(9000)"\n';

/** Creates and provides the resources of one run. */
export class Workspace {
  readonly #account: Account;
  readonly #name: string;
  readonly #vpcId: string;
  readonly #made = new Map<string, Promise<unknown>>();
  readonly #unlisted: CertifyResource[] = [];
  #rules = 0;

  constructor(account: Account, runId: string, vpcId: string) {
    this.#account = account;
    this.#name = runName(runId);
    this.#vpcId = vpcId;
  }

  get name(): string {
    return this.#name;
  }

  /** The host of the created rules; it is never resolved. */
  get domain(): string {
    return `${this.#name}.example.com`;
  }

  /** Records a resource that the cloud's lists may not show yet, so that it is removed with the rest. */
  created(resource: CertifyResource): void {
    this.#unlisted.push(resource);
  }

  get unlisted(): readonly CertifyResource[] {
    return this.#unlisted;
  }

  /** Creates something once that several probes use. */
  once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#made.get(key);
    if (known) return known as Promise<T>;
    const making = make();
    this.#made.set(key, making);
    return making;
  }

  /** Returns the request that creates a public load balancer with the run's tag. */
  loadBalancerRequest(suffix: string, clientToken?: string): object {
    return {
      LoadBalancerType: 'OPEN',
      LoadBalancerName: `${this.#name}${suffix}`,
      Number: 1,
      VpcId: this.#vpcId,
      Tags: [{ TagKey: tagKey, TagValue: this.#name }],
      ...(clientToken === undefined ? {} : { ClientToken: clientToken }),
    };
  }

  /** Sends a write and waits for its task, if it has one. */
  async write(action: string, params: object): Promise<WorkspaceOutcome> {
    return this.settle(await this.#account.call('clb', action, params));
  }

  /** Waits for the task of a load balancer's write. */
  async settle(answer: AccountAnswer): Promise<WorkspaceOutcome> {
    if (!answer.ok) {
      return { kind: 'refused', requestId: answer.requestId, code: answer.code, message: answer.message };
    }
    const { requestId, body } = answer;
    const deadline = Date.now() + taskBoundMs;
    for (let polls = 0; ; polls += 1) {
      const task = await must(
        this.#account,
        'clb',
        'DescribeTaskStatus',
        { TaskId: requestId },
        z.object({ Status: z.number(), Message: z.string().nullish() }),
      );
      if (task.Status === 0) return { kind: 'done', requestId, body };
      if (task.Status === 1) return { kind: 'failed', requestId, message: task.Message ?? '' };
      if (Date.now() > deadline)
        return { kind: 'failed', requestId, message: 'the task still runs after 120 s' };
      await waitMs(pollMs(polls));
    }
  }

  /** Sends a write that must succeed. @throws Error with the cloud's reason */
  async change(action: string, params: object): Promise<{ readonly body: unknown }> {
    const outcome = await this.write(action, params);
    if (outcome.kind === 'done') return outcome;
    const code = outcome.kind === 'refused' ? `${outcome.code}: ` : '';
    throw new Error(`${action} failed: ${code}${outcome.message} (request ${outcome.requestId})`);
  }

  /** Returns the running load balancer on which rules are created. */
  loadBalancer(): Promise<{ readonly id: string; readonly vip: string }> {
    return this.once('load balancer', async () => {
      const { body } = await this.change('CreateLoadBalancer', this.loadBalancerRequest(''));
      const [id = ''] = z.object({ LoadBalancerIds: z.array(z.string()) }).parse(body).LoadBalancerIds;
      const described = await must(
        this.#account,
        'clb',
        'DescribeLoadBalancers',
        { LoadBalancerIds: [id] },
        z.object({ LoadBalancerSet: z.array(z.object({ LoadBalancerVips: z.array(z.string()) })) }),
      );
      const vip = described.LoadBalancerSet[0]?.LoadBalancerVips[0];
      if (vip === undefined) throw new Error(`${id} has no VIP`);
      return { id, vip };
    });
  }

  async #listener(
    protocol: 'HTTP' | 'TCP' | 'HTTPS',
    port: number,
    more: object = {},
    id?: string,
  ): Promise<string> {
    const { body } = await this.change('CreateListener', {
      LoadBalancerId: id ?? (await this.loadBalancer()).id,
      Ports: [port],
      Protocol: protocol,
      ListenerNames: [`${this.#name}-${port}`],
      ...more,
    });
    const [listener = ''] = z.object({ ListenerIds: z.array(z.string()) }).parse(body).ListenerIds;
    return listener;
  }

  /** Returns the HTTP listener on port 80. */
  httpListener(): Promise<string> {
    return this.once('http', () => this.#listener('HTTP', 80));
  }

  /** Returns the HTTPS listener on a port, with this certificate. */
  httpsListener(port: number, certificate: object): Promise<string> {
    return this.once(`https ${port}`, () => this.#listener('HTTPS', port, { Certificate: certificate }));
  }

  /** Creates an HTTP listener on another load balancer than that of the other probes. */
  httpListenerOf(loadBalancerId: string): Promise<string> {
    return this.#listener('HTTP', 80, {}, loadBalancerId);
  }

  /** Returns the TCP listener on port 9000. */
  tcpListener(): Promise<string> {
    return this.once('tcp', () => this.#listener('TCP', 9000));
  }

  /**
   * Adds a rule to the HTTP listener, or to another one; it forwards to nothing yet.
   * @param settings further fields of the rule
   */
  async rule(
    settings: object = {},
    place?: { readonly loadBalancerId: string; readonly listenerId: string },
  ): Promise<PlacedRule> {
    const loadBalancerId = place?.loadBalancerId ?? (await this.loadBalancer()).id;
    const listenerId = place?.listenerId ?? (await this.httpListener());
    this.#rules += 1;
    const url = `/r${this.#rules}`;
    const { body } = await this.change('CreateRule', {
      LoadBalancerId: loadBalancerId,
      ListenerId: listenerId,
      Rules: [{ Domain: this.domain, Url: url, ...settings }],
    });
    const [locationId = ''] = z.object({ LocationIds: z.array(z.string()) }).parse(body).LocationIds;
    return { loadBalancerId, listenerId, locationId, domain: this.domain, url };
  }

  /** Returns the request that binds a function to a rule. */
  bindRequest(
    rule: Pick<WorkspaceRule, 'listenerId'> & {
      readonly loadBalancerId: string;
      readonly locationId?: string;
    },
    functionName: string,
    qualifier = '$LATEST',
  ): object {
    return {
      LoadBalancerId: rule.loadBalancerId,
      ListenerId: rule.listenerId,
      ...(rule.locationId === undefined
        ? { Domain: this.domain, Url: '/' }
        : { LocationId: rule.locationId }),
      FunctionTargets: [
        {
          Function: {
            FunctionNamespace: 'default',
            FunctionName: functionName,
            FunctionQualifier: qualifier,
            FunctionQualifierType: 'VERSION',
          },
          Weight: 10,
        },
      ],
    };
  }

  functionName(name: FunctionName): string {
    return `${this.#name}-${name}`;
  }

  /** Starts creating a function; it is not active yet. */
  async createFunction(name: FunctionName): Promise<string> {
    const isWeb = name === 'web';
    const files: Record<string, Uint8Array> = isWeb
      ? { scf_bootstrap: strToU8(bootstrap) }
      : { 'index.js': strToU8(echoCode) };
    const zip = Buffer.from(zipSync(files)).toString('base64');
    await must(
      this.#account,
      'scf',
      'CreateFunction',
      {
        FunctionName: this.functionName(name),
        Namespace: 'default',
        Runtime: 'Nodejs16.13',
        Code: { ZipFile: zip },
        MemorySize: 128,
        Timeout: name === 'slow' ? slowTimeoutS : 3,
        Tags: [{ Key: tagKey, Value: this.#name }],
        ...(isWeb ? { Type: 'HTTP' } : { Handler: 'index.main_handler' }),
      },
      z.object({}),
    );
    return this.functionName(name);
  }

  /** Returns a function that is active. */
  function(name: FunctionName): Promise<string> {
    return this.once(`function ${name}`, async () => {
      const functionName = await this.createFunction(name);
      await this.untilActive(functionName);
      return functionName;
    });
  }

  /**
   * Waits until the function, or a version of it, is active.
   * @throws Error when it does not become active in time
   */
  async untilActive(functionName: string, version?: string): Promise<void> {
    const deadline = Date.now() + functionBoundMs;
    for (let polls = 0; ; polls += 1) {
      const { Status: status } = await must(
        this.#account,
        'scf',
        'GetFunction',
        { FunctionName: functionName, Namespace: 'default', ...(version && { Qualifier: version }) },
        z.object({ Status: z.string() }),
      );
      if (status === 'Active') return;
      if (Date.now() > deadline)
        throw new Error(`${functionName} is ${status} after ${functionBoundMs / 1000} s`);
      await waitMs(pollMs(polls));
    }
  }

  /** Returns a target group without members. */
  targetGroup(): Promise<string> {
    return this.once('target group', async () => {
      const made = await must(
        this.#account,
        'clb',
        'CreateTargetGroup',
        {
          TargetGroupName: this.#name,
          Port: 80,
          VpcId: this.#vpcId,
          Tags: [{ TagKey: tagKey, TagValue: this.#name }],
        },
        z.object({ TargetGroupId: z.string() }),
      );
      return made.TargetGroupId;
    });
  }
}

/** The user's own resources for probes that need more than the account. They are not changed. */
export type Given = {
  /** A DNSPod zone in which certify may add records under its own name. */
  readonly zone: string | null;
  /** A server that may be bound to the load balancer that certify creates. */
  readonly instance: string | null;
  /** A server certificate that may be used on listeners of that load balancer. */
  readonly certificate: string | null;
  /** A CA certificate, likewise, which those listeners require of clients. */
  readonly clientCa: string | null;
  /** A subnet with IPv6, in the VPC that certify uses. */
  readonly ipv6Subnet: string | null;
};

/** A resource that a run of certify has created; the kinds are in the order in which they must be removed. */
export type CertifyResource =
  | { readonly kind: 'load balancer'; readonly id: string; readonly name: string }
  | { readonly kind: 'target group'; readonly id: string; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'DNS record'; readonly zone: string; readonly id: number; readonly name: string };
