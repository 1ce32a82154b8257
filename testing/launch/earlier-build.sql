-- A part of a database as a build before the baseline of the migrations left it: its 25 migrations as Drizzle recorded
-- them, and the tables around one run, with that build's names.
CREATE SCHEMA drizzle;
CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint);
INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES
('488d0415c1aa4dd09866245effd5901b39fe708b585129ae90336de254dff166', 1795538662173),
  ('6cf9c059c5f83a8bec30a806994b93624f120c5f7a05f04a9c43abec80b2b4d3', 1795549541905),
  ('c64d5e7e3e0ddcbacb53260eff659434ec8b33bda5b9f7d942b9044787bbf1d8', 1795549601349),
  ('ef89030c8bbc7855fea7892e995a680272ce383c59f4a14a752bff36c60db490', 1795560484970),
  ('0bf90813ca5107ac75c9befd24d0ed1576b7a2d976b7c008cdc59a0d837a6081', 1795560485584),
  ('19b2f3441139cedafee93d14fa09632156439ccc345f1048140feb3fd05024c5', 1795568304374),
  ('5c609a44d8a8c7744d38a86360c76809f64d1b52df89fa5e407c7e4c46b1786f', 1795569273649),
  ('ad265ece8abb5fda299d0741e7e330d657bdfd6b74ce19e2e83f39777bcfd6d5', 1795570056159),
  ('3b36c341745a0419561fa66a6ca747a737ed73b819ce3e22da165bca8d41ab14', 1795570066961),
  ('bed9d153202f1e979dd8a49e0732a26ff7087666db5cecfd895b6ce13eceb624', 1795570068029),
  ('afb208929d42dddf58dd06ee2e7220060db65fc6c44fe7fdd9467b82f76096c5', 1795570292242),
  ('3efc4cca0c7da4d5411f9a64f5c82fea47dd37833387e3ae94999b82b0bce6d1', 1795570295936),
  ('d2dc009c794d5d0804cccc322374373d86767e516f2ecdd9b692762ec2d1a46a', 1795574062230),
  ('f8aff68e116cf34ccd376160d139854c101af2d580b79f31350f8bde1cb41ab1', 1795574600630),
  ('3debb00d4848624e2855121b0c13c35008de6ca4b8242e5a560d948edc48f5e8', 1795577218972),
  ('4bd16fa217fa160c6e3feb751390bd06fe06fed5b74e39536cbd632fc34e3aaf', 1795681655464),
  ('7dec792bf73b42549821978bd5dfa766f94821494d9fa201d03ea51c573bfc9a', 1795682139971),
  ('7072552ed3a4d4891f25d33948c40e77d0c6b463d35d4ce5660e040ce74e420b', 1795683248182),
  ('d4a588e3df222222fa33e80b392337f1a938b9b358ddf424fe1c0d0d30d75d1c', 1795696069187),
  ('b461a8bac53a6eada33245f3241b1ceb0817d4d765ce6a6ee01e45fa8fd84d32', 1795751743443),
  ('0b2731552178b2f6a4c022755f31a8ce26c27c8d8d6ac9f0e032185ffaade027', 1795753089143),
  ('6b3a8a18f49bd09f5a2d2a6887a943b4723d2230ecf7423b18921656c0490bc0', 1795755477912),
  ('ef3424bbead62176730f7aeaf0b989231440d1e5841407064db8e704df3096e2', 1795756794774),
  ('92c0accd668473ecd85c5544e6c17f491544fe447e083708473f36d827e351c5', 1795764018176),
  ('f3fcaf223c7f988bc34c7e0f828a817201eaabca5cdbdb625170aa747ba3738d', 1795766429999);
CREATE SEQUENCE plan_number;
CREATE SEQUENCE run_number;
CREATE TABLE connection (
  id text PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL,
  uin text,
  port_offset integer NOT NULL,
  isolation text,
  available boolean NOT NULL,
  keys_expire_at timestamp with time zone
);
CREATE TABLE plan (
  id text PRIMARY KEY DEFAULT 'P-' || to_char(nextval('plan_number'), 'FM99999999999990000'),
  connection_id text NOT NULL REFERENCES connection (id),
  plan jsonb NOT NULL,
  findings jsonb NOT NULL,
  hash text NOT NULL,
  created_by text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  replaces text,
  replaces_reason text DEFAULT '' NOT NULL
);
CREATE TABLE run (
  id text PRIMARY KEY DEFAULT 'R-' || to_char(nextval('run_number'), 'FM99999999999990000'),
  plan_id text NOT NULL UNIQUE REFERENCES plan (id),
  created_by text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  fence integer DEFAULT 0 NOT NULL,
  cutover jsonb,
  pruned_at timestamp with time zone
);
CREATE TABLE run_event (
  id bigserial PRIMARY KEY,
  run_id text NOT NULL REFERENCES run (id),
  event jsonb NOT NULL
);
CREATE TABLE line_stop (
  id integer PRIMARY KEY DEFAULT 1,
  actor text NOT NULL,
  reason text NOT NULL,
  at timestamp with time zone DEFAULT now() NOT NULL
);
INSERT INTO connection (id, name, kind, port_offset, available) VALUES ('sandbox', 'Sandbox', 'sandbox', 0, true);
INSERT INTO plan (connection_id, plan, findings, hash, created_by)
  VALUES ('sandbox', '{"diversion": {"kind": "split", "name": "Sale", "laneA": {}, "laneB": {}}}', '[]', 'h', 'local');
INSERT INTO run (plan_id, created_by) VALUES ('P-0001', 'local');
INSERT INTO run_event (run_id, event) VALUES ('R-0001', '{"type": "started", "attempt": 1}');
