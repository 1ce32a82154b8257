'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { useMay } from '@/lib/client/session/rights';
import type { NoteRouteAction } from '@/lib/contract/overview';

type NoteRouteProps = { readonly connectionId: string; readonly noteRoute: NoteRouteAction };

/**
 * Reports to the server once that a route of the estate was opened, for the first steps of the start page. Renders
 * nothing.
 */
export function NoteRoute({ connectionId, noteRoute }: NoteRouteProps) {
  const node = useSearchParams().get('node');
  const mayNote = useMay('operate');
  const isNoted = useRef(false);
  useEffect(() => {
    if (!mayNote || node === null || isNoted.current) return;
    isNoted.current = true;
    // Without a response, or for a deleted node, the next opened route is reported.
    noteRoute({ connectionId, node })
      .then(({ ok }) => {
        isNoted.current = ok;
      })
      .catch(() => {
        isNoted.current = false;
      });
  }, [connectionId, mayNote, node, noteRoute]);
  return null;
}
