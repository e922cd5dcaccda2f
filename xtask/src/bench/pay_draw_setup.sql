-- What pay_draw.sql works on, added to a copy of the funds' database: an area with a building of 24 homes, one of them
-- the developer's, as in the story's building; their accounts; and 12,000 draws whose work is accepted. Homes and
-- accounts have random keys as the derived ids are; draws are numbered, so that the script can name them.
INSERT INTO areas (id, number, name, division, developer_id, manager_id, version)
VALUES (md5('area')::uuid, 'pgbench', 'pgbench', '330783004015', md5('developer')::uuid, md5('manager')::uuid, 1);

INSERT INTO buildings (id, area_id, number) VALUES (md5('building')::uuid, md5('area')::uuid, '3');

INSERT INTO accounts (id, kind, area_id, home_id, balance, first_deposit)
SELECT md5('bank')::uuid, 'bank', md5('area')::uuid, NULL, 1000000000000000, 0
UNION ALL
SELECT md5(kind || h)::uuid, kind, md5('area')::uuid, md5('home' || h)::uuid, 1000000000000000, 900000
FROM generate_series(0, 22) h, unnest(ARRAY['available', 'reserved']) kind;

INSERT INTO draws (id, version, area_id, division, part, title, text, budget, proposer_id, proposed_at, state, ballot_id, detail)
SELECT lpad(to_hex(n), 32, '0')::uuid, 4, md5('area')::uuid, '330783004015', 'roof_waterproofing', '屋面防水翻修',
       '屋面防水层老化，多户渗漏；拟整体翻修并更换排水口。', 2400, md5('manager')::uuid, now(), 'accepted',
       lpad(to_hex(n), 32, '0')::uuid,
       '{"accepted":{"ballot_id":"ballot_857accd1e8735961b429dbc7268fa16d","allocation":{"fund":2300,"owners_due":0,"developer_due":100,"homes":24},"settled":2400,"accepted_at":"2026-12-16T16:48:20.964217Z"}}'
FROM generate_series(0, 11999) n;

INSERT INTO draw_scopes (draw_id, place, building_id, stairwell)
SELECT lpad(to_hex(n), 32, '0')::uuid, 0, md5('building')::uuid, NULL FROM generate_series(0, 11999) n;

INSERT INTO shares (draw_id, home_id, area, is_developers, share, fund, owners_due, developer_due)
SELECT lpad(to_hex(n), 32, '0')::uuid, md5('home' || h)::uuid, 9195, h = 23, 100,
       CASE WHEN h = 23 THEN 0 ELSE 100 END, 0, CASE WHEN h = 23 THEN 100 ELSE 0 END
FROM generate_series(0, 11999) n, generate_series(0, 23) h;

VACUUM ANALYZE;
