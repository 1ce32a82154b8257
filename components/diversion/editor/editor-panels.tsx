'use client';

import { useTranslations } from 'next-intl';
import { type ComponentProps, useEffect, useRef } from 'react';
import { focusField } from '@/components/diversion/draft/field-id';
import { getTtlFloor, ttlFacts } from '@/components/diversion/draft/ttl-facts';
import { durationText } from '@/components/ui/duration-text';
import { listBlocks } from '@/lib/draft/list-blocks';
import { recordTtlDefaultS } from '@/lib/estate/facts/limits';
import { stops } from '@/lib/preflight/model/stops';
import { AccountsPanel } from './accounts-panel';
import { EditorFooter } from './editor-footer';
import { Fold } from './form-row';
import { NumberRow } from './optional-number';
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

/** The settings that a diversion can do without, folded unless one is set or wrong. */
export function Options({ form, accounts, ...span }: FormProps & ComponentProps<typeof AccountsPanel>) {
  const t = useTranslations('diversion.options');
  const { draft, preview } = form;
  const fields = ['lowerTtlS', 'expectedPeakRps', 'prewarmS'] as const;
  const isNeeded =
    span.spanned.length > 0 ||
    fields.some((field) => draft[field] !== null) ||
    preview.findings.some((finding) => stops(finding) && fields.some((field) => field === finding.field));
  return (
    <Fold summary={t('title')} isNeeded={isNeeded} className="border-t border-line">
      <TtlRow form={form} />
      <PeakRow form={form} />
      <PrewarmRow form={form} />
      {accounts.length > 0 ? <AccountsPanel accounts={accounts} {...span} /> : null}
    </Fold>
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
function PeakRow({ form }: FormProps) {
  const t = useTranslations('diversion.peak');
  const texts = { title: t('title'), label: t('label'), unit: t('unit'), note: t('note') };
  return <NumberRow form={form} field="expectedPeakRps" {...texts} placeholder={t('unknown')} />;
}

/** The lead of prewarm before T0, for a diversion that keeps instances warm. */
function PrewarmRow({ form }: FormProps) {
  const t = useTranslations('diversion.prewarm');
  const { routes, ownRoutes, prewarmS } = form.draft;
  const isWarm = [...routes, ...ownRoutes].some(
    (route) => route.to === 'function' && route.provisioned !== null,
  );
  if (!isWarm && prewarmS === null) return null;
  const note = prewarmS ? t('set', { lead: durationText(prewarmS) }) : t('note');
  const texts = { title: t('title'), label: t('label'), unit: 's', note };
  return <NumberRow form={form} field="prewarmS" {...texts} placeholder={t('usual')} />;
}

/** Sets whether the moved names get a shorter TTL before T0, beside their current TTL. */
function TtlRow({ form }: FormProps) {
  const t = useTranslations('diversion.ttl');
  const { draft, estate } = form;
  const facts = ttlFacts(estate, draft);
  const floor = getTtlFloor(estate, draft);
  const { lowerTtlS } = draft;
  const oldTtlS = Math.max(0, ...facts.map(({ ttlS }) => ttlS ?? 0));
  const waits = lowerTtlS === null || lowerTtlS >= oldTtlS ? t('note') : t('waits', { seconds: oldTtlS });
  const atLeast = floor && t('floor', { zone: floor.zone, plan: floor.grade, seconds: floor.minTtlS });
  const note = (
    <>
      {[waits, atLeast].join(' ')}
      {facts.map(({ domain, ttlS }) => (
        <span key={domain} className="flex flex-wrap gap-x-2 text-ink-2">
          <span>{domain}</span>
          {ttlS === null ? t('noRecord', { seconds: recordTtlDefaultS }) : t('seconds', { ttlS })}
        </span>
      ))}
    </>
  );
  const texts = { title: t('title'), label: t('label'), unit: 's', note };
  return <NumberRow form={form} field="lowerTtlS" {...texts} placeholder={t('asItIs')} />;
}
