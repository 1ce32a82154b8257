import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';
import { schedulers } from '../find/find-objects';

/**
 * The characters allowed in the texts of a health check, for listeners and target groups alike:
 * https://cloud.tencent.com/document/api/214/30694#HealthCheck.
 */
export const visibleText = { pattern: /^[\x20-\x7e]*$/, hint: 'hold visible ASCII characters only' };

/** gRPC codes that count as healthy. Same source. */
export const grpcCodes = {
  pattern: /^\d+(-\d+)?(,\d+(-\d+)?)*$/,
  hint: 'be a number, numbers or a range, as `20`, `20,25` or `0-99`',
};

const types = 'https://cloud.tencent.com/document/api/214/30694';
const onOrOff = [0, 1] as const;
/** No page documents an upper bound. */
const any = Number.POSITIVE_INFINITY;

/**
 * Returns the rules of a name: 1–80 characters, none outside the basic plane, such as emoji:
 * https://cloud.tencent.com/document/api/214/30693.
 */
export function nameRules(field: string, source: string): ValueRule[] {
  return [
    { field, length: [1, 80], source },
    {
      field,
      pattern: /^[^\u{10000}-\u{10ffff}]*$/u,
      hint: 'hold no supplementary Unicode characters',
      source,
    },
  ];
}

/** Returns the ranges of a health check; rules that connect its fields are checked in code. */
function healthCheckRules(field: string): ValueRule[] {
  const source = `${types}#HealthCheck`;
  const of = (name: string) => `${field}.${name}`;
  const visible = { ...visibleText, source };
  return [
    { field: of('HealthSwitch'), oneOf: onOrOff, source },
    { field: of('TimeOut'), range: [2, 60], source },
    { field: of('IntervalTime'), range: [2, 300], source },
    { field: of('HealthNum'), range: [2, 10], source },
    { field: of('UnHealthNum'), range: [2, 10], source },
    { field: of('HttpCode'), range: [1, 31], source },
    { field: of('HttpCheckMethod'), oneOf: ['HEAD', 'GET'], ignoreCase: true, source },
    // The Terraform provider sends an empty path with each check of a TCP listener: service_tencentcloud_clb.go.
    { field: of('HttpCheckPath'), length: [0, 200], source },
    { field: of('HttpCheckDomain'), length: [0, 80], source },
    { field: of('HttpVersion'), oneOf: ['HTTP/1.0', 'HTTP/1.1'], source },
    { field: of('CheckPort'), range: [1, 65_535], also: -1, source },
    { field: of('ContextType'), oneOf: ['HEX', 'TEXT'], source },
    { field: of('SendContext'), length: [0, 500], source },
    { field: of('SendContext'), ...visible },
    { field: of('RecvContext'), length: [0, 500], source },
    { field: of('RecvContext'), ...visible },
    { field: of('CheckType'), oneOf: ['TCP', 'HTTP', 'HTTPS', 'GRPC', 'PING', 'CUSTOM'], source },
    { field: of('SourceIpType'), oneOf: onOrOff, source },
    { field: of('ExtendedCode'), ...grpcCodes, source },
  ];
}

function certificateRules(prefix = ''): ValueRule[] {
  const mode = { oneOf: ['UNIDIRECTIONAL', 'MUTUAL'], source: `${types}#CertificateInput` };
  const verify = { oneOf: ['ON', 'OPTIONAL'], source: `${types}#CertificateInput` };
  return [
    { field: `${prefix}Certificate.SSLMode`, ...mode },
    { field: `${prefix}Certificate.SSLVerifyClient`, ...verify },
    { field: `${prefix}MultiCertInfo.SSLMode`, ...mode },
    { field: `${prefix}MultiCertInfo.SSLVerifyClient`, ...verify },
    { field: `${prefix}MultiCertInfo.CertList`, items: [1, any], source: `${types}#MultiCertInfo` },
  ];
}

function settingRules(source: string, schedulers: readonly string[]): ValueRule[] {
  return [
    { field: 'Scheduler', oneOf: schedulers, source },
    { field: 'SessionExpireTime', range: [30, 3600], also: 0, source },
    { field: 'SniSwitch', oneOf: onOrOff, source },
    { field: 'TargetType', oneOf: ['NODE', 'TARGETGROUP'], source },
    { field: 'SessionType', oneOf: ['NORMAL', 'QUIC_CID'], source },
    { field: 'KeepaliveEnable', oneOf: onOrOff, source },
    { field: 'MaxConn', range: [1, any], also: -1, source },
    { field: 'MaxCps', range: [1, any], also: -1, source },
    { field: 'IdleConnectTimeout', range: [10, 1980], source },
    { field: 'DataCompressMode', oneOf: ['transparent', 'compatibility'], source },
    { field: 'RescheduleStartTime', range: [0, 3600], source },
    { field: 'RescheduleInterval', range: [0, 3600], source },
    ...healthCheckRules('HealthCheck'),
    ...certificateRules(),
  ];
}

