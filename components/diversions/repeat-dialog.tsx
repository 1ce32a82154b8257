'use client';

import { Repeat } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDomain, DomainConfirm } from '@/components/confirm/domain-confirm';
import { ActionFailure } from '@/components/shell/action-failure';
import { AddMessages } from '@/components/shell/intl-provider';
import { ReasonField } from '@/components/shell/reason-field';
import { useAction } from '@/components/shell/use-action';
import { Mono } from '@/components/ui/copyable';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Input } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { Time, useViewerZone } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import { ZoneSelect } from '@/components/ui/zone-select';
import type { SetRecurrenceAction } from '@/lib/client/diversion-actions';
import type { DiversionView } from '@/lib/client/diversion-views';
import { daysOfWeek } from '@/lib/diversion/freeze-times';
import { findReplaced, previewOccurrences, type RecurrenceRule } from '@/lib/diversion/recurrence';
import clock from '@/lib/messages/en/plan-clock.json';
import { draftRule, firstRepeat, type RepeatDraft, toRule } from './repeat-draft';

const previewed = 5;
const endsAfterChoices = [0, 1, 2, 3, 4, 5, 6];

type RepeatDialogProps = {
  readonly diversion: DiversionView;
  readonly setRecurrence: SetRecurrenceAction;
  readonly onClose: () => void;
};

const texts = { plan: { apply: clock.apply } };

/**
 * The rule by which a diversion repeats, with its next occurrences and those that it replaces. Mount it in the browser.
 */
export function RepeatDialog(props: RepeatDialogProps) {
  return (
    <AddMessages texts={texts}>
      <RepeatForm {...props} />
    </AddMessages>
  );
}

function RepeatForm({ diversion, setRecurrence, onClose }: RepeatDialogProps) {
  const t = useTranslations('diversions.repeat');
  const message = useMessage('ui.refusal');
  const viewerZone = useViewerZone();
  const { id, recurrence, connection, movedNames } = diversion;
  const [now] = useState(() => Date.now());
  const [draft, setDraft] = useState(() =>
    recurrence === null ? firstRepeat(now, viewerZone) : draftRule(recurrence.rule, now),
  );
  const [typedDomain, setTypedDomain] = useState('');
  const [reason, setReason] = useState('');
  const [isJudged, setIsJudged] = useState(false);
  const setting = useAction(setRecurrence, onClose);
  const rule = toRule(draft);
  const change = (part: Partial<RepeatDraft>) => setDraft((before) => ({ ...before, ...part }));
  const errorOf = (field: string) => {
    const own = rule.ok ? undefined : rule.error[`rule.${field}`]?.[0];
    return (isJudged && own !== undefined ? message(own) : undefined) ?? setting.fieldError(`rule.${field}`);
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
          error={setting.fieldError('typedDomain')}
        />
      ) : null}
      <ReasonField reason={reason} onType={setReason} error={setting.fieldError('reason')} />
      {rule.ok ? <Preview rule={rule.value} diversion={diversion} now={now} /> : null}
    </FormDialog>
  );
}

type FieldsProps = {
  readonly draft: RepeatDraft;
  readonly change: (part: Partial<RepeatDraft>) => void;
  readonly errorOf: (field: string) => string | undefined;
};

function DayFields({ draft, change, errorOf }: FieldsProps) {
  const t = useTranslations('diversions.repeat');
  const { kind, weekdays } = draft;
  const toggle = (day: number) =>
    change({
      weekdays: weekdays.includes(day) ? weekdays.filter((each) => each !== day) : [...weekdays, day].sort(),
    });
  const weekdaysError = errorOf('days.weekdays');
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
        <fieldset className="grid gap-1">
          <legend className="mb-1 text-12 font-medium text-ink-2">{t('weekdays')}</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-1">
            {daysOfWeek.map(({ day, name }) => (
              <label key={day} className="inline-flex min-h-6 items-center gap-1.5">
                <input
                  type="checkbox"
                  className="accent-accent"
                  checked={weekdays.includes(day)}
                  onChange={() => toggle(day)}
                />
                {t(`weekday.${name}`)}
              </label>
            ))}
          </div>
          {weekdaysError === undefined ? null : <p className="text-12 text-bad-ink">{weekdaysError}</p>}
        </fieldset>
      ) : null}
      {kind === 'monthly' ? (
        <div className="grid items-start gap-3 md:grid-cols-2">
          <Field
            label={t('monthDays')}
            note={t('monthDaysNote')}
            error={errorOf('days.days') ?? errorOf('days.days.0')}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={draft.monthDays}
                onChange={(event) => change({ monthDays: event.target.value })}
              />
            )}
          </Field>
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
      <Field label={t('start')} error={errorOf('startMinute')}>
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            placeholder="20:00"
            value={draft.start}
            onChange={(event) => change({ start: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('zone')} error={errorOf('zone')}>
        {(control) => <ZoneSelect {...control} value={draft.zone} onChange={(zone) => change({ zone })} />}
      </Field>
      <Field label={t('end')} error={errorOf('endMinute')}>
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            placeholder="06:00"
            value={draft.end}
            onChange={(event) => change({ end: event.target.value })}
          />
        )}
      </Field>
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
      <Field label={t('from')} error={errorOf('from')}>
        {(control) => (
          <Input
            {...control}
            type="date"
            value={draft.from}
            onChange={(event) => change({ from: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('ahead')} note={t('aheadNote')} error={errorOf('aheadDays')}>
        {(control) => (
          <Input
            {...control}
            inputMode="numeric"
            value={draft.ahead}
            onChange={(event) => change({ ahead: event.target.value })}
          />
        )}
      </Field>
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
        <Field label={t('untilDate')} error={errorOf('until.date')}>
          {(control) => (
            <Input
              {...control}
              type="date"
              value={draft.untilDate}
              onChange={(event) => change({ untilDate: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {draft.untilKind === 'count' ? (
        <Field label={t('untilCount')} error={errorOf('until.count')}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={draft.untilCount}
              onChange={(event) => change({ untilCount: event.target.value })}
            />
          )}
        </Field>
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
