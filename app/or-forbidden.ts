import { forbidden } from 'next/navigation';
import { type Extent, hasRight } from '@/lib/client/session/has-right';
import type { Permission } from '@/lib/policy/roles';
import { getSession } from '@/lib/server/auth/get-session';
import { isForbidden } from '@/lib/server/route';

/** Reads what a page shows. If the person may not read all of it, the page for that is shown instead, with status 403. */
export async function orForbidden<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (isForbidden(error)) forbidden();
    throw error;
  }
}

/** Shows a page only to those who have a right: by default, on some objects at least. */
export async function needRight(right: Permission, extent: Extent = 'somewhere'): Promise<void> {
  if (!hasRight(await getSession(), right, extent)) forbidden();
}
