import type { RuleInput } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '../../api/api-error';
import type { WorldListener, WorldRule } from '../../world/clb';
import { ruleHealthCheck } from '../../world/health-check';

/** Domain 1–80 and URL 1–200 characters, their forms: https://www.tencentcloud.com/document/product/214/9032. */
const domainLength = 80;
const urlLength = 200;
const plainDomain = /^(\*\.)?[a-z0-9]([a-z0-9._-]*[a-z0-9])?(\.\*)?$/i;
const regexDomain = /^~\S+$/;
const plainUrl = /^((=|\^~)\s+)?\/[\w\-.?=:%$*~/]*$/;
const regexUrl = /^~\*?\s+\S+$/;

const schedulers = ['WRR', 'LEAST_CONN', 'IP_HASH'] as const;

function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === value);
  if (!found)
    throw new ApiError('InvalidParameterValue', `${name} should be ${known.join(' or ')}, not ${value}.`);
  return found;
}

function domainOf(input: RuleInput): string {
  const domains = input.Domain ? [input.Domain, ...(input.Domains ?? [])] : (input.Domains ?? []);
  const [domain] = domains;
  if (domain === undefined) {
    throw new ApiError('MissingParameter', 'The request is missing a required parameter `Domain`.');
  }
  if (domains.length > 1) {
    throw new ApiError(
      'UnsupportedOperation',
      'The sandbox keeps one domain for each rule: send one rule per domain.',
    );
  }
  if (domain.length > domainLength) {
    throw new ApiError(
      'InvalidParameterValue.Length',
      `The domain must have 1 to ${domainLength} characters.`,
    );
  }
  if (!plainDomain.test(domain) && !regexDomain.test(domain)) {
    throw new ApiError('InvalidParameter.FormatError', `The domain ${domain} is not valid.`);
  }
  return domain;
}

function urlOf(input: RuleInput): string {
  const url = input.Url;
  if (url.length === 0 || url.length > urlLength) {
    throw new ApiError('InvalidParameterValue.Length', `The URL must have 1 to ${urlLength} characters.`);
  }
  if (!plainUrl.test(url) && !regexUrl.test(url)) {
    throw new ApiError(
      'InvalidParameter.FormatError',
      `The URL ${url} is not valid: it must begin with "/".`,
    );
  }
  return url;
}

/**
 * Checks one rule of CreateRule and gives it its form in the world. Fields without a meaning in the sandbox (health
 * check, session, forward type, cookie) are taken and not kept.
 * @throws ApiError MissingParameter, UnsupportedOperation, InvalidParameter.FormatError, InvalidParameterValue(.Length)
 */
export function ruleOf(
  input: RuleInput,
  listener: WorldListener,
  given: Pick<WorldRule, 'id' | 'createdAt'>,
): WorldRule {
  if (input.Quic === true && listener.protocol !== 'HTTPS') {
    throw new ApiError('InvalidParameterValue', 'Only domains of an HTTPS listener can turn QUIC on.');
  }
  return {
    ...given,
    domain: domainOf(input),
    url: urlOf(input),
    isDefault: input.DefaultServer ?? false,
    scheduler: oneOf('Scheduler', input.Scheduler ?? 'WRR', schedulers),
    quic: input.Quic ?? false,
    targetType: oneOf('TargetType', input.TargetType ?? 'NODE', ['NODE', 'TARGETGROUP']),
    redirectTo: null,
    furtherDomains: [],
    healthCheck: ruleHealthCheck(),
    sessionExpireS: 0,
    cookieName: '',
    forwardType: 'HTTP',
    http2: false,
    gzip: true,
    certificate: null,
    targetGroups: [],
    autoCreated: false,
    targets: [],
    functions: [],
  };
}
