import { useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import type { EditorFailures } from './notice-parts';

type Parts = typeof import('./notice-parts');

const parts = onDemand(() => import('./notice-parts'));

/** Shows the origin of a draft that is stored in this tab. */
export function DraftNotices(props: ComponentProps<Parts['StoredDraftNotices']>) {
  const isNeeded = props.lost !== null || props.left !== 'none';
  const part = usePart(parts, isNeeded);
  if (!isNeeded || part === null) return null;
  return part === 'missing' ? <NoticeMissing /> : <part.StoredDraftNotices {...props} />;
}

/** Shows the failures on this page, if there are any. */
export function EditorNotices(props: EditorFailures) {
  const { action, failure, syncProblem, onRetryCheck } = props;
  const isNeeded =
    action.refusal !== null ||
    action.isUnknown ||
    failure !== null ||
    syncProblem !== null ||
    onRetryCheck !== null;
  const part = usePart(parts, isNeeded);
  if (!isNeeded || part === null) return null;
  return part === 'missing' ? <NoticeMissing /> : <part.FailureNotices {...props} />;
}

function NoticeMissing() {
  const t = useTranslations('ui');
  return (
    <p role="alert" className="text-12 text-bad-ink">
      {t('partMissing')}
    </p>
  );
}
