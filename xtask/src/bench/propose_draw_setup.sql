-- What propose_draw.sql works on, added to a copy of the funds' database: an area with a building of 24 homes, as many
-- as the story's building has, under ids that the script can name.
INSERT INTO areas (id, number, name, division, developer_id, manager_id, version)
VALUES (md5('area')::uuid, 'pgbench', 'pgbench', '330783004015', md5('developer')::uuid, md5('manager')::uuid, 1);

INSERT INTO buildings (id, area_id, number) VALUES (md5('building')::uuid, md5('area')::uuid, '3');

INSERT INTO homes (id, area_id, building_id, stairwell, room, unit_number, exclusive_area, home_use, sale_state, delivered_on)
SELECT md5('home' || h)::uuid, md5('area')::uuid, md5('building')::uuid, '1', h::text, 'pgbench-' || h, 9195,
       'residential', 'delivered', '2013-06-19'
FROM generate_series(0, 23) h;

VACUUM ANALYZE;
