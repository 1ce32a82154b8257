ALTER TABLE "run" ADD COLUMN "pruned_at" timestamp with time zone;--> statement-breakpoint
-- Dashboard and worker can't delete from the journal; this function of the tables' owner removes what no open run, no rollback,
-- no baseline of drift and no history needs, and nothing that is younger than a day, whoever asks:
-- Of a run that was rolled back stay the events that its state is read from, how each step ended, and its requests. Of one that
-- is done or closed, which can still be rolled back, only what was measured meanwhile is removed. Nothing is of any other run.
-- Where a run stands is found as lib/server/last-turns.ts does; one whose newest attempt has not begun is open.
CREATE FUNCTION prune_journal(before timestamp with time zone, runs_max integer)
RETURNS TABLE (runs integer, events integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF before IS NULL OR before > now() - interval '1 day' THEN
    RAISE EXCEPTION 'prune_journal: the journal of the last 24 hours is kept';
  END IF;
  RETURN QUERY
  WITH ended AS MATERIALIZED (
    SELECT run.id, turn.id AS turn_id, turn.event->>'result' IS NOT DISTINCT FROM 'reverted' AS is_reverted
    FROM run
    CROSS JOIN LATERAL (
      SELECT max(attempt) AS attempt, count(*) AS attempts FROM run_attempt WHERE run_id = run.id
    ) AS attempt
    LEFT JOIN LATERAL (
      SELECT id FROM run_event
      WHERE run_id = run.id
        AND event->>'type' IN ('started', 'gate', 'passed', 'missed', 'paused', 'resumed', 'baking', 'baked', 'retrying', 'recovered', 'turned', 'held', 'finished', 'closed')
        AND event->>'type' = 'started' AND (event->>'attempt')::int = attempt.attempt
      ORDER BY id LIMIT 1
    ) AS start ON true
    CROSS JOIN LATERAL (
      SELECT id, event FROM run_event
      WHERE run_id = run.id
        AND event->>'type' IN ('started', 'gate', 'passed', 'missed', 'paused', 'resumed', 'baking', 'baked', 'retrying', 'recovered', 'turned', 'held', 'finished', 'closed')
        AND (run_event.id >= start.id OR (start.id IS NULL AND attempt.attempts = 1))
      ORDER BY id DESC LIMIT 1
    ) AS turn
    WHERE turn.event->>'type' IN ('finished', 'closed') AND (turn.event->>'at')::timestamptz < before
      AND (run.pruned_at IS NULL OR run.pruned_at < (turn.event->>'at')::timestamptz)
  ), due AS MATERIALIZED (
    SELECT * FROM ended
    WHERE EXISTS (
      SELECT FROM run_event
      WHERE run_id = ended.id AND run_event.id < ended.turn_id
        AND event->>'type' IN ('watched', 'intent', 'callFailed', 'probed', 'waiting', 'checked', 'heard', 'refused', 'bakeSkipped')
        AND (is_reverted OR event->>'type' = 'watched')
    )
    LIMIT runs_max
  ), removed AS (
    DELETE FROM run_event USING due
    WHERE run_event.run_id = due.id AND run_event.id < due.turn_id
      AND event->>'type' IN ('watched', 'intent', 'callFailed', 'probed', 'waiting', 'checked', 'heard', 'refused', 'bakeSkipped')
      AND (is_reverted OR event->>'type' = 'watched')
    RETURNING run_event.id
  ), marked AS (
    UPDATE run SET pruned_at = now() FROM due WHERE run.id = due.id RETURNING run.id
  )
  SELECT (SELECT count(*)::int FROM marked), (SELECT count(*)::int FROM removed);
END
$$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION prune_journal(timestamp with time zone, integer) FROM PUBLIC;
