'use client';

import { Pencil, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { TextButton } from '@/components/ui/text-link';
import type { Draft } from '@/lib/draft/draft';
import { removeCreated } from '@/lib/draft/edit-creates';
import type { RouteForm } from './route-form';

type CreatedNoteProps = {
  readonly name: string;
  readonly facts: readonly string[];
  readonly onEdit: () => void;
  readonly onRemove: () => void;
};

/** Shows that the plan creates the chosen resource, which can be changed or removed from the plan. */
function CreatedNote({ name, facts, onEdit, onRemove }: CreatedNoteProps) {
  const t = useTranslations('diversion.created');
  return (
    <div className="flex min-w-0 items-center gap-2 text-12 text-ink-2">
      <Chip tone="plan">{t('word')}</Chip>
      <span className="min-w-0 truncate">{facts.join(', ')}</span>
      <span className="ml-auto flex max-md:hidden">
        <IconButton size="sm" label={t('edit', { name })} icon={<Pencil aria-hidden />} onClick={onEdit} />
        <IconButton size="sm" label={t('remove', { name })} icon={<X aria-hidden />} onClick={onRemove} />
      </span>
    </div>
  );
}

type CreatedPartProps<What extends keyof Draft['creates']> = {
  readonly made: Draft['creates'][What][number];
  readonly create: NonNullable<RouteForm['create']>;
  readonly index: number;
};

/** Shows that the plan creates the chosen load balancer. */
export function CreatedLoadBalancer({ made, create, index }: CreatedPartProps<'loadBalancers'>) {
  const t = useTranslations('diversion');
  return (
    <CreatedNote
      name={made.name}
      facts={[
        t(`network.${made.network}`),
        ...(made.network === 'OPEN' && made.address === 'fixed' ? [t('fixedAddress')] : []),
        made.vpcId,
        ...(made.subnetId ? [made.subnetId] : []),
        ...(made.masterZone ? [made.masterZone] : []),
        ...(made.internet ? [t('mbps', { mbps: made.internet.bandwidthMbps })] : []),
        ...(made.slaType ? [made.slaType] : []),
      ]}
      onEdit={() => create.loadBalancer(index, made.id)}
      onRemove={() => create.edit((draft) => removeCreated(draft, made.id))}
    />
  );
}

/** Shows that the plan creates the chosen listener. */
export function CreatedListener({ made, create, index }: CreatedPartProps<'listeners'>) {
  return (
    <CreatedNote
      name={made.name}
      facts={[made.name, ...(made.certificateId ? [made.certificateId] : [])]}
      onEdit={() => create.listener(index, made.id)}
      onRemove={() => create.edit((draft) => removeCreated(draft, made.id))}
    />
  );
}

type SwappedProps = { readonly onUndo: () => void };

/** Shows that the function replaces the targets of the chosen rule. */
export function Swapped({ onUndo }: SwappedProps) {
  const t = useTranslations('diversion.swapped');
  return (
    <p className="flex min-h-6 flex-wrap items-center gap-2 text-12 text-ink-2">
      <Chip tone="warn">{t('word')}</Chip>
      <TextButton onClick={onUndo}>{t('undo')}</TextButton>
    </p>
  );
}
