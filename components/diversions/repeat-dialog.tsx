'use client';

import { Repeat } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDomain, DomainConfirm } from '@/components/confirm/domain-confirm';
import { ActionFailure } from '@/components/shell/action-failure';
import { ReasonField } from '@/components/shell/reason-field';
import { useAction } from '@/components/shell/use-action';
import { Mono } from '@/components/ui/copyable';
import { type DraftFieldsProps, Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { CheckboxGroup } from '@/components/ui/forms/checkbox-group';
import { TextField } from '@/components/ui/forms/text-field';
import { TimeField } from '@/components/ui/forms/wall-fields';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { Time, useViewerZone } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import { ZoneSelect } from '@/components/ui/zone-select';
import type { DiversionView } from '@/lib/contract/diversion';
import type { SetRecurrenceAction } from '@/lib/contract/recurrence';
import { daysOfWeek } from '@/lib/diversion/freeze-times';
import { findReplaced, previewOccurrences, type RecurrenceRule } from '@/lib/diversion/recurrence';
import { draftRule, firstRepeat, type RepeatDraft, toRule } from './repeat-draft';

const previewed = 5;
const endsAfterChoices = [0, 1, 2, 3, 4, 5, 6];

type RepeatDialogProps = {
  readonly diversion: DiversionView;
  readonly setRecurrence: SetRecurrenceAction;
  readonly onClose: () => void;
};

/**
 * The rule by which a diversion repeats, with its next occurrences and those that it replaces. Mount it in the browser.
 */
export function RepeatDialog({ diversion, setRecurrence, onClose }: RepeatDialogProps) {
  const t = useTranslations('diversions.repeat');
  const message = useMessage('ui.refusal');
  const viewerZone = useViewerZone();
  const { id, recurrence, connection, movedNames } = diversion;
  const [now] = useState(() => Date.now());
  const [draft, setDraft] = useState(() =>
    recurrence?.rule ? draftRule(recurrence.rule, now) : firstRepeat(now, viewerZone),
  );
  const [typedDomain, setTypedDomain] = useState('');
  const [reason, setReason] = useState('');
  const [isJudged, setIsJudged] = useState(false);
  const setting = useAction(setRecurrence, onClose);
  const rule = toRule(draft);
  const change = (part: Partial<RepeatDraft>) => setDraft((before) => ({ ...before, ...part }));
  const errorOf = (field: string, value: unknown) => {
    const own = rule.ok ? undefined : rule.error[`rule.${field}`]?.[0];
    return (
      (isJudged && own !== undefined ? message(own) : undefined) ?? setting.fieldError(`rule.${field}`, value)
    );
  };
  return (
    <FormDialog
      title={t('dialogTitle', { id })}
      description={t('dialogText')}
      icon={<Repeat aria-hidden />}
      submitLabel={t(recurrence === null ? 'submit' : 'submitChange')}
      isBusy={setting.isBusy}
      onClose={onClose}
      onSubmit={() => {
        setIsJudged(true);
        if (rule.ok)
          setting.send({
            diversionId: id,
            rule: rule.value,
            reason,
            typedDomain: connection.kind === 'tencent' ? asDomain(typedDomain) : null,
          });
      }}
      below={<ActionFailure action={setting} />}
    >
      <DayFields {...{ draft, change, errorOf }} />
      <TimeFields {...{ draft, change, errorOf }} />
      <RangeFields {...{ draft, change, errorOf }} />
      {connection.kind === 'tencent' ? (
        <DomainConfirm
          names={movedNames}
          typed={typedDomain}
          onType={setTypedDomain}
          error={setting.fieldError('typedDomain', typedDomain)}
        />
      ) : null}
      <ReasonField reason={reason} onType={setReason} error={setting.fieldError('reason', reason)} />
      {rule.ok ? <Preview rule={rule.value} diversion={diversion} now={now} /> : null}
    </FormDialog>
  );
}

type FieldsProps = DraftFieldsProps<RepeatDraft>;

function DayFields({ draft, change, errorOf }: FieldsProps) {
  const t = useTranslations('diversions.repeat');
  const { kind } = draft;
  return (
    <>
      <div>
        <Segmented
          label={t('days')}
          value={kind}
          onChange={(chosen) => change({ kind: chosen })}
          options={(['daily', 'weekly', 'monthly'] as const).map((value) => ({
            value,
            label: t(`kind.${value}`),
          }))}
        />
      </div>
      {kind === 'weekly' ? (
        <CheckboxGroup
          label={t('weekdays')}
          options={daysOfWeek.map(({ day, name }) => ({ value: day, label: t(`weekday.${name}`) }))}
          chosen={draft.weekdays}
          onChange={(weekdays) => change({ weekdays })}
          error={errorOf('days.weekdays', draft.weekdays)}
        />
      ) : null}
      {kind === 'monthly' ? (
        <div className="grid items-start gap-3 md:grid-cols-2">
          <TextField
            label={t('monthDays')}
            note={t('monthDaysNote')}
            error={errorOf('days.days', draft.monthDays) ?? errorOf('days.days.0', draft.monthDays)}
            inputMode="numeric"
            value={draft.monthDays}
            onType={(monthDays) => change({ monthDays })}
          />
          <Field label={t('shortMonth')}>
            {(control) => (
              <Select
                {...control}
                value={draft.shortMonth}
                onChange={(shortMonth) => change({ shortMonth })}
                options={[
                  { value: 'skip', label: t('shortMonthSkip') },
                  { value: 'lastDay', label: t('shortMonthLast') },
                ]}
              />
            )}
          </Field>
        </div>
      ) : null}
    </>
  );
}

function TimeFields({ draft, change, errorOf }: FieldsProps) {
  const t = useTranslations('diversions.repeat');
  return (
    <div className="grid items-start gap-3 md:grid-cols-2">
      <TimeField
        label={t('start')}
        error={errorOf('startMinute', draft.start)}
        placeholder="20:00"
        value={draft.start}
        onChange={(start) => change({ start })}
      />
      <Field label={t('zone')} error={errorOf('zone', draft.zone)}>
        {(control) => <ZoneSelect {...control} value={draft.zone} onChange={(zone) => change({ zone })} />}
      </Field>
      <TimeField
        label={t('end')}
        error={errorOf('endMinute', draft.end)}
        placeholder="06:00"
        value={draft.end}
        onChange={(end) => change({ end })}
      />
      <Field label={t('endsAfter')}>
        {(control) => (
          <Select
            {...control}
            value={String(draft.endsAfter)}
            onChange={(days) => change({ endsAfter: Number(days) })}
            options={endsAfterChoices.map((days) => ({
              value: String(days),
              label: t('endsAfterDays', { days }),
            }))}
          />
        )}
      </Field>
    </div>
  );
}

function RangeFields({ draft, change, errorOf }: FieldsProps) {
  const t = useTranslations('diversions.repeat');
  return (
    <div className="grid items-start gap-3 md:grid-cols-2">
      <TextField
        label={t('from')}
        error={errorOf('from', draft.from)}
        type="date"
        value={draft.from}
        onType={(from) => change({ from })}
      />
      <TextField
        label={t('ahead')}
        note={t('aheadNote')}
        error={errorOf('aheadDays', draft.ahead)}
        inputMode="numeric"
        value={draft.ahead}
        onType={(ahead) => change({ ahead })}
      />
      <Field label={t('until')}>
        {(control) => (
          <Select
            {...control}
            value={draft.untilKind}
            onChange={(untilKind) => change({ untilKind })}
            options={(['never', 'date', 'count'] as const).map((value) => ({
              value,
              label: t(`untilKind.${value}`),
            }))}
          />
        )}
      </Field>
      {draft.untilKind === 'date' ? (
        <TextField
          label={t('untilDate')}
          error={errorOf('until.date', draft.untilDate)}
          type="date"
          value={draft.untilDate}
          onType={(untilDate) => change({ untilDate })}
        />
      ) : null}
      {draft.untilKind === 'count' ? (
        <TextField
          label={t('untilCount')}
          error={errorOf('until.count', draft.untilCount)}
          inputMode="numeric"
          value={draft.untilCount}
          onType={(untilCount) => change({ untilCount })}
        />
      ) : null}
    </div>
  );
}

type PreviewProps = {
  readonly rule: RecurrenceRule;
  readonly diversion: DiversionView;
  readonly now: number;
};

const iso = (at: number) => new Date(at).toISOString();

/** The next occurrences of a rule, and the existing ones that it replaces. */
function Preview({ rule, diversion: { recurrence }, now }: PreviewProps) {
  const t = useTranslations('diversions.repeat');
  const next = previewOccurrences(rule, now, previewed);
  const replaced = findReplaced(rule, recurrence?.occurrences ?? [], now).toReversed();
  return (
    <div className="grid gap-3 rounded-md border border-line bg-sunken px-3 py-2 text-12">
      <section aria-label={t('next')}>
        <h3 className="font-medium">{t('next')}</h3>
        {next.length === 0 ? (
          <p className="text-warn-ink">{t('nextNone')}</p>
        ) : (
          <ol>
            {next.map(({ date, t0, t1 }) => (
              <li key={date}>
                {t.rich('occurrence', {
                  t0: () => <Time at={iso(t0)} pageZone={rule.zone} hasDay />,
                  t1: () => <Time at={iso(t1)} pageZone={rule.zone} hasDay />,
                })}
              </li>
            ))}
          </ol>
        )}
      </section>
      {replaced.length === 0 ? null : (
        <section aria-label={t('replaced')}>
          <h3 className="font-medium text-warn-ink">{t('replacedTitle', { count: replaced.length })}</h3>
          <ul>
            {replaced.map(({ diversionId, t0 }) => (
              <li key={diversionId} className="flex gap-2">
                <Mono>{diversionId}</Mono> <Time at={iso(t0)} pageZone={rule.zone} hasDay />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
