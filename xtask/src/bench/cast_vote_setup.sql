-- What cast_vote.sql works on, added to a copy of the committees' database: 300 open ballots with 512 heads each, as
-- many as the bench's own estate has, every head one owner with one home. Heads, homes and owners have random keys as
-- the registry's derived ids are; ballots are numbered, so that the script can name them.
INSERT INTO ballots (id, area_id, building_ids, stairwells, division, matter, title, text, prepared_at, state,
                     announced_at, opens_at, closes_at, roll_heads, roll_area, version)
SELECT lpad(to_hex(b), 32, '0')::uuid, md5('area')::uuid, '[]', '[]', '330783004015', 'property_firm',
       '续聘物业服务企业', '合同到期，拟续聘三年，服务内容与收费标准不变。', now(), 'announced',
       now(), now(), now() + interval '50 days', 512, 512 * 9195, 2
FROM generate_series(0, 299) b;

INSERT INTO roll_heads (ballot_id, head_key, area, homes, owner_ids)
SELECT lpad(to_hex(b), 32, '0')::uuid, 'head_' || md5('head' || h), 9195,
       '["home_' || md5('home' || h) || '"]', '["owner_' || md5('owner' || h) || '"]'
FROM generate_series(0, 299) b, generate_series(0, 511) h;

INSERT INTO roll_owners (ballot_id, owner_id, head_key)
SELECT lpad(to_hex(b), 32, '0')::uuid, md5('owner' || h)::uuid, 'head_' || md5('head' || h)
FROM generate_series(0, 299) b, generate_series(0, 511) h;

INSERT INTO roll_homes (ballot_id, home_id, head_key)
SELECT lpad(to_hex(b), 32, '0')::uuid, md5('home' || h)::uuid, 'head_' || md5('head' || h)
FROM generate_series(0, 299) b, generate_series(0, 511) h;

VACUUM ANALYZE;
