import { getSwitchboard } from '@/lib/server/get-switchboard';

export async function GET(): Promise<Response> {
  return Response.json(await getSwitchboard());
}
