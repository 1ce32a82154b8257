import type { CertificateOutput } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import type { WorldCertificateUse } from '@/lib/sandbox/world/clb';

/**
 * Returns the certificates of a listener or rule: https://cloud.tencent.com/document/api/214/30694#CertificateOutput.
 */
export function certificateAnswer(use: WorldCertificateUse | null): CertificateOutput | null {
  if (use === null) return null;
  const [first = '', ...others] = use.ids;
  return {
    SSLMode: use.mode,
    SSLVerifyClient: use.verifyClient,
    CertId: first,
    CertCaId: use.caId ?? '',
    ExtCertIds: others,
  };
}
