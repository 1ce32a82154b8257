/**
 * The assumptions of the sandbox about undocumented behaviour. Each value can be set at the start (`--assume
 * NAME=VALUE`) and through the control API, so that all alternatives can be tested.
 */

type Choice<T extends string> = { readonly about: string; readonly choices: readonly T[]; readonly value: T };
type Amount = {
  readonly about: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
};

function choice<const T extends string>(about: string, value: NoInfer<T>, choices: readonly T[]): Choice<T> {
  return { about, choices, value };
}

function amount(about: string, value: number, unit: string, min: number, max: number): Amount {
  return { about, unit, min, max, value };
}

/**
 * The error codes that RegisterFunctionTargets can return: its error list in
 * github.com/TencentCloud/tencentcloud-sdk-go.
 */
const bindingCodes = [
  'FailedOperation',
  'InvalidParameter',
  'InvalidParameter.FormatError',
  'InvalidParameter.ProtocolCheckFailed',
  'InvalidParameterValue',
  'InvalidParameterValue.Duplicate',
  'LimitExceeded',
  'ResourceNotFound',
  'UnauthorizedOperation',
] as const;
const binding = (about: string, value: (typeof bindingCodes)[number]) =>
  choice(`Code when a function is bound ${about}`, value, bindingCodes);

const status = (about: string, value: number) => amount(`HTTP status for ${about}`, value, '', 200, 599);

/**
 * The restrictions are documented (https://www.tencentcloud.com/document/api/214/54047), but not their codes, nor the
 * answer to a client when a function fails (https://www.tencentcloud.com/document/product/583/35311 lists SCF's codes).
 */
