import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Person } from '@/components/ui/base/person';
import { Status, type StatusTone } from '@/components/ui/chip';
import { Copyable, Mono } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import { formatDuration } from '@/components/ui/format-time';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { AuditContent, AuditObject, AuditOutcome } from '@/lib/audit/audit-entry';
import type { AuditEntryView } from '@/lib/contract/audit';
import { routes } from '@/lib/routes';

const tones: Readonly<Record<AuditOutcome, StatusTone>> = {
  begun: 'warn',
  done: 'ok',
  refused: 'info',
  failed: 'bad',
};

/** Returns the page about an object; null = it has none. */
function findPage({ kind, id }: AuditObject): string | null {
  switch (kind) {
    case 'plan':
      return routes.plan(id);
    case 'run':
      return routes.run(id);
    case 'diversion':
      return routes.diversion(id);
    case 'switch':
      return routes.switch(id);
    case 'connection':
      return routes.estate(id);
    default:
      return null;
  }
}

/** An entry of the audit log in one line, and all of it once it is opened. */
export function AuditEntryLine({ entry }: { readonly entry: AuditEntryView }) {
  const t = useTranslations('audit');
  const { content } = entry;
  return (
    <li className="border-b border-line last:border-b-0">
      <details className="group text-12">
        <summary className="grid cursor-pointer list-none grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 px-4 py-2 hover:bg-hover md:grid-cols-[1rem_11rem_minmax(0,14rem)_minmax(0,13rem)_minmax(0,1fr)_auto] [&::-webkit-details-marker]:hidden">
          <ChevronRight aria-hidden className="size-3.5 text-ink-3 group-open:rotate-90" />
          <span className="text-ink-2">
            <Time at={entry.at} hasDay />
          </span>
          {content === null ? (
            <span className="md:col-span-4">
              <Status tone="bad">{t('unreadable')}</Status>
            </span>
          ) : (
            <Summary content={content} at={entry.at} />
          )}
        </summary>
        <div className="px-4 pb-3 md:pl-11">
          <EntryFacts entry={entry} />
        </div>
      </details>
    </li>
  );
}

function Summary({ content, at }: Pick<AuditEntryView, 'at'> & { readonly content: AuditContent }) {
  const t = useTranslations('audit');
  const { actor, operation, objects, facts, outcome } = content;
  const about = [
    ...objects.map(({ kind, id }) => `${kind} ${id}`),
    ...Object.entries(facts).map(([name, fact]) => `${name} ${fact}`),
  ];
  return (
    <>
      <span className="truncate max-md:order-3 max-md:col-start-2">
        <Person address={actor} at={at} />
      </span>
      <span className="max-md:order-4 max-md:col-start-2">
        <Mono className="break-words">{operation}</Mono>
      </span>
      <span className="truncate text-ink-2 max-md:order-5 max-md:col-start-2">{about.join(', ')}</span>
      <Status tone={tones[outcome]}>{t(`outcomes.${outcome}`)}</Status>
    </>
  );
}

function EntryFacts({ entry }: { readonly entry: AuditEntryView }) {
  const t = useTranslations('audit');
  const { content } = entry;
  return (
    <Facts>
      <FactRow name={t('seq')}>{entry.seq}</FactRow>
      <FactRow name={t('utc')}>
        <Mono>{entry.at}</Mono>
      </FactRow>
      {content === null ? (
        <FactRow name={t('stored')}>
          <Mono className="break-all">{entry.text}</Mono>
        </FactRow>
      ) : (
        <ContentFacts content={content} />
      )}
      <FactRow name={t('hash')}>
        <Copyable value={entry.hash} />
      </FactRow>
      <FactRow name={t('previousHash')}>
        <Copyable value={entry.previousHash} />
      </FactRow>
    </Facts>
  );
}

function ContentFacts({ content }: { readonly content: AuditContent }) {
  const t = useTranslations('audit');
  const {
    role,
    via,
    credential,
    address,
    request,
    begun,
    objects,
    plans,
    fields,
    refusal,
    code,
    durationMs,
  } = content;
  const facts = Object.entries(content.facts);
  return (
    <>
      <FactRow name={t('actor')}>{content.actor}</FactRow>
      <FactRow name={t('role')}>{role ?? t('none')}</FactRow>
      <FactRow name={t('via')}>
        {t(`vias.${via}`)} {credential === null ? null : <Mono className="break-all">{credential}</Mono>}
      </FactRow>
      <FactRow name={t('address')}>{address ?? t('none')}</FactRow>
      <FactRow name={t('request')}>
        {request === null ? t('none') : <Mono className="break-all">{request}</Mono>}
      </FactRow>
      <FactRow name={t('object')}>
        {objects.length === 0 ? t('installation') : <ObjectLinks objects={objects} />}
      </FactRow>
      {plans.map(({ id, hash }) => (
        <FactRow key={id} name={t('planHash', { plan: id })}>
          <Copyable value={hash} />
        </FactRow>
      ))}
      {fields.length === 0 ? null : <FactRow name={t('fields')}>{fields.join(', ')}</FactRow>}
      {facts.map(([name, fact]) => (
        <FactRow key={name} name={name}>
          {String(fact)}
        </FactRow>
      ))}
      {refusal === null ? null : <FactRow name={t('refusal')}>{refusal.join(', ')}</FactRow>}
      {code === null ? null : <FactRow name={t('code')}>{code}</FactRow>}
      {begun === null ? null : <FactRow name={t('begun')}>{begun}</FactRow>}
      {durationMs === null ? null : <FactRow name={t('duration')}>{formatDuration(durationMs)}</FactRow>}
    </>
  );
}

function ObjectLinks({ objects }: { readonly objects: readonly AuditObject[] }) {
  return (
    <span className="flex flex-wrap justify-end gap-x-3">
      {objects.map((object) => {
        const page = findPage(object);
        const name = `${object.kind} ${object.id}`;
        return page === null ? (
          <span key={name}>{name}</span>
        ) : (
          <TextLink key={name} href={page}>
            {name}
          </TextLink>
        );
      })}
    </span>
  );
}
