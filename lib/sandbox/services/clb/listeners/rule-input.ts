import type { RuleInput } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import type { ActionContext } from '@/lib/sandbox/services/action';
import {
  hasDomain,
  listRuleDomains,
  type WorldListener,
  type WorldLoadBalancer,
  type WorldRule,
} from '@/lib/sandbox/world/clb';
import { chosen, schedulers } from '../find/find-objects';
import { type GivenCertificate, givenCertificate } from './certificate-input';
import { toHealthCheck, usualHealthCheck } from './health-check';

/** The rule, and the certificate from the same request. */
type NewRule = { readonly rule: WorldRule; readonly certificate: GivenCertificate | null };

/**
 * Returns the protocol towards the targets; an HTTP listener has only one:
 * https://cloud.tencent.com/document/api/214/30679.
 */
export function parseForwardType(
  given: string | undefined,
  present: WorldRule['forwardType'],
  { protocol }: WorldListener,
  { assumptions }: Pick<ActionContext, 'assumptions'>,
): WorldRule['forwardType'] {
  const type = chosen(given, ['HTTP', 'HTTPS', 'GRPC', 'GRPCS'], present);
  if (protocol === 'HTTPS' || type === 'HTTP') return type;
  if (assumptions.get('listener.foreignField') === 'ignored') return 'HTTP';
  throw invalidValue(`The parameter \`ForwardType\` can be ${type} only on HTTPS listeners.`);
}

function listDomainNames(input: RuleInput): [string, ...string[]] {
  const { Domain: domain, Domains: domains = [] } = input;
  if (domain !== undefined && domains.length > 0) {
    throw new ApiError('InvalidParameter', 'The parameters `Domain` and `Domains` exclude each other.');
  }
  const [first, ...others] = domain === undefined ? domains : [domain];
  if (first === undefined) {
    throw missingParameter('The request is missing a required parameter `Domain`.');
  }
  const double = others.find((name, index) => name === first || others.indexOf(name) !== index);
  if (double !== undefined) {
    throw new ApiError('InvalidParameterValue.Duplicate', `The parameter \`Domains\` names ${double} twice.`);
  }
  return [first, ...others];
}

type DomainFields = Pick<WorldRule, 'certificate' | 'http2' | 'quic'>;

/** Returns the fields of the domain; further rules of the domain inherit them. @throws ApiError */
function domainFields(
  input: RuleInput,
  listener: WorldListener,
  present: WorldRule | undefined,
  given: GivenCertificate | null,
): DomainFields {
  checkDomainFields({ http2: input.Http2, quic: input.Quic, hasCertificate: given !== null }, listener);
  if (listener.sni && given === null && !present?.certificate) {
    throw missingParameter(
      `A new domain of ${listener.id}, which has SNI, needs a required parameter \`Certificate\`.`,
    );
  }
  if (!present) {
    return { certificate: given?.use ?? null, http2: input.Http2 ?? false, quic: input.Quic ?? false };
  }
  const { http2, quic, certificate } = present;
  if ((input.Http2 ?? http2) !== http2 || (input.Quic ?? quic) !== quic) {
    throw invalidValue(
      `\`Http2\` and \`Quic\` belong to the domain ${present.domain}, which has them otherwise: see ModifyDomainAttributes.`,
    );
  }
  return { certificate, http2, quic };
}

/**
 * Checks the fields of a domain. Only domains of an HTTPS listener have HTTP/2 and QUIC, only those of one with SNI
 * have their own certificates: https://cloud.tencent.com/document/api/214/38092.
 * @throws ApiError InvalidParameterValue
 */
export function checkDomainFields(
  given: { http2: boolean | undefined; quic: boolean | undefined; hasCertificate: boolean },
  listener: WorldListener,
): void {
  const field = given.http2 ? 'Http2' : given.quic ? 'Quic' : null;
  if (field && listener.protocol !== 'HTTPS') {
    throw invalidValue(
      `Only domains of an HTTPS listener can turn \`${field}\` on; ${listener.id} is ${listener.protocol}.`,
    );
  }
  if (given.hasCertificate && !listener.sni) {
    throw invalidValue(
      `The parameter \`Certificate\` only applies to listeners with SNI; ${listener.id} has none.`,
    );
  }
}

/**
 * Returns one rule of CreateRule: https://cloud.tencent.com/document/api/214/30694#RuleInput. Single values have passed
 * their rules; this checks them against the listener.
 * @throws ApiError MissingParameter, InvalidParameter, InvalidParameterValue(.Duplicate), UnsupportedOperation
 */
export function toRule(
  input: RuleInput,
  place: { loadBalancer: WorldLoadBalancer; listener: WorldListener },
  given: Pick<WorldRule, 'id' | 'createdAt'>,
  context: ActionContext,
): NewRule {
  const { listener } = place;
  const [domain, ...furtherDomains] = listDomainNames(input);
  const names = listRuleDomains({ domain, furtherDomains });
  const present = listener.rules.find((rule) => names.some((name) => hasDomain(rule, name)));
  const certificate = givenCertificate(input, context);
  const forwardType = parseForwardType(input.ForwardType, 'HTTP', listener, context);
  const { protocol } = listener;
  const checked = { protocol, forwardType, ipVersion: place.loadBalancer.ipVersion };
  const rule: WorldRule = {
    ...given,
    ...domainFields(input, listener, present, certificate),
    domain,
    furtherDomains,
    url: input.Url,
    isDefault: input.DefaultServer ?? false,
    scheduler: chosen(input.Scheduler, schedulers, 'WRR'),
    healthCheck: toHealthCheck(input.HealthCheck, usualHealthCheck(checked), checked),
    sessionExpireS: input.SessionExpireTime ?? 0,
    cookieName: input.CookieName ?? '',
    forwardType,
    gzip: true,
    targetType: chosen(input.TargetType, ['NODE', 'TARGETGROUP', 'TARGETGROUP-V2'], 'NODE'),
    targetGroups: [],
    redirectTo: null,
    targets: [],
    functions: [],
  };
  return { rule, certificate };
}

/**
 * Refuses duplicates: a listener has each pair of domain and URL once.
 * @throws ApiError InvalidParameterValue.Duplicate
 */
export function refuseDoubles(
  rules: readonly Pick<WorldRule, 'domain' | 'furtherDomains' | 'url'>[],
  listenerId: string,
): void {
  const seen = new Set<string>();
  for (const rule of rules) {
    for (const domain of listRuleDomains(rule)) {
      const key = `${domain} ${rule.url}`;
      if (seen.has(key)) {
        throw new ApiError(
          'InvalidParameterValue.Duplicate',
          `The rule ${domain}${rule.url} exists already in ${listenerId}.`,
        );
      }
      seen.add(key);
    }
  }
}
