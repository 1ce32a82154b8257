import type { Client as Cam } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/cam_client';
import type { Client as Clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_client';
import type { Client as Cloudaudit } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/v20190319/cloudaudit_client';
import type { Client as Cvm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/cvm_client';
import type { Client as Dnspod } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/dnspod_client';
import type { Client as Igtm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/igtm/v20231024/igtm_client';
import type { Client as Monitor } from 'tencentcloud-sdk-nodejs/tencentcloud/services/monitor/v20180724/monitor_client';
import type { Client as Scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/scf_client';
import type { Client as Ssl } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ssl/v20191205/ssl_client';
import type { Client as Sts } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/sts_client';
import type { Client as Tag } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tag/v20180813/tag_client';
import type { Client as Vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/vpc_client';
import type { Language } from '../model/region-table';
import type { Telemetry } from '../telemetry/telemetry';
import type { WorldRole, WorldUser } from '../world/access';
import type { Assumptions } from '../world/assumptions';
import type { WorldLoadBalancer } from '../world/clb';
import type { WorldEffect } from '../world/effect';
import type { Invoker } from '../world/invoker';
import type { WorldFunction, WorldVersion } from '../world/scf';
import type { TemporaryKey } from '../world/temporary-keys';
import type { AccountWorld } from '../world/world';

/** The sandbox resources that an action may use. Times are epoch milliseconds. */
export type ActionContext = {
  readonly account: AccountWorld;
  /** The calling sub-user; null = the account itself. */
  readonly user: WorldUser | null;
  /** The assumed role of the caller; null = it has a key of its own. */
  readonly role: { readonly id: string; readonly session: string } | null;
  /** `''` for services without regions. */
  readonly region: string;
  /** The language of names in responses. */
  readonly language: Language;
  readonly requestId: string;
  readonly now: number;
  /** CIDR of the addresses that load balancers and servers get, such as `127.77.0.0/16`. */
  readonly vipNetwork: string;
  readonly assumptions: Assumptions;
  readonly telemetry: Telemetry;
  /** null where functions don't run: a control plane alone. */
  readonly invoker: Invoker | null;
  /** Returns the id of the key that an account or user has; '' = none. */
  secretIdOf(uin: string): string;
  /** Issues the keys of a role for some seconds. */
  temporaryKey(role: WorldRole, session: string, lifeS: number): TemporaryKey;
  /** Returns a new number for an id. */
  nextId(): number;
  /** Returns the addresses of all accounts: load balancers and servers share the VIP network. */
  addressesInUse(): ReadonlySet<string>;
  /**
   * Starts the task of a load balancer write; its id is the request's id.
   * @throws ApiError if one of the load balancers is busy
   */
  startTask(loadBalancers: WorldLoadBalancer | readonly WorldLoadBalancer[], effect: WorldEffect): void;
  /** Sets a function to a temporary status that ends automatically. */
  settleLater(fn: WorldFunction, status: 'Creating' | 'Updating'): void;
  /** Sets a version to Publishing for a while. */
  publishLater(version: WorldVersion): void;
  /** Reports that a write without a task has been applied to the object. */
  applied(object: string): void;
};

/** An action as the registry stores it. The response lacks only its RequestId. */
export type Action = (request: unknown, context: ActionContext) => object | Promise<object>;

/** The actions of a service, or of one part of it, by name. */
export type Actions = Readonly<Record<string, Action>>;

/** An SDK type with some fields that can be null in the cloud's responses, as its public API description states. */
export type WithNull<T, Field extends keyof T> = Omit<T, Field> & { [Name in Field]?: T[Name] | null };

/** An SDK type with some fields replaced. */
export type WithFields<T, Fields> = Omit<T, keyof Fields> & Fields;

/**
 * The SDK's client of each service. Its methods connect the name of an action with the types of its request and
 * response.
 */
type Clients = {
  cam: Cam;
  clb: Clb;
  cloudaudit: Cloudaudit;
  cvm: Cvm;
  dnspod: Dnspod;
  igtm: Igtm;
  monitor: Monitor;
  scf: Scf;
  ssl: Ssl;
  sts: Sts;
  tag: Tag;
  vpc: Vpc;
};

type Method<Name> = Name extends `${infer Service extends keyof Clients}.${infer Action}`
  ? Action extends keyof Clients[Service]
    ? Clients[Service][Action]
    : never
  : never;

type ActionName = {
  [Service in keyof Clients]: `${Service}.${keyof Clients[Service] & string}`;
}[keyof Clients];
type Call<Name> = Extract<Method<Name>, (request: never) => Promise<unknown>>;
type ActionRequest<Name> = NonNullable<Parameters<Call<Name>>[0]>;
type ActionResponse<Name, Fields> = Omit<Awaited<ReturnType<Call<Name>>>, 'RequestId' | keyof Fields> &
  Omit<Fields, 'RequestId'>;

/**
 * Wraps a function as the code of an action of the SDK, such as `clb.ModifyListener`. This is the only place where a
 * request gets its type: it has been checked against the schema that was generated from that same type. `Fields` are
 * those of the response whose types differ from the SDK's.
 */
export function action<Name extends ActionName, Fields = unknown>(
  run: (
    request: ActionRequest<Name>,
    context: ActionContext,
  ) => ActionResponse<Name, Fields> | Promise<ActionResponse<Name, Fields>>,
): Action {
  return (request, context) => run(request as ActionRequest<Name>, context);
}
