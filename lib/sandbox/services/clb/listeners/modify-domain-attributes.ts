import type { ModifyDomainAttributesRequest } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, invalidValue, missingParameter } from '@/lib/sandbox/model/api-error';
import { action } from '@/lib/sandbox/services/action';
import { hasDomain, type WorldListener, type WorldRule } from '@/lib/sandbox/world/clb';
import type { RuleChange } from '../../../world/effect';
import { givenCertificate, keepUploads } from './certificate-input';
import { checkDomainFields, refuseDoubles } from './rule-input';
import { findLayer7 } from './rules';

type Names = Pick<WorldRule, 'domain' | 'furtherDomains'>;

function rulesOfDomain(listener: WorldListener, domain: string): WorldRule[] {
  const found = listener.rules.filter((rule) => hasDomain(rule, domain));
  if (found.length === 0) {
    throw new ApiError('InvalidParameter.LocationNotFound', `Domain ${domain} not found in ${listener.id}.`);
  }
  return found;
}

/**
 * Returns the new names of a domain's rules. @throws ApiError InvalidParameterValue.Duplicate when another rule has one
 * with the same URL
 */
function renamed(
  listener: WorldListener,
  rules: readonly WorldRule[],
  wanted: readonly string[],
): Names | null {
  const [domain, ...furtherDomains] = new Set(wanted);
  if (domain === undefined) return null;
  const names = { domain, furtherDomains };
  refuseDoubles(
    listener.rules.map((rule) => (rules.includes(rule) ? { ...rule, ...names } : rule)),
    listener.id,
  );
  return names;
}

function wantedNames(request: ModifyDomainAttributesRequest): readonly string[] | null {
  const { NewDomain: one, NewDomains: several } = request;
  if (one !== undefined && several !== undefined) {
    throw new ApiError('InvalidParameter', 'The parameters `NewDomain` and `NewDomains` exclude each other.');
  }
  return one === undefined ? (several ?? null) : [one];
}

/**
 * Returns the requested default domain, null = unchanged. A listener has exactly one, so turning it off names another
 * (https://cloud.tencent.com/document/api/214/38092).
 */
function wantedDefault(
  request: ModifyDomainAttributesRequest,
  listener: WorldListener,
  rules: readonly WorldRule[],
  newName: string,
): string | null {
  if (request.DefaultServer === true) return newName;
  const next = request.NewDefaultServerDomain;
  if (request.DefaultServer === undefined && next === undefined) return null;
  if (request.DefaultServer === false && !rules.some((rule) => rule.isDefault)) return null;
  if (next === undefined) {
    throw missingParameter(
      `${request.Domain} is the default domain of ${listener.id}: turning it off needs \`NewDefaultServerDomain\`.`,
    );
  }
  const others = listener.rules.filter((rule) => !rules.includes(rule));
  if (!others.some((rule) => hasDomain(rule, next))) {
    throw invalidValue(
      `The parameter \`NewDefaultServerDomain\` names ${next}, which is no other domain of ${listener.id}.`,
    );
  }
  return next;
}

/**
 * Modifies the attributes of a domain, which are the same on all its rules:
 * https://www.tencentcloud.com/document/api/214/33819.
 */
export const modifyDomainAttributes = action<'clb.ModifyDomainAttributes'>((request, context) => {
  const { loadBalancer, listener } = findLayer7(context, request);
  const rules = rulesOfDomain(listener, request.Domain);
  const certificate = givenCertificate(request, context);
  const { Http2: http2, Quic: quic } = request;
  checkDomainFields({ http2, quic, hasCertificate: certificate !== null }, listener);
  const wanted = wantedNames(request);
  const names = wanted && renamed(listener, rules, wanted);
  const changes = rules.map(
    (rule): RuleChange => ({
      ruleId: rule.id,
      fields: {
        ...names,
        ...(http2 === undefined ? {} : { http2 }),
        ...(quic === undefined ? {} : { quic }),
        ...(certificate ? { certificate: certificate.use } : {}),
      },
    }),
  );
  const newDefaultDomain = wantedDefault(request, listener, rules, wanted?.[0] ?? request.Domain);
  context.startTask(loadBalancer, {
    kind: 'changeRules',
    loadBalancerId: loadBalancer.id,
    listenerId: listener.id,
    changes,
    newDefaultDomain,
  });
  keepUploads(context, certificate?.uploads);
  return {};
});
