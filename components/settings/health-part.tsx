'use client';

import type { ComponentProps } from 'react';
import { AddMessages } from '@/components/ui/base/add-messages';
import settings from '@/lib/messages/en/settings.json';
import { HealthPanel } from './health-panel';

const texts = { settings };

/** The health of all parts with its text, for a page that has none. */
export function HealthPart(props: ComponentProps<typeof HealthPanel>) {
  return (
    <AddMessages texts={texts}>
      <HealthPanel {...props} />
    </AddMessages>
  );
}
