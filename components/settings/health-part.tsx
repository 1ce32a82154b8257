'use client';

import { AddMessages } from '@/components/shell/intl-provider';
import settings from '@/lib/messages/en/settings.json';
import { LiveHealth } from './health-panel';

const texts = { settings };

/** The health of all parts with its text, for a page that has none. */
export function HealthPart() {
  return (
    <AddMessages texts={texts}>
      <LiveHealth />
    </AddMessages>
  );
}
