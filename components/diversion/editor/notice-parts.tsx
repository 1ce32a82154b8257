'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { ActionFailure } from '@/components/shell/action-failure';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { TextLink } from '@/components/ui/text-link';
import type { LostNames } from '@/lib/draft/carry-over';
import { routes } from '@/lib/routes';
import type { StoreFailure } from './use-diversion-form';
import type { Left } from './use-draft';

type StoredDraftProps = {
  readonly left: Left;
  readonly lost: LostNames | null;
  readonly onRestore: () => void;
  readonly onDiscard: () => void;
};

/**
 * Shows that the draft is the one stored in this tab, or that there is one, and the names that a change of kind has
 * dropped.
 */
export function DraftNotices({ left, lost, onRestore, onDiscard }: StoredDraftProps) {
  const t = useTranslations('diversion');
  const format = useFormatter();
  return (
    <>
      {lost === null ? null : (
        <Banner tone="warn" title={t('lost.title', { kind: lost.kind })}>
          {t('lost.note', { kind: lost.kind, names: format.list(lost.names) })}
        </Banner>
      )}
      {left === 'shown' ? (
        <Banner
          title={t('left.shown')}
          actions={
            <Button size="sm" onClick={onDiscard}>
              {t('left.discard')}
            </Button>
          }
        >
          {t('left.shownNote')}
        </Banner>
      ) : null}
      {left === 'waiting' ? (
        <Banner
          title={t('left.waiting')}
          actions={
            <Button size="sm" onClick={onRestore}>
              {t('left.restore')}
            </Button>
          }
        >
          {t('left.waitingNote')}
        </Banner>
      ) : null}
    </>
  );
}

type EditorFailures = ComponentProps<typeof ActionFailure> & {
  readonly failure: StoreFailure | null;
  /** The reason why the estate could not be synced after a new function was deployed; null = no problem. */
  readonly syncProblem: string | null;
  /** Repeats a check of the draft that got no response; null = the last one has a response or is in progress. */
  readonly onRetryCheck: (() => void) | null;
};

/** Failures on this page and what to do about them; the choices are kept. */
export function EditorNotices({ failure, syncProblem, onRetryCheck, ...action }: EditorFailures) {
  const t = useTranslations('diversion');
  return (
    <>
      <ActionFailure {...action} />
      {failure === null ? null : failure.kind === 'refused' ? (
        <Banner tone="bad" title={t('actionFailed')}>
          {failure.text}
        </Banner>
      ) : (
        <Banner tone="bad" title={t('actionUnknown')}>
          {t.rich('actionUnknownNote', {
            diversions: (text) => <TextLink href={routes.diversions()}>{text}</TextLink>,
          })}
        </Banner>
      )}
      {onRetryCheck === null ? null : (
        <Banner
          tone="bad"
          title={t('check.failed')}
          actions={
            <Button size="sm" onClick={onRetryCheck}>
              {t('check.retry')}
            </Button>
          }
        >
          {t('check.failedNote')}
        </Banner>
      )}
      {syncProblem === null ? null : (
        <Banner tone="warn" title={t('syncFailed')}>
          {syncProblem} {t('syncFailedStill')}
        </Banner>
      )}
    </>
  );
}
