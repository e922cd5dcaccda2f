-- The statements of one CastVote, for pgbench.
--
-- Derived by casting one vote with the server's log_statement=all and copying what the connection of the committees
-- service ran from BEGIN to COMMIT, in its order and wording (services/committees/src/app/cast_vote.rs). Values come
-- from the number of the vote instead of from a request; they are as long as the real ones. What the relay does
-- afterwards with the outbox, batch by batch, is not part of it.
--
-- `n` is the number of the vote: each client takes every `clients`-th, so all of them vote on the same ballot at the
-- same time, as in the bench's own load.
\set n :i * :clients + :client_id
\set i :i + 1
\set b :n / 512
\set h :n % 512
BEGIN;
SELECT pg_advisory_xact_lock(hashtextextended('account_' || md5('account' || :h::text) || '/' || 'vote-ballot_' || lpad(to_hex(:b::bigint), 32, '0'), 0));
SELECT "commands"."subject", "commands"."key", "commands"."action", "commands"."role", "commands"."aggregate", "commands"."input_hash", "commands"."answer", "commands"."reason", "commands"."trace_parent", "commands"."accepted_at" FROM "commands" WHERE "commands"."subject" = 'account_' || md5('account' || :h::text) AND "commands"."key" = 'vote-ballot_' || lpad(to_hex(:b::bigint), 32, '0') LIMIT 1;
SELECT "ballots"."id", "ballots"."area_id", "ballots"."division", "ballots"."state", "ballots"."opens_at", "ballots"."closes_at" FROM "ballots" WHERE "ballots"."id" = lpad(to_hex(:b::bigint), 32, '0')::uuid LIMIT 1 FOR KEY SHARE;
SELECT "roll_heads"."ballot_id", "roll_heads"."head_key", "roll_heads"."area", "roll_heads"."homes", "roll_heads"."owner_ids", "roll_heads"."developer_id" FROM "roll_heads" WHERE "roll_heads"."ballot_id" = lpad(to_hex(:b::bigint), 32, '0')::uuid AND "roll_heads"."head_key" IN (SELECT "roll_homes"."head_key" FROM "roll_homes" WHERE "roll_homes"."ballot_id" = lpad(to_hex(:b::bigint), 32, '0')::uuid AND "roll_homes"."home_id" = md5('home' || :h::text)::uuid) LIMIT 1;
INSERT INTO "votes" ("id", "ballot_id", "head_key", "choice", "voter", "voter_owner_id", "area", "cast_at") VALUES (lpad(to_hex(:n::bigint), 32, '0')::uuid, lpad(to_hex(:b::bigint), 32, '0')::uuid, 'head_' || md5('head' || :h::text), 'for', 'account_' || md5('account' || :h::text), md5('owner' || :h::text)::uuid, 9195, '2026-12-09 16:48:19.94856+00') ON CONFLICT DO NOTHING;
INSERT INTO "outbox" ("id", "kind", "address", "aggregate", "version", "happened_at", "trace_parent", "body", "published_at") VALUES (lpad(to_hex(:n::bigint), 32, '0')::uuid, 'heju.committees.v1.VoteCast', 'heju.v1.committees.vote.cast.330783.004.015', 'vote_' || lpad(to_hex(:n::bigint), 32, '0'), 1, '2026-12-09 16:48:19.948925+00', '00-000660e03e9b776c000000000000069a-13a6e1f957c25735-01', '{"voteId":"vote_' || lpad(to_hex(:n::bigint), 32, '0') || '","ballotId":"ballot_' || lpad(to_hex(:b::bigint), 32, '0') || '","homeIds":["home_6577cfe030bd520ca763a54a73578a7c"],"area":"9195","castAt":"2026-12-09T16:48:19.948560+00:00"}', NULL);
INSERT INTO "commands" ("subject", "key", "action", "role", "aggregate", "input_hash", "answer", "reason", "trace_parent", "accepted_at") VALUES ('account_' || md5('account' || :h::text), 'vote-ballot_' || lpad(to_hex(:b::bigint), 32, '0'), 'committees.CastVote', 'owner', 'vote_' || lpad(to_hex(:n::bigint), 32, '0'), '138effc6283558ab042592c2b052128954b22db05684bf9adf46a47523497ad8', '{"id":"vote_' || lpad(to_hex(:n::bigint), 32, '0') || '","ballot_id":"ballot_' || lpad(to_hex(:b::bigint), 32, '0') || '","head_key":"head_388532c9d5df54e09b12f9c0c6b33ad0","home_ids":["home_6577cfe030bd520ca763a54a73578a7c"],"area":9195,"choice":"for","cast_at":"2026-12-09T16:48:19.948560Z"}', NULL, '00-000660e03e9b776c000000000000069a-13a6e1f957c25735-01', '2026-12-09 16:48:19.949399+00');
COMMIT;
