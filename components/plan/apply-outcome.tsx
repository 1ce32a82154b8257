import { useTranslations } from 'next-intl';
import { Callout } from '@/components/ui/banner';
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
      {apply.error === null ? null : (
        <div role="alert">
          <Callout tone="bad" title={failed}>
            {apply.why}
          </Callout>
        </div>
      )}
      {apply.isUnknown ? (
        <div role="alert">
          <Callout tone="bad" title={unknown}>
            {t.rich('unknownNote', {
              runs: (text) => <TextLink href={routes.runs()}>{text}</TextLink>,
            })}
          </Callout>
        </div>
      ) : null}
    </>
  );
}
