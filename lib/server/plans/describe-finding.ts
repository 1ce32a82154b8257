import 'server-only';
import { createTranslator } from 'next-intl';
import type { DescribedFinding } from '@/lib/contract/plan-description';
import preflight from '@/lib/messages/en/preflight.json';
import { takeAnyKey } from '@/lib/messages/use-any-key';
import type { HeadFinding } from '@/lib/plan/export/head-finding';
import type { Finding } from '@/lib/preflight/model/model';
import { stops } from '@/lib/preflight/model/stops';

const translate = takeAnyKey(createTranslator({ locale: 'en', timeZone: 'UTC', messages: preflight }));

/** Describes a finding in the words of the pages, for other uses. */
export function describeFinding(finding: Finding): DescribedFinding {
  const { check, status, why, values, source, acknowledgement } = finding;
  const text = translate.markup(`why.${why}`, { ...values, b: (inner: string) => inner });
  return {
    check: translate(`check.${check}`),
    status,
    isBlocking: stops(finding),
    text,
    source,
    ...(acknowledgement && { acknowledgement }),
  };
}

/** Returns the findings that the reader of an exported file must know: acknowledged losses, and what is unknown. */
export function listHeadFindings(findings: readonly Finding[]): readonly HeadFinding[] {
  return findings.flatMap((finding): readonly HeadFinding[] => {
    const isLoss = finding.isAcknowledged === true;
    if (!isLoss && finding.status !== 'unknown') return [];
    const { check, text } = describeFinding(finding);
    return [{ kind: isLoss ? 'loss' : 'unknown', text: `${check}: ${text}` }];
  });
}
