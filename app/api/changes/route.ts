import { streamChanges } from '@/lib/server/feed/stream-changes';
import { webChanges } from '@/lib/server/feed/web-changes';

export const dynamic = 'force-dynamic';
export const runtime = 'nodejs';

export function GET(request: Request): Response {
  return streamChanges(webChanges(), request.signal);
}
