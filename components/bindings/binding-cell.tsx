'use client';

import { CornerDownRight, Group } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { KindMark, Status, type StatusTone } from '@/components/ui/chip';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { BindingColumn, DatedBinding } from '@/lib/estate/bindings/binding-query';
import type { BindingHealth, BoundThing } from '@/lib/estate/bindings/bindings';
import { unreachable } from '@/lib/invariant';
import { routes } from '@/lib/routes';

/** The type of a target that is not a server. */
const typeText = (type: string | null) => (type === null || type === 'CVM' ? [] : [type]);

/** The resources that a rule is bound to: the first one and the number of others. A tooltip lists all of them. */
function BoundThings({ bound }: { readonly bound: readonly BoundThing[] }) {
  const t = useTranslations('bindings');
  const [first] = bound;
  if (first === undefined) return <span className="text-ink-3">{t('nothingBound')}</span>;
  const kinds = [...new Set(bound.map(({ kind }) => kind))];
  const all = bound.map(({ type, text, weight }) =>
    [...typeText(type), text, ...(weight === null ? [] : [`(${t('weight', { weight })})`])].join(' '),
  );
  return (
    <span title={all.join('\n')} className="inline-flex max-w-full items-center gap-1.5">
      {kinds.map((kind) => (
        <BoundMark key={kind} kind={kind} />
      ))}
      {typeText(first.type).map((type) => (
        <span key={type} className="text-ink-2">
          {type}
        </span>
      ))}
      <span className="truncate font-semibold">{first.text}</span>
      {bound.length > 1 ? <span className="text-ink-3">{t('more', { count: bound.length - 1 })}</span> : null}
    </span>
  );
}

function BoundMark({ kind }: Pick<BoundThing, 'kind'>) {
  switch (kind) {
    case 'cvm':
      return <KindMark kind="cvm" />;
    case 'function':
      return <KindMark kind="scf" />;
    case 'redirect':
      return <CornerDownRight aria-hidden className="size-3 shrink-0 text-ink-3" />;
    case 'targetGroup':
      return <Group aria-hidden className="size-3 shrink-0 text-ink-3" />;
  }
}

type BindingCellProps = {
  readonly binding: DatedBinding;
  readonly column: BindingColumn;
  readonly connectionId: string;
};

const tones: Readonly<Record<BindingHealth, StatusTone>> = {
  healthy: 'ok',
  partly: 'warn',
  unhealthy: 'bad',
  unchecked: 'off',
  unknown: 'off',
};

/** One value of a row. */
export function BindingCell({ binding, column, connectionId }: BindingCellProps) {
  const t = useTranslations('bindings');
  switch (column) {
    case 'domain': {
      const { list, id, domain, domains, url } = binding;
      const text = domain === null ? t('layer4') : `${domain}${url}`;
      return (
        <>
          <TextLink
            href={routes.estateNode(connectionId, `${list === 'rules' ? 'ru' : 'ls'}:${id}`)}
            prefetch={false}
            title={domain === null ? text : domains.map((each) => `${each}${url}`).join('\n')}
            className="inline! max-w-full truncate font-semibold"
          >
            {text}
          </TextLink>
          {domains.length > 1 ? (
            <span className="ml-1 text-ink-3">{t('more', { count: domains.length - 1 })}</span>
          ) : null}
        </>
      );
    }
    case 'loadBalancer':
      return <span title={binding.loadBalancerId}>{binding.loadBalancer}</span>;
    case 'listener':
      return <span className="mono">{binding.listener}</span>;
    case 'region':
      return <span className="text-ink-2">{binding.region}</span>;
    case 'kind':
      return t(`kind.${binding.kind}`);
    case 'bound':
      return <BoundThings bound={binding.bound} />;
    case 'health':
      return <Status tone={tones[binding.health]}>{t(`health.${binding.health}`)}</Status>;
    case 'dnsNames':
      return <Names names={binding.dnsNames} />;
    case 'changedAt':
      return binding.changedAt === null ? (
        <span className="text-ink-3">{t('noChange')}</span>
      ) : (
        <Time at={binding.changedAt} />
      );
    default:
      return unreachable(column);
  }
}

function Names({ names }: { readonly names: readonly string[] }) {
  const t = useTranslations('bindings');
  const [first, ...others] = names;
  if (first === undefined) return <span className="text-ink-3">{t('noName')}</span>;
  return (
    <span title={names.join('\n')}>
      {first}{' '}
      {others.length > 0 ? <span className="text-ink-3">{t('more', { count: others.length })}</span> : null}
    </span>
  );
}
