import { type OutageFinding, outageFindings } from '@/lib/diversion/acknowledgement';
import type { DiversionField } from '@/lib/diversion/diversion';
import { invariant } from '@/lib/invariant';
import type { CheckId, Finding, Fix } from './model';

type Found = {
  readonly field: DiversionField | null;
  readonly objects: readonly string[];
  /** Message key below `preflight.why`. */
  readonly why: string;
  readonly values?: Finding['values'];
  readonly fix?: Fix | null;
};

/** The reasons of a check that predict errors for clients. */
type OutageWhy<C extends CheckId, F = OutageFinding> = F extends `${C}.${infer Why}` ? Why : never;

/** A predicted outage: the domain whose clients get errors, and exactly what fails. */
type FoundOutage<C extends CheckId> = Found & {
  readonly why: OutageWhy<C>;
  readonly domain: string;
  readonly loss: string;
};

/**
 * Returns constructors for the findings of one check, all with its id and source. `outage` blocks until it is
 * acknowledged.
 */
export function createFindings<C extends CheckId>(check: C, source: string) {
  const make =
    (status: Finding['status']) =>
    ({ field, objects, why, values = {}, fix = null }: Found): Finding => ({
      check,
      status,
      field,
      objects,
      why: `${check}.${why}`,
      values,
      fix,
      source,
    });
  const outage = ({ domain, loss, ...found }: FoundOutage<C>): Finding => {
    const finding = outageFindings.find((each) => each === `${check}.${found.why}`);
    invariant(finding !== undefined, 'the type of its reason allows only these');
    return { ...make('block')(found), acknowledgement: { finding, domain: domain.toLowerCase(), loss } };
  };
  return { pass: make('pass'), warn: make('warn'), block: make('block'), unknown: make('unknown'), outage };
}

/** Formats an instant for people, to the minute. */
export function minute(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

/** Public addresses of the rules' sources. */
export const sources = {
  /** RegisterFunctionTargets, which lists the binding restrictions. */
  binding: 'https://www.tencentcloud.com/document/api/214/54047',
  /** Event and response of a function behind a load balancer. */
  clbTrigger: 'https://www.tencentcloud.com/document/product/583/39849',
  /** Listeners and rules with certificates, sessions and HTTP/2. */
  clbTypes: 'https://cloud.tencent.com/document/api/214/30694',
  /** Status codes of functions, such as that of a timeout. */
  scfStatus: 'https://www.tencentcloud.com/document/product/583/35311',
  cam: 'https://cloud.tencent.com/document/product/598/98118',
  scfQuotas: 'https://www.tencentcloud.com/document/product/583/11637',
  /** Layer-7 custom configurations, with the defaults. */
  customConfig: 'https://www.tencentcloud.com/document/product/214/32427',
  domainNamed: 'https://www.tencentcloud.com/document/product/214/53830',
  /** The way a name is connected to a WAF, a CDN or EdgeOne: by a CNAME in its DNS. */
  edge: 'https://cloud.tencent.com/document/product/627/43213',
  domainRules: 'https://www.tencentcloud.com/document/product/214/9032',
  records: 'https://cloud.tencent.com/document/api/1427/56180',
  dnsPlans: 'https://cloud.tencent.com/document/api/1427/70489',
  lines: 'https://cloud.tencent.com/document/api/1427/56167',
  /** Weight of a record: 1 to 100, and 0 switches weighting off. */
  weights: 'https://cloud.tencent.com/document/api/1427/56157',
} as const;
