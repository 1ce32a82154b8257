'use client';

import { useQuery } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import { healthQuery } from '@/lib/client/queries';
import type { HealthView } from '@/lib/contract/health';
import settings from '@/lib/messages/en/settings/settings-health.json';
import { HealthPanel } from './health-panel';

const texts = { settings };

/** The health of all parts, with its text. */
export function HealthPart(props: ComponentProps<typeof HealthPanel>) {
  return (
    <AddMessages texts={texts}>
      <HealthPanel {...props} />
    </AddMessages>
  );
}

/**
 * Shows the current health of all parts.
 * @param initial the server's data when it rendered the page
 */
export function LiveHealth({ initial }: { readonly initial: HealthView }) {
  const { data } = useQuery({ ...healthQuery(), initialData: initial });
  return <HealthPart health={data} />;
}
