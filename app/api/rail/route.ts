import { getRail } from '@/lib/server/operations/get-rail';

export async function GET(): Promise<Response> {
  return Response.json(await getRail());
}
