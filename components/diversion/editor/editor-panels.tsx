'use client';

import { useTranslations } from 'next-intl';
import { type ComponentProps, useEffect, useRef } from 'react';
import { focusField } from '@/components/diversion/draft/field-id';
import { fixableBlocks } from '@/components/diversion/draft/fixable-blocks';
import { getTtlFloor, ttlFacts } from '@/components/diversion/draft/ttl-facts';
import { BlocksPanel } from '@/components/diversion/findings/blocks-panel';
import { durationText } from '@/components/ui/duration-text';
import { Panel } from '@/components/ui/panel';
import { listBlocks } from '@/lib/draft/list-blocks';
import { recordTtlDefaultS } from '@/lib/estate/facts/limits';
import { AccountsPanel } from './accounts-panel';
import { EditorFooter } from './editor-footer';
import { NamesPanel } from './names-panel';
import { OptionalNumber, OptionalNumberNotes } from './optional-number';
import { PlanSoFar } from './plan-so-far';
import { RampPanel } from './ramp-panel';
import type { DiversionForm } from './use-diversion-form';

type EditorKeys = { readonly onFirstBlock: () => void; readonly onReview: () => void };

/**
 * Handles the editor's keys: F8 focuses the first blocking field, Ctrl Enter (or ⌘ Enter) reviews the plan. Inside a
 * dialog the keys belong to the dialog.
 */
function useEditorKeys(keys: EditorKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.target instanceof Element && event.target.closest('[role="dialog"]')) return;
      if (event.key === 'F8') {
        event.preventDefault();
        latest.current.onFirstBlock();
      } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        latest.current.onReview();
      }
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

type FormProps = { readonly form: DiversionForm };

/** The panels below the sides. */
export function LowerPanels({ form, accounts, ...span }: FormProps & ComponentProps<typeof AccountsPanel>) {
  return (
    <>
      {form.draft.kind === 'switch' ? (
        <>
          <NamesPanel form={form} />
          <RampPanel form={form} />
        </>
      ) : null}
      <TtlPanel form={form} />
      <PeakPanel form={form} />
      <PrewarmPanel form={form} />
      {accounts.length > 0 ? <AccountsPanel accounts={accounts} {...span} /> : null}
    </>
  );
}

/** The results of the checks, beside the sides. */
export function CheckPanels({ form }: FormProps) {
  const { draft, preview } = form;
  const blocks = listBlocks(draft, preview.findings);
  return (
    <>
      <BlocksPanel
        draft={draft}
        blocks={blocks}
        onFixAll={() => form.choose({ kind: 'fixAll', fixes: fixableBlocks(blocks) })}
      />
      <PlanSoFar
        draft={form.checkedDraft}
        plan={preview.plan}
        isChecking={!form.isCurrent && !form.checkFailed}
      />
    </>
  );
}

type FooterPartProps = FormProps &
  Pick<ComponentProps<typeof EditorFooter>, 'isSaving' | 'onSave' | 'onDiscard'>;

/** The draft's summary and the review button, and the editor's keys. */
export function FooterPart({ form, ...actions }: FooterPartProps) {
  const { draft, preview } = form;
  const goToFirstBlock = () => {
    const [first] = listBlocks(draft, preview.findings);
    if (first !== undefined) focusField(first.field);
  };
  useEditorKeys({ onFirstBlock: goToFirstBlock, onReview: form.review });
  return (
    <EditorFooter
      draft={form.checkedDraft}
      preview={preview}
      busy={form.isSending || form.isReviewAsked}
      onFirstBlock={goToFirstBlock}
      onReview={form.review}
      {...actions}
    />
  );
}

/** The expected peak of requests, and whether the new backends can take it. */
function PeakPanel({ form }: { readonly form: DiversionForm }) {
  const t = useTranslations('diversion.peak');
  const field = 'expectedPeakRps';
  return (
    <Panel title={t('title')}>
      <div className="grid items-start gap-x-6 gap-y-3 md:grid-cols-[14rem_minmax(0,1fr)]">
        <OptionalNumber {...{ form, field }} label={t('label')} unit={t('unit')} placeholder={t('unknown')} />
        <OptionalNumberNotes {...{ form, field }} note={t('note')} withPassed />
      </div>
    </Panel>
  );
}

/** The lead of prewarm before T0, for a diversion that keeps instances warm. */
function PrewarmPanel({ form }: { readonly form: DiversionForm }) {
  const t = useTranslations('diversion.prewarm');
  const { routes, ownRoutes, prewarmS } = form.draft;
  const isWarm = [...routes, ...ownRoutes].some(
    (route) => route.to === 'function' && route.provisioned !== null,
  );
  if (!isWarm && prewarmS === null) return null;
  const field = 'prewarmS';
  return (
    <Panel title={t('title')}>
      <div className="grid items-start gap-x-6 gap-y-3 md:grid-cols-[14rem_minmax(0,1fr)]">
        <OptionalNumber {...{ form, field }} label={t('label')} unit="s" placeholder={t('usual')} />
        <OptionalNumberNotes
          {...{ form, field }}
          note={
            prewarmS === null || Number.isNaN(prewarmS)
              ? t('note')
              : t('set', { lead: durationText(prewarmS) })
          }
        />
      </div>
    </Panel>
  );
}

/** Sets whether the moved names get a shorter TTL before T0, beside their current TTL. */
function TtlPanel({ form }: { readonly form: DiversionForm }) {
  const t = useTranslations('diversion.ttl');
  const { draft, estate } = form;
  const facts = ttlFacts(estate, draft);
  const floor = getTtlFloor(estate, draft);
  const { lowerTtlS } = draft;
  const oldTtlS = Math.max(0, ...facts.map(({ ttlS }) => ttlS ?? 0));
  const waits = lowerTtlS === null || lowerTtlS >= oldTtlS ? t('note') : t('waits', { seconds: oldTtlS });
  const note =
    floor === null
      ? waits
      : `${waits} ${t('floor', { zone: floor.zone, plan: floor.grade, seconds: floor.minTtlS })}`;
  const field = 'lowerTtlS';
  return (
    <Panel title={t('title')}>
      <div className="grid items-start gap-x-6 gap-y-3 md:grid-cols-[14rem_minmax(0,1fr)]">
        <OptionalNumber {...{ form, field }} label={t('label')} unit="s" placeholder={t('asItIs')} />
        <div className="grid gap-1 text-12">
          <p className="font-medium text-ink-2">{t('now')}</p>
          {facts.length === 0 ? <p className="text-ink-3">{t('noDomain')}</p> : null}
          <ul className="grid gap-0.5">
            {facts.map(({ domain, ttlS }) => (
              <li key={domain} className="flex flex-wrap gap-x-2">
                <span>{domain}</span>
                <span className="text-ink-2">
                  {ttlS === null ? t('noRecord', { seconds: recordTtlDefaultS }) : t('seconds', { ttlS })}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </div>
      <OptionalNumberNotes {...{ form, field }} note={note} className="mt-2" />
    </Panel>
  );
}
