import { useTranslations } from 'next-intl';
import { FailureCallout } from '@/components/ui/banner';
import { TextLink } from '@/components/ui/text-link';
import { routes } from '@/lib/routes';
import type { Apply } from './use-apply';

type ApplyOutcomeProps = {
  readonly apply: Apply;
  /** What did not happen. */
  readonly failed: string;
  /** What is not known where no answer came. */
  readonly unknown: string;
};

/** Why a plan was not taken, or that this is not known. */
export function ApplyOutcome({ apply, failed, unknown }: ApplyOutcomeProps) {
  const t = useTranslations('plan.apply');
  return (
    <>
      {apply.error === null ? null : <FailureCallout title={failed}>{apply.why}</FailureCallout>}
      {apply.isUnknown ? (
        <FailureCallout title={unknown}>
          {t.rich('unknownNote', {
            runs: (text) => <TextLink href={routes.runs()}>{text}</TextLink>,
          })}
        </FailureCallout>
      ) : null}
    </>
  );
}
