/**
 * Everything that the cloud's documents leave open and the sandbox had to decide, each with a switch: the value can be
 * set at the start (`--assume NAME=VALUE`) and by the control door, so that what we don't know can be tried both ways.
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

/** What RegisterFunctionTargets can answer: its error list in github.com/TencentCloud/tencentcloud-sdk-go. */
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
 * The restrictions themselves are documented (https://www.tencentcloud.com/document/api/214/54047), their codes are not;
 * nor is what a client of a load balancer sees when a function fails (https://www.tencentcloud.com/document/product/583/35311
 * lists SCF's own codes).
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
  'binding.R12': binding('an 11th time', 'LimitExceeded'),
  'binding.R13': binding('with a qualifier that is not there', 'ResourceNotFound'),
  'binding.R14': binding('that is not Active', 'FailedOperation'),
  'binding.R15': binding('on a rule of target groups', 'InvalidParameterValue'),
  'binding.R16': binding('on a rule that redirects', 'InvalidParameterValue'),
  'binding.R17': binding('on a rule with servers', 'InvalidParameterValue'),
  'binding.duplicate': binding('again', 'InvalidParameterValue.Duplicate'),
  'binding.failsIn': choice('Where a broken restriction shows', 'call', ['call', 'task']),
  'http.noBackend': status('a rule without a usable backend', 503),
  'http.connectFailed': status('a target that refuses the connection', 502),
  'http.backendTimeout': status('a backend slower than the load balancer waits', 504),
  'http.malformedAnswer': status('a function answer that is not in the integrated format', 403),
  'function.failureStatus': choice(
    'What a client sees when a function fails: the code of SCF as HTTP status, or one HTTP status for all',
    'scf',
    ['scf', '500', '502'],
  ),
  'event.isBase64Encoded': choice(
    'Whether the event carries isBase64Encoded: "false", as an older page shows',
    'absent',
    ['absent', 'present'],
  ),
  'dnspod.indexLagMs': amount(
    'How long a new record is missing from DescribeRecordList (the page says to ask again after 30 s)',
    0,
    'ms',
    0,
    60_000,
  ),
  'dnspod.cnameConflict': choice(
    'Code when a CNAME would stand beside other records of its name and line',
    'InvalidParameter.DomainRecordExist',
    ['InvalidParameter.DomainRecordExist', 'InvalidParameter.CustomMessage'],
  ),
  'dns.mixedWeights': choice(
    'What records of one name, type and line answer when some have a weight and some have none',
    'roundRobin',
    ['roundRobin', 'weightedOnly', 'unsetIsOne'],
  ),
  'api.rates': choice('Whether requests are limited by the second, as the cloud does', 'enforced', [
    'enforced',
    'unlimited',
  ]),
} as const satisfies Record<string, Choice<string> | Amount>;

export type AssumptionName = keyof typeof assumptions;
type ValueOf<Row> = Row extends Choice<infer T> ? T : number;
export type AssumptionValues = { [Name in AssumptionName]: ValueOf<(typeof assumptions)[Name]> };

/** The switches of one sandbox. */
export class Assumptions {
  #values: AssumptionValues = defaults();

  get<Name extends AssumptionName>(name: Name): AssumptionValues[Name] {
    return this.#values[name];
  }

  all(): AssumptionValues {
    return { ...this.#values };
  }

  /** Sets one by name. @returns null, or why not: which names or values there are */
  set(name: string, value: string | number): string | null {
    if (!isName(name))
      return `There is no assumption ${name}; there are ${Object.keys(assumptions).join(', ')}.`;
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

  reset(): void {
    this.#values = defaults();
  }
}

function isName(name: string): name is AssumptionName {
  return Object.hasOwn(assumptions, name);
}

function defaults(): AssumptionValues {
  const entries = Object.entries(assumptions).map(([name, row]) => [name, row.value]);
  return Object.fromEntries(entries) as AssumptionValues;
}
