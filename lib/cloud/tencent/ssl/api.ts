import type { Certificate } from '@/lib/estate/account-model';
import type { Reader } from '../call/caller';
import { type OnOdd, readPages } from '../call/pages';
import { toCertificates } from './convert';

/** The largest page. https://cloud.tencent.com/document/api/400/41671 */
const pageSize = 1000;

/** Lists all certificates of the account; the service has no regions. */
export function listCertificates(reader: Reader, onOdd: OnOdd): Promise<readonly Certificate[]> {
  return readPages(pageSize, (window) =>
    reader.read({ service: 'ssl', action: 'DescribeCertificates', region: null, params: window }, (answer) =>
      toCertificates(answer, onOdd),
    ),
  );
}