export const assumptions = {
  'binding.R1': binding('in a region without the feature', 'FailedOperation'),
  'binding.R2': binding('in an account billed by CVM', 'FailedOperation'),
  'binding.R3': binding('on a classic instance', 'InvalidParameterValue'),
  'binding.R4': binding('in the classic network', 'InvalidParameterValue'),
  'binding.R5': binding('from another region', 'ResourceNotFound'),
  'binding.R6': binding('on IPv6 that is not NAT64', 'InvalidParameterValue'),
  'binding.R7': binding(
    'on a listener that is neither HTTP nor HTTPS',
    'InvalidParameter.ProtocolCheckFailed',
  ),
  'binding.R8': binding('on layer-7 QUIC', 'InvalidParameter.ProtocolCheckFailed'),
  'binding.R9': binding('that is not of the type Event', 'InvalidParameterValue'),
  'binding.R10': binding('beside another one on the rule', 'LimitExceeded'),
  'binding.R12': binding('for the 11th time', 'LimitExceeded'),
  'binding.R13': binding('with a qualifier that does not exist', 'ResourceNotFound'),
  'binding.R14': binding('that is not Active', 'FailedOperation'),
  'binding.R15': binding('on a rule of target groups', 'InvalidParameterValue'),
  'binding.R16': binding('on a rule that redirects', 'InvalidParameterValue'),
  'binding.R17': binding('on a rule with servers', 'InvalidParameterValue'),
  // The toolkit of Tencent binds on every deployment, without reading what is bound:
  // github.com/serverless-tencent/tencent-component-toolkit, src/modules/triggers/clb.ts.
  'binding.duplicate': choice('Result when a function is bound again: accepted, or this code', 'accepted', [
    'accepted',
    ...bindingCodes,
  ]),
  'binding.failsIn': choice(
    'Where a binding that breaks a restriction fails: in the call or in its task',
    'call',
    ['call', 'task'],
  ),
  'clb.unusable': choice(
    'Code of a write on a load balancer that is being created or is isolated',
    'FailedOperation.InvalidLBStatus',
    ['FailedOperation.InvalidLBStatus', 'FailedOperation', 'InvalidParameterValue', 'UnauthorizedOperation'],
  ),
  'clb.stoppedWrites': choice('Result of a write on a load balancer that its owner stopped', 'refused', [
    'refused',
    'taken',
  ]),
  'clb.deleteRefused': choice(
    'Code of a deletion refused because of deletion protection or the check without ForceDelete',
    'FailedOperation',
    ['FailedOperation', 'UnauthorizedOperation', 'InvalidParameter', 'InvalidParameterValue'],
  ),
  'clb.clientTokenReused': choice(
    'Result of a ClientToken that an earlier, different request used',
    'InvalidParameterValue.Duplicate',
    ['InvalidParameterValue.Duplicate', 'InvalidParameterValue', 'InvalidParameter', 'earlier answer'],
  ),
  'clb.noNat64': choice('Code of IPv6 NAT64 in a region without it', 'InvalidParameterValue', [
    'InvalidParameterValue',
    'InvalidParameter',
    'ResourceInsufficient',
    'FailedOperation',
  ]),
  'clb.unknownCertificate': choice(
    'Code of a certificate id that the account does not have',
    'InvalidParameterValue',
    ['InvalidParameterValue', 'InvalidParameter', 'FailedOperation', 'ResourceNotFound'],
  ),
  // The Terraform provider sends `Scheduler` with every listener, including HTTP and HTTPS, and is in wide use:
  // github.com/tencentcloudstack/terraform-provider-tencentcloud, resource_tc_clb_listener.go.
  'listener.foreignField': choice(
    'Result of a field that does not apply to the protocol of its listener',
    'ignored',
    ['refused', 'ignored'],
  ),
  'listener.portSharing': choice(
    'Listeners of one load balancer that can share a port: one over TCP and one over UDP, or none',
    'by transport',
    ['by transport', 'none'],
  ),
  'quota.snatIps': amount('SNAT IPs of a load balancer in DescribeQuota', 10, '', 0, 1000),
  'quota.ispInstances': amount('Single-carrier load balancers of a region', 3, '', 0, 1000),
  'quota.fullPortRangeListeners': amount('Full-port-range listeners of a load balancer', 1, '', 0, 1000),
  'modifyFunction.withoutOne': choice(
    'Result of ModifyFunctionTargets on a rule without a function',
    'refused',
    ['refused', 'binds'],
  ),
  'function.deleteBound': choice(
    'Deletion of a function, version or alias that a rule of a load balancer uses: done and the rule fails, as the toolkit of Tencent expects, or refused',
    'leave',
    ['leave', 'refuse'],
  ),
  'function.coldStartMs': amount(
    'Additional wait of a call that starts an instance, beside the real start of its process',
    0,
    'ms',
    0,
    60_000,
  ),
  'function.idleS': amount('Time that an idle instance of a function is kept', 60, 's', 1, 86_400),
  'invoke.throttled': choice(
    'Answer of Invoke to a call without free concurrency: an error with this code, or a Result with the message',
    'LimitExceeded.Quota',
    ['LimitExceeded.Quota', 'RequestLimitExceeded', 'result'],
  ),
  'alias.omittedRouting': choice(
    'Effect of UpdateAlias without RoutingConfig on the additional version of the alias',
    'clear',
    ['clear', 'keep'],
  ),
  'provisioned.rest': amount(
    'Instances that can’t be provisioned from the quota that functions without a reservation share',
    100,
    'instances',
    0,
    1000,
  ),
  'provisioned.tasksMax': amount('Scheduled tasks of a version’s provisioned instances', 10, '', 1, 1000),
  'provisioned.intervalS': amount('Minimum time between two runs of a scheduled task', 60, 's', 1, 86_400),
  'targets.registeredAgain': choice(
    'Registration of a server that is already registered: the call is refused as a Duplicate, or ignores it',
    'refused',
    ['refused', 'ignored'],
  ),
  'targets.deregisteredAbsent': choice(
    'Deregistration of a server that is not registered: the call is refused, or ignores it',
    'refused',
    ['refused', 'ignored'],
  ),
  'targetGroup.leftRule': choice('TargetType of a rule whose last target group is disassociated', 'NODE', [
    'NODE',
    'kept',
  ]),
  'targetGroup.status': choice(
    'DescribeTargetGroupInstanceStatus for groups that don’t belong to a gateway load balancer',
    'answered',
    ['answered', 'refused'],
  ),
  'rewrite.defaultCode': choice('Status code of a redirect that was created without one', '302', [
    '301',
    '302',
    '307',
  ]),
  'monitor.clbHttp': choice(
    'Responses that the metrics ClbHttp… count: all, as their page says, or only those that the load balancer itself created',
    'all',
    ['all', 'own'],
  ),
  'monitor.idle': choice('Monitoring data of an existing object for a period without traffic', 'zero', [
    'zero',
    'no point',
  ]),
  'monitor.delay': amount('Delay until a period appears in the monitoring data', 0, 's', 0, 600),
  'http.noBackend': status('a rule without a usable backend', 503),
  'http.connectFailed': status('a target that refuses the connection', 502),
  'http.backendTimeout': status('a backend that exceeds the load balancer’s timeout', 504),
  'http.malformedAnswer': status('a function answer that is not in the integrated format', 403),
  'http.noClientCertificate': status('a client without the certificate that a listener requires', 400),
  'http.keptConnection': choice(
    'Next request of a kept client connection after its server gets weight 0 or is unbound: the same server, or another',
    'stays',
    ['stays', 'rescheduled'],
  ),
  'http.sessionCookie': choice('Name of the session cookie if the rule names none', 'CLB_SESSION', [
    'CLB_SESSION',
    'SERVERID',
    'route',
  ]),
  'function.failureStatus': choice(
    'Answer to a client when a function fails: the code of SCF as HTTP status, or one HTTP status for all failures',
    'scf',
    ['scf', '500', '502'],
  ),
  'event.isBase64Encoded': choice('isBase64Encoded: "false" in the event, as an older page shows', 'absent', [
    'absent',
    'present',
  ]),
  'dnspod.indexLagMs': amount(
    'Time that a new record is missing from DescribeRecordList (its page says to retry after 30 s; with 0, a read after a write is consistent)',
    0,
    'ms',
    0,
    60_000,
  ),
  'dnspod.unchangedMax': amount(
    'Modifications without a change that a record accepts per hour before it refuses all for an hour; 0 = unlimited (5 in the previous API, https://github.com/DNSPod/dnspod-api-doc)',
    0,
    '',
    0,
    1000,
  ),
  'dnspod.cnameConflict': choice(
    'Code when a CNAME conflicts with other records of its name and line',
    'InvalidParameter.DomainRecordExist',
    ['InvalidParameter.DomainRecordExist', 'InvalidParameter.CustomMessage'],
  ),
  // The API documents that 0 switches weighting off; the maintainers of the Terraform provider found that a weight
  // can't be unset: github.com/tencentcloudstack/terraform-provider-tencentcloud/pull/3521.
  'dnspod.unsetWeight': choice(
    'Removal of the weight of a record: it is removed, it stays although the call succeeds, or the call is refused',
    'unset',
    ['unset', 'kept', 'refused'],
  ),
  'dns.mixedWeights': choice(
    'Answers of records of one name, type and line if only some have a weight',
    'roundRobin',
    ['roundRobin', 'weightedOnly', 'unsetIsOne'],
  ),
  'api.rates': choice('Rate limits per second, as in the cloud', 'enforced', ['enforced', 'unlimited']),
} as const satisfies Record<string, Choice<string> | Amount>;

