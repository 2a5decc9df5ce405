-- As before, and: an event is of now, so that it is in its period's pack; and what the console reads of its data can be read. Data that
-- agents put in is never read here: it may hold what jsonb cannot (U+0000, lone surrogates).
create or replace function ambit_true_leaf() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  stamp text := to_char(new.time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US');
  ending bytea;
  data_length int;
  subject text;
  before text := '';
  fault text;
begin
  if right(stamp, 3) = '000' then stamp := left(stamp, -3); end if;
  ending := convert_to(',"id":' || to_json(new.id) || ',"principal":{"id":' || to_json(new.principal_id) || ',"kind":' || to_json(new.principal_kind)
    || '},"subjects":' || to_json(new.subjects) || ',"time":"' || stamp || 'Z","type":' || to_json(new.type) || ',"v":1}', 'UTF8');
  data_length := octet_length(new.leaf) - octet_length(ending) - 8;
  if (data_length > 0 and substr(new.leaf, 1, 8) = '{"data":'::bytea and substr(new.leaf, 9 + data_length) = ending) is not true then
    fault := 'does not repeat its id, type, time, principal and subjects';
  elsif not substr(new.leaf, 9, data_length) is json object then
    fault := 'has data that is no JSON object';
  elsif not (octet_length(new.id) = 36 and new.id like 'evt\_%' and pg_input_is_valid(right(new.id, 32), 'uuid')) then
    fault := 'has an id that is none';
  elsif not (new.type in ('call.intent', 'call.outcome') or new.type ~ '^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$') then
    fault := 'has a type that is none';
  elsif new.principal_kind not in ('user', 'agent', 'service', 'system', 'anonymous') then
    fault := 'has a principal that is none';
  elsif new.type not like all (array['call.%', 'agent-token.%']) and not pg_input_is_valid(convert_from(substr(new.leaf, 9, data_length), 'UTF8'), 'jsonb') then
    fault := 'has data that the database cannot read';
  elsif not new.time between clock_timestamp() - interval '1 day' and clock_timestamp() + interval '5 minutes' then
    fault := 'is of another time';
  elsif array_ndims(new.subjects) > 1 then
    fault := 'has subjects that are none';
  else
    foreach subject in array new.subjects loop
      if (subject > before collate "C") is not true then fault := 'has subjects that are not sorted, each once'; end if;
      before := subject;
    end loop;
  end if;
  if fault is not null then
    raise exception 'the leaf of event % %', new.id, fault using errcode = 'AM009';
  end if;
  return new;
end $$;
