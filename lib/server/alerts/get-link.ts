import 'server-only';
import { z } from 'zod';
import type { AlertLinkView } from '@/lib/contract/alert';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';
import { getLinkScope, openLink, readLinkView } from './read-link';

/** Returns what a link of an alert does. It changes nothing; null = this Spillway did not make it, or its object is gone. */
export const getAlertLink = query(
  'alertLink.get',
  z.string().max(5000),
  getLinkScope,
  async (token): Promise<AlertLinkView | null> => {
    const link = await openLink(token);
    return link && readLinkView((await serverContext()).database.db, link, new Date());
  },
);
