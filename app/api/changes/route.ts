import { getChangeStream } from '@/lib/server/feed/stream-changes';
import { route } from '@/lib/server/route';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export const GET = route(({ signal }) => getChangeStream(signal));
