import type { CertIdRelatedWithLoadBalancers } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError } from '@/lib/sandbox/model/api-error';
import { action, type WithFields } from '@/lib/sandbox/services/action';
import {
  findCertificate,
  foundOrUploaded,
  keepUploads,
} from '@/lib/sandbox/services/clb/listeners/certificate-input';
import type { WorldCertificateUse, WorldLoadBalancer } from '@/lib/sandbox/world/clb';
import { type LoadBalancerAnswer, loadBalancerAnswer } from './load-balancer-answer';

function isIn(use: WorldCertificateUse | null, id: string): boolean {
  return use !== null && (use.caId === id || use.ids.includes(id));
}

function uses(loadBalancer: WorldLoadBalancer, id: string): boolean {
  return loadBalancer.listeners.some(
    (listener) => isIn(listener.certificate, id) || listener.rules.some((rule) => isIn(rule.certificate, id)),
  );
}

type CertAnswer = WithFields<CertIdRelatedWithLoadBalancers, { LoadBalancers: LoadBalancerAnswer[] }>;
type ListAnswer = { CertSet: CertAnswer[] };

/**
 * Lists load balancers of the region by certificate (≤ 20 ids): https://www.tencentcloud.com/document/api/214/33800. An
 * unknown id has none.
 */
export const describeLoadBalancerListByCertId = action<'clb.DescribeLoadBalancerListByCertId', ListAnswer>(
  (request, { account, region }) => {
    const ofRegion = Object.values(account.loadBalancers).filter((lb) => lb.region === region);
    return {
      CertSet: request.CertIds.map((id) => ({
        CertId: id,
        LoadBalancers: ofRegion.filter((lb) => uses(lb, id)).map((lb) => loadBalancerAnswer(account, lb)),
      })),
    };
  },
);

/**
 * Replaces a certificate: https://www.tencentcloud.com/document/api/214/33799. It must be called in ap-guangzhou and
 * affects all regions. The documentation doesn't say whether it is a task; here it is one over every load balancer with
 * the old certificate.
 */
export const replaceCertForLoadBalancers = action<'clb.ReplaceCertForLoadBalancers'>((request, context) => {
  if (context.region !== 'ap-guangzhou') {
    throw new ApiError(
      'UnsupportedRegion',
      `ReplaceCertForLoadBalancers can be called in ap-guangzhou only, not in ${context.region}.`,
    );
  }
  const old = findCertificate(context, request.OldCertificateId, null);
  const { Certificate: input } = request;
  // A client CA has its own fields.
  const source =
    old.kind === 'SVR'
      ? input
      : { CertId: input.CertCaId, CertName: input.CertCaName, CertContent: input.CertCaContent };
  const field = old.kind === 'SVR' ? 'Certificate.CertId' : 'Certificate.CertCaId';
  const { certificate, isUpload } = foundOrUploaded(source, old.kind, field, context);
  const loadBalancers = Object.values(context.account.loadBalancers).filter((lb) => uses(lb, old.id));
  context.startTask(loadBalancers, {
    kind: 'replaceCertificate',
    loadBalancerIds: loadBalancers.map((lb) => lb.id),
    oldId: old.id,
    newId: certificate.id,
  });
  keepUploads(context, isUpload ? [certificate] : []);
  return {};
});
