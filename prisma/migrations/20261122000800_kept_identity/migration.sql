-- What a row is, stays: ids cannot be swapped between people, agents, connectors and tools, and no status is outside of its list.
create function ambit_keep() returns trigger language plpgsql as $$
declare c text;
begin
  foreach c in array tg_argv[0]::text[] loop
    if to_jsonb(old) -> c is distinct from to_jsonb(new) -> c then
      raise exception '% %: % stays', tg_table_name, old.id, c using errcode = 'AM004';
    end if;
  end loop;
  return new;
end $$;
create trigger keep before update on app_user for each row execute function ambit_keep('{id,created_at}');
create trigger keep before update on team for each row execute function ambit_keep('{id,created_by,created_at}');
create trigger keep before update on agent for each row execute function ambit_keep('{id,slug,created_by,created_at}');
create trigger keep before update on connector for each row execute function ambit_keep('{id,created_at}');
create trigger keep before update on tool for each row execute function ambit_keep('{id,connector_id,created_at}');
create trigger keep before update on request for each row execute function ambit_keep('{id,created_at}');

alter table app_user add constraint user_status check (status in ('active', 'suspended'));
alter table agent add constraint agent_status check (status in ('active', 'suspended', 'retired'));
alter table connector add constraint connector_status
  check (status in ('requested', 'approved', 'enabled', 'suspended', 'quarantined', 'retired'));
alter table connector_version add constraint version_status check (status in ('proposed', 'approved', 'superseded', 'rejected', 'revoked'));
alter table tool add constraint tool_status check (status in ('active', 'removed'));
alter table scope_grant add constraint grant_status check (status in ('pending', 'active', 'expired', 'revoked'));
alter table request add constraint request_state
  check (state in ('draft', 'submitted', 'in_review', 'changes_requested', 'approved', 'denied', 'withdrawn', 'expired'));

-- An approval gives a principal each scope once: what was revoked is not issued again from it.
create function ambit_grant_once() returns trigger language plpgsql as $$
begin
  if exists (select 1 from scope_grant g where g.approval_id = new.approval_id and g.principal_id = new.principal_id
      and (g.scope = new.scope or g.status in ('revoked', 'expired'))) then
    raise exception 'approval % gave this grant already', new.approval_id using errcode = 'AM008';
  end if;
  return new;
end $$;
create trigger once before insert on scope_grant for each row execute function ambit_grant_once();
create index scope_grant_approval on scope_grant (approval_id, principal_id);

-- The log grows at its end only, with the hash of the bytes that are there; tiles and checkpoints speak of entries that exist.
create function ambit_log_entry_insert() returns trigger language plpgsql as $$
begin
  if new.leaf_index is distinct from (select coalesce(max(leaf_index) + 1, 0) from log_entry)
    or not exists (select 1 from audit_event e where e.id = new.event_id and e.seq = new.event_seq
         and new.leaf_hash = sha256('\x00'::bytea || e.leaf)) then
    raise exception 'entry % does not continue the log', new.leaf_index using errcode = 'AM004';
  end if;
  return new;
end $$;
create trigger continues before insert on log_entry for each row execute function ambit_log_entry_insert();
create function ambit_log_within() returns trigger language plpgsql as $$
declare entries bigint := (select coalesce(max(leaf_index) + 1, 0) from log_entry);
  needed numeric := case tg_table_name when 'checkpoint' then (to_jsonb(new) ->> 'size')::numeric
    else ((to_jsonb(new) ->> 'tile_index')::numeric + 1) * power(256::numeric, (to_jsonb(new) ->> 'level')::int + 1) end;
begin
  if needed > entries then
    raise exception '% speaks of entries that are not there', tg_table_name using errcode = 'AM004';
  end if;
  return null;
end $$;
create constraint trigger within after insert on log_tile deferrable initially deferred for each row execute function ambit_log_within();
create constraint trigger within after insert on checkpoint deferrable initially deferred for each row execute function ambit_log_within();