/** The forms of a domain: letters, digits, - and .; one * at the beginning or end; or a regular expression after ~. */
const domainRules = 'https://www.tencentcloud.com/document/product/214/9032';
const domain = {
  pattern: /^((\*\.)?[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[a-z0-9]([a-z0-9._-]*[a-z0-9])?\.\*|~\S+)$/i,
  hint: 'be a domain of letters, digits, `-` and `.` that does not begin with `_`, with one `*` only at its beginning or end, or a regular expression behind `~`',
  source: domainRules,
};

function domainRule(field: string): ValueRule[] {
  return [
    { field, length: [1, 80], source: domainRules },
    { field, ...domain },
  ];
}

/**
 * Returns the rules of a URL. It starts with / unless it is a regular expression:
 * https://www.tencentcloud.com/document/product/214/9032.
 */
function urlRule(field: string): ValueRule[] {
  return [
    { field, length: [1, 200], source: domainRules },
    {
      field,
      pattern: /^(((=|\^~)\s+)?\/[\w\-.?=:%$*~/]*|~\*?\s+\S+)$/,
      hint: 'begin with `/`, or be `= /path`, `^~ /path`, `~ expression` or `~* expression`',
      source: domainRules,
    },
  ];
}

function ruleRules(source: string, prefix = ''): ValueRule[] {
  return [
    ...urlRule(`${prefix}Url`),
    { field: `${prefix}SessionExpireTime`, range: [30, 86_400], also: 0, source },
    { field: `${prefix}Scheduler`, oneOf: schedulers, source },
    { field: `${prefix}ForwardType`, oneOf: ['HTTP', 'HTTPS', 'GRPC', 'GRPCS'], source },
    ...healthCheckRules(`${prefix}HealthCheck`),
  ];
}

const source = {
  describe: 'https://cloud.tencent.com/document/api/214/30686',
  create: 'https://cloud.tencent.com/document/api/214/30693',
  modify: 'https://cloud.tencent.com/document/api/214/30681',
  modifyRule: 'https://cloud.tencent.com/document/api/214/30679',
  attributes: 'https://cloud.tencent.com/document/api/214/38092',
} as const;
/**
 * In upper or lower case: an official example of CreateListener has `tcp`,
 * https://cloud.tencent.com/document/api/214/30693.
 */
const protocols = ['TCP', 'UDP', 'TCP_SSL', 'HTTP', 'HTTPS', 'QUIC'];

/** The value rules of the actions on listeners, rules, domains and their certificates. */
export const listenerValues: ValueRules = {
  DescribeListeners: [
    { field: 'ListenerIds', items: [0, 100], source: source.describe },
    { field: 'Protocol', oneOf: protocols, ignoreCase: true, source: source.describe },
    { field: 'Port', range: [1, 65_535], source: source.describe },
  ],
  CreateListener: [
    { field: 'Protocol', oneOf: protocols, ignoreCase: true, source: source.create },
    { field: 'Ports', items: [1, any], source: source.create },
    { field: 'Ports[]', range: [1, 65_535], source: source.create },
    { field: 'EndPort', range: [2, 65_535], source: source.create },
    ...nameRules('ListenerNames[]', source.create),
    ...settingRules(source.create, ['WRR', 'LEAST_CONN']),
  ],
  ModifyListener: [...nameRules('ListenerName', source.modify), ...settingRules(source.modify, schedulers)],
  CreateRule: [
    { field: 'Rules', items: [1, any], source: `${types}#RuleInput` },
    ...domainRule('Rules[].Domain'),
    ...domainRule('Rules[].Domains[]'),
    ...ruleRules(`${types}#RuleInput`, 'Rules[].'),
    {
      field: 'Rules[].TargetType',
      oneOf: ['NODE', 'TARGETGROUP', 'TARGETGROUP-V2'],
      source: `${types}#RuleInput`,
    },
    ...certificateRules('Rules[].'),
  ],
  ModifyRule: [
    ...ruleRules(source.modifyRule),
    { field: 'OAuth.OAuthFailureStatus', oneOf: ['BYPASS', 'REJECT'], source: `${types}#OAuth` },
  ],
  ModifyDomainAttributes: [
    ...domainRule('NewDomain'),
    { field: 'NewDomains', items: [1, any], source: source.attributes },
    ...domainRule('NewDomains[]'),
    ...certificateRules(),
  ],
};
