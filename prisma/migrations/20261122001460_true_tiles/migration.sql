-- A tile of level 0 holds the hashes of its 256 entries, no others.
create function ambit_tile_true() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.hashes is distinct from (select string_agg(leaf_hash, ''::bytea order by leaf_index) from log_entry
      where leaf_index between new.tile_index * 256 and new.tile_index * 256 + 255) then
    raise exception 'tile % does not hold the hashes of its entries', new.tile_index using errcode = 'AM004';
  end if;
  return null;
end $$;
create trigger holds_entries after insert on log_tile for each row when (new.level = 0) execute function ambit_tile_true();
