import { spillwayVersion } from '@/lib/version';

export function GET(): Response {
  return Response.json({ live: true, version: spillwayVersion });
}
