import { CircleCheck, CircleHelp, CircleX, Plus, TriangleAlert, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ClipboardEvent, useState } from 'react';
import { fieldId } from '@/components/diversion/draft/field-id';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { FindingLines } from '@/components/diversion/findings/finding-lines';
import { Button, IconButton } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { controlLook, Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { TextButton } from '@/components/ui/text-link';
import { wavesMax } from '@/lib/diversion/wave-limits';
import { type FieldFinding, worstStatus } from '@/lib/draft/field-findings';
import type { RejectedName } from '@/lib/draft/names/parse-names';
import { parseNames } from '@/lib/draft/names/parse-names';
import { dropOwnRoutes, type NameFacts, shownWaves } from '@/lib/draft/shown-waves';
import { stops } from '@/lib/preflight/model/stops';
import { Fold, FormRow } from './form-row';
import type { DiversionForm } from './use-diversion-form';

type NamesProps = { readonly form: DiversionForm };

/**
 * The names of a Switch by wave, each with its state now, and the field that takes a pasted list of further ones; folded
 * while there is one name.
 */
export function NamesFold({ form }: NamesProps) {
  const t = useTranslations('diversion.names');
  const { draft, estate } = form;
  const waves = shownWaves(draft);
  const facts = new Map(estate.names.map((each) => [each.name, each]));
  const { errors } = form.stateOf('waves');
  return (
    <Fold summary={t('several')} isNeeded={draft.waves.length > 0} className="border-t border-line">
      <FormRow title={t('title')}>
        <div className="grid gap-4" data-field="waves">
          <NamesInput form={form} />
          {errors.map((error) => (
            <p key={error} className="flex gap-1.5 text-12 text-bad-ink">
              <CircleX aria-hidden className="mt-px size-3.5 shrink-0 text-bad" />
              {error}
            </p>
          ))}
          {waves.map(({ names, bakeS }, nth) => (
            <section key={names[0]} aria-label={t('wave', { number: nth + 1 })}>
              <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line pb-1 text-12">
                <h3 className="font-semibold">{t('wave', { number: nth + 1 })}</h3>
                <span className="text-ink-3">{t('count', { count: names.length })}</span>
                {nth < waves.length - 1 ? <WaveBake form={form} nth={nth} bakeS={bakeS} /> : null}
              </div>
              <ul>
                {names.map((name) => (
                  <NameRow key={name} form={form} facts={facts.get(name)} name={name} nth={nth} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      </FormRow>
    </Fold>
  );
}

/** The field for a list of names. Pasted text is added at once, typed text with the button. */
function NamesInput({ form }: NamesProps) {
  const t = useTranslations('diversion.names');
  const [text, setText] = useState('');
  const [rejected, setRejected] = useState<readonly RejectedName[]>([]);
  const [added, setAdded] = useState<number | null>(null);
  const id = fieldId('waves');
  function add(list: string) {
    const parsed = parseNames(
      list,
      shownWaves(form.draft).flatMap(({ names }) => names),
    );
    form.choose({ kind: 'addNames', lists: parsed.waves });
    setRejected(parsed.rejected);
    setAdded(parsed.waves.flat().length);
    setText('');
  }
  function paste(event: ClipboardEvent<HTMLTextAreaElement>) {
    // A paste into typed text is inserted as text.
    if (text.trim() !== '') return;
    event.preventDefault();
    add(event.clipboardData.getData('text'));
  }
  return (
    <div className="grid gap-1.5 max-md:hidden">
      <label htmlFor={id} className="text-12 font-medium text-ink-2">
        {t('label')}
      </label>
      <textarea
        id={id}
        rows={3}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={`${id}-note`}
        className={classes(controlLook, 'px-2.5 py-1.5 font-mono text-12')}
        value={text}
        onPaste={paste}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
        <p id={`${id}-note`} className="min-w-0 flex-1 text-12 text-ink-2">
          {t('note')}
        </p>
        <Button size="sm" icon={<Plus aria-hidden />} disabled={text.trim() === ''} onClick={() => add(text)}>
          {t('add')}
        </Button>
      </div>
      <div role="status" className="grid gap-1 text-12">
        {added === null ? null : <p className="text-ink-2">{t('added', { count: added })}</p>}
        {rejected.length === 0 ? null : (
          <ul className="grid gap-0.5 text-bad-ink">
            {rejected.map(({ nth, line, text: entry, why }) => (
              <li key={nth} className="wrap-anywhere">
                {t('rejectedLine', { line, entry, why: t(`rejected.${why}`) })}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

type WaveBakeProps = NamesProps & { readonly nth: number; readonly bakeS: number };

/** The bake before the next wave. */
function WaveBake({ form, nth, bakeS }: WaveBakeProps) {
  const t = useTranslations('diversion.names');
  const change = (minutes: number) =>
    form.edit((draft) => ({
      ...draft,
      waves: draft.waves.map((wave, other) => (other === nth ? { ...wave, bakeS: minutes * 60 } : wave)),
    }));
  return (
    <span className="ml-auto flex items-center gap-2">
      <span className="text-ink-2">{t('then')}</span>
      <Input
        aria-label={t('bake', { number: nth + 1 })}
        aria-invalid={Number.isNaN(bakeS) || undefined}
        className="w-24"
        size="sm"
        inputMode="numeric"
        unit={t('minutes')}
        value={wholeText(bakeS / 60)}
        onChange={({ target }) => change(wholeNumber(target.value))}
      />
    </span>
  );
}

/**
 * Returns the findings about a name. Findings that block nothing and also apply to the first name are shown only at the
 * fields of its routes.
 */
function listNameFindings({ draft, preview }: DiversionForm, name: string): readonly FieldFinding[] {
  const first = draft.routes[0]?.domain;
  const wrong = preview.findings.filter(({ status }) => status !== 'pass');
  const shown = new Set(
    wrong.flatMap((finding) => (finding.name === first ? [`${finding.check}.${finding.why}`] : [])),
  );
  return wrong.filter(
    (finding) =>
      finding.name === name &&
      finding.field === 'waves' &&
      (stops(finding) || !shown.has(`${finding.check}.${finding.why}`)),
  );
}

const marks = { block: CircleX, warn: TriangleAlert, unknown: CircleHelp, pass: CircleCheck } as const;
const tones = {
  block: 'text-bad',
  warn: 'text-warn-ink',
  unknown: 'text-warn-ink',
  pass: 'text-ok',
} as const;

type NameRowProps = NamesProps & {
  readonly name: string;
  readonly nth: number;
  readonly facts: NameFacts | undefined;
};

/** One name: its state now, its problems, and the controls that move it to another wave or remove it. */
function NameRow({ form, name, nth, facts }: NameRowProps) {
  const t = useTranslations('diversion.names');
  const waves = shownWaves(form.draft);
  const findings = listNameFindings(form, name);
  const own = form.preview.findings.filter((finding) => finding.name === name);
  const hasOwnRoutes = form.draft.ownRoutes.some(({ domain }) => domain === name);
  const isLacking = facts !== undefined && facts.lacksListenerOn !== null;
  const status = isLacking ? 'block' : (worstStatus(own) ?? 'unknown');
  const Mark = marks[status];
  const canBegin = waves.length < wavesMax && (waves[nth]?.names.length ?? 0) > 1;
  const count = waves.length + (canBegin ? 1 : 0);
  const options = Array.from({ length: count }, (_, other) => ({
    value: String(other),
    label: other < waves.length ? t('wave', { number: other + 1 }) : t('newWave'),
  }));
  return (
    <li className="border-b border-line py-1.5 text-12 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Mark aria-label={t(`status.${status}`)} role="img" className={classes('size-3.5', tones[status])} />
        <strong className="min-w-0 font-semibold wrap-anywhere">{name}</strong>
        {facts?.zone === null ? <span className="text-ink-2">{t('noZone')}</span> : null}
        {facts?.lacksListenerOn == null ? null : (
          <span className="text-bad-ink">{t('noListener', { id: facts.lacksListenerOn })}</span>
        )}
        <span className="ml-auto flex items-center gap-1.5 max-md:hidden">
          <Select
            aria-label={t('waveOf', { name })}
            size="sm"
            className="w-28!"
            value={String(nth)}
            options={options}
            onChange={(to) => form.choose({ kind: 'moveName', name, wave: Number(to) })}
          />
          <IconButton
            size="sm"
            label={t('remove', { name })}
            icon={<X aria-hidden />}
            onClick={() => form.choose({ kind: 'removeName', name })}
          />
        </span>
      </div>
      {hasOwnRoutes ? (
        <p className="mt-1 pl-6.5 text-ink-2">
          {t('ownRoutes')}{' '}
          <TextButton
            className="max-md:hidden"
            onClick={() => form.edit((draft) => dropOwnRoutes(draft, name))}
          >
            {t('likeFirst', { name })}
          </TextButton>
        </p>
      ) : null}
      {findings.length === 0 ? null : (
        <div className="mt-1 grid gap-1 pl-6.5">
          <FindingLines findings={findings} onFix={form.fix} actionsOf={() => []} />
        </div>
      )}
    </li>
  );
}