export type AssumptionName = keyof typeof assumptions;
type ValueOf<Row> = Row extends Choice<infer T> ? T : number;
export type AssumptionValues = { [Name in AssumptionName]: ValueOf<(typeof assumptions)[Name]> };

/** One assumption with its current value: `GET /assumptions` of the control API. */
export type AssumptionRow = {
  readonly name: string;
  readonly about: string;
  readonly current: string | number;
} & (
  | { readonly choices: readonly string[] }
  | { readonly unit: string; readonly min: number; readonly max: number }
);

/** The assumptions of one sandbox. */
export class Assumptions {
  #values: AssumptionValues = defaults();

  get<Name extends AssumptionName>(name: Name): AssumptionValues[Name] {
    return this.#values[name];
  }

  all(): AssumptionValues {
    return { ...this.#values };
  }

  rows(): readonly AssumptionRow[] {
    return Object.entries(this.#values).map(([name, current]) => {
      const row: Choice<string> | Amount = assumptions[name as AssumptionName];
      return 'choices' in row
        ? { name, about: row.about, current, choices: row.choices }
        : { name, about: row.about, current, unit: row.unit, min: row.min, max: row.max };
    });
  }

  /**
   * Sets one by name.
   * @returns null, or the reason for a refusal, with the valid names or values
   */
  set(name: string, value: string | number): string | null {
    if (!isName(name))
      return `Unknown assumption ${name}. Use one of ${Object.keys(assumptions).join(', ')}.`;
    const row: Choice<string> | Amount = assumptions[name];
    if ('choices' in row) {
      if (!row.choices.includes(String(value))) return `${name} must be one of ${row.choices.join(', ')}.`;
      this.#values = { ...this.#values, [name]: String(value) };
      return null;
    }
    const number = typeof value === 'number' ? value : Number(value.trim() || Number.NaN);
    if (!Number.isFinite(number) || number < row.min || number > row.max) {
      return `${name} must be a number from ${row.min} to ${row.max}${row.unit && ` ${row.unit}`}.`;
    }
    this.#values = { ...this.#values, [name]: number };
    return null;
  }

  /**
   * Sets all of the values, or none.
   * @returns the problems, one line each
   */
  setAll(values: Readonly<Record<string, string | number>>): readonly string[] {
    const before = this.#values;
    const problems = Object.entries(values).flatMap(([name, value]) => this.set(name, value) ?? []);
    if (problems.length > 0) this.#values = before;
    return problems;
  }

  /** Restores all values to those that `all` returned. */
  restore(values: AssumptionValues): void {
    this.#values = { ...values };
  }
}

function isName(name: string): name is AssumptionName {
  return Object.hasOwn(assumptions, name);
}

function defaults(): AssumptionValues {
  const entries = Object.entries(assumptions).map(([name, row]) => [name, row.value]);
  return Object.fromEntries(entries) as AssumptionValues;
}
