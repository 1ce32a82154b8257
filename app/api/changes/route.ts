import { getChangeStream } from '@/lib/server/feed/web-changes';
import { route } from '@/lib/server/route';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export const GET = route(({ signal }) => getChangeStream(signal));
