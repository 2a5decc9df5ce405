-- A session begins when it is written and ends within 8 hours, whoever writes it.
create function ambit_session_begins() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  new.created_at := now();
  new.expires_at := least(new.expires_at, now() + interval '8 hours');
  return new;
end $$;
create trigger begins before insert on user_session for each row execute function ambit_session_begins();
