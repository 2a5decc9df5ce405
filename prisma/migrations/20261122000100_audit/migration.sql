-- The audit log's own rules, and the rule that no governed row changes without an event that names it (invariant 8).
-- SQLSTATE: AM001 unaudited change · AM004 immutable row.

alter table audit_event add column txid xid8 not null default pg_current_xact_id();
create index audit_event_txid on audit_event (txid);
alter table audit_event add constraint audit_event_leaf_size check (octet_length(leaf) between 2 and 65535);
alter table log_entry add constraint log_entry_hash_size check (octet_length(leaf_hash) = 32);
alter table log_entry add constraint log_entry_event foreign key (event_id) references audit_event (id);
alter table log_tile add constraint log_tile_full check (octet_length(hashes) = 256 * 32);
insert into policy_epoch (id, epoch) values (1, 1);
alter table policy_epoch add constraint policy_epoch_one check (id = 1);
alter table instance add constraint instance_one check (id = 1);
alter table instance add constraint instance_mode check (mode in ('demo', 'production'));

create function ambit_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows are never changed or removed', tg_table_name using errcode = 'AM004';
end $$;

do $$ declare t text; begin
  foreach t in array array['audit_event','log_entry','log_tile','checkpoint','side_payload','review','request_stage','comment',
    'version_tool','package_release','change','change_decision','quarantine','quarantine_release','tier_config'] loop
    execute format('create trigger insert_only before update or delete on %I for each row execute function ambit_refuse_change()', t);
    execute format('create trigger no_truncate before truncate on %I for each statement execute function ambit_refuse_change()', t);
  end loop;
end $$;

-- Columns that may change; of those, once-only columns go from null to a value and never back.
create function ambit_only_columns() returns trigger language plpgsql as $$
declare was jsonb := to_jsonb(old); is_now jsonb := to_jsonb(new); c text;
begin
  if (was - tg_argv[0]::text[]) is distinct from (is_now - tg_argv[0]::text[]) then
    raise exception '% %: only % may change', tg_table_name, was ->> 'id', tg_argv[0] using errcode = 'AM004';
  end if;
  foreach c in array coalesce(tg_argv[1], '{}')::text[] loop
    if was -> c <> 'null'::jsonb and was -> c is distinct from is_now -> c then
      raise exception '% %: % is set once', tg_table_name, was ->> 'id', c using errcode = 'AM004';
    end if;
  end loop;
  return new;
end $$;

create trigger only_columns before update on connector_version for each row execute function ambit_only_columns('{status}');
create trigger only_columns before update on approval for each row execute function ambit_only_columns('{revoked_at}', '{revoked_at}');
create trigger only_columns before update on scope_grant for each row
  execute function ambit_only_columns('{status,reason,ended_at,ended_by,row_version}', '{ended_at,ended_by}');
create trigger only_columns before update on role_assignment for each row execute function ambit_only_columns('{revoked_at}', '{revoked_at}');
create trigger only_columns before update on agent_key for each row execute function ambit_only_columns('{revoked_at}', '{revoked_at}');
create trigger only_columns before update on team_member for each row execute function ambit_only_columns('{removed_at}', '{removed_at}');
create trigger only_columns before update on egress_allow for each row execute function ambit_only_columns('{removed_at}', '{removed_at}');
create trigger only_columns before update on access_token for each row execute function ambit_only_columns('{revoked_at}', '{revoked_at}');
create trigger only_columns before update on delegate for each row execute function ambit_only_columns('{cancelled_at}', '{cancelled_at}');
create trigger only_columns before update on setup_code for each row execute function ambit_only_columns('{used_at,used_by}', '{used_at,used_by}');
create trigger only_columns before update on finding for each row execute function ambit_only_columns('{closed_at}', '{closed_at}');
create trigger only_columns before update on sealed_credential for each row
  execute function ambit_only_columns('{connector_id,sealed,destroyed_at}', '{connector_id,destroyed_at}');
create trigger only_columns before update on ownership for each row
  execute function ambit_only_columns('{confirmed_by,confirmed_at,ended_at}', '{confirmed_by,confirmed_at,ended_at}');
create trigger only_columns before update on instance for each row execute function ambit_only_columns('{setup_closed_at}', '{setup_closed_at}');

create function ambit_require_event() returns trigger language plpgsql as $$
declare named text := case when tg_op = 'DELETE' then to_jsonb(old) ->> tg_argv[0] else to_jsonb(new) ->> tg_argv[0] end;
begin
  if not exists (select 1 from audit_event e where e.txid = pg_current_xact_id() and e.subjects @> array[named]) then
    raise exception 'change of % % has no audit event in its transaction', tg_table_name, named using errcode = 'AM001';
  end if;
  return null;
end $$;

do $$ declare row record; begin
  for row in select * from (values
    ('app_user','id'),('team','id'),('team_member','team_id'),('role_assignment','user_id'),('delegate','user_id'),('access_token','id'),
    ('agent','id'),('agent_key','agent_id'),('ownership','subject_id'),('connector','id'),('connector_version','id'),
    ('version_tool','version_id'),('tool','connector_id'),('request_stage','request_id'),('review','request_id'),
    ('comment','request_id'),('approval','request_id'),('scope_grant','id'),('egress_allow','id'),('package_release','id'),
    ('change','id'),('change_decision','change_id'),('quarantine','connector_id'),('quarantine_release','quarantine_id'),
    ('finding','subject_id'),('sealed_credential','id'),('setup_code','id')) as v(tab, col) loop
    execute format('create constraint trigger audited after insert or update or delete on %I deferrable initially deferred
      for each row execute function ambit_require_event(%L)', row.tab, row.col);
  end loop;
end $$;
create constraint trigger audited after update or delete on request deferrable initially deferred for each row
  when (old.state <> 'draft') execute function ambit_require_event('id');
create constraint trigger audited_leaving_draft after update on request deferrable initially deferred for each row
  when (old.state = 'draft' and new.state <> 'draft') execute function ambit_require_event('id');
create constraint trigger audited_insert after insert on request deferrable initially deferred for each row
  when (new.state <> 'draft') execute function ambit_require_event('id');
create constraint trigger audited after insert on tier_config deferrable initially deferred for each row
  when (new.source <> 'default') execute function ambit_require_event('change_id');
create constraint trigger audited after update on instance deferrable initially deferred for each row
  execute function ambit_require_event('log_origin');

-- What a decision depends on bumps the epoch and tells the gateways, inside the changing transaction.
create function ambit_policy_changed() returns trigger language plpgsql security definer set search_path = public as $$
declare r jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end; now_epoch bigint;
begin
  if current_setting('ambit.bumped', true) is distinct from pg_current_xact_id()::text then
    update policy_epoch set epoch = epoch + 1 where id = 1;
    perform set_config('ambit.bumped', pg_current_xact_id()::text, true);
  end if;
  select epoch into now_epoch from policy_epoch where id = 1;
  perform pg_notify('ambit_policy', json_build_object('epoch', now_epoch, 'table', tg_table_name,
    'agent', case when tg_table_name = 'agent' then r ->> 'id' when tg_table_name = 'agent_key' then r ->> 'agent_id'
                  when tg_table_name = 'team_member' and r ->> 'member_kind' = 'agent' then r ->> 'member_id'
                  when tg_table_name = 'scope_grant' and r ->> 'principal_kind' = 'agent' then r ->> 'principal_id' end,
    'connector', case when tg_table_name = 'connector' then r ->> 'id' else r ->> 'connector_id' end)::text);
  return null;
end $$;

do $$ declare t text; begin
  foreach t in array array['agent','agent_key','team_member','connector','connector_version','tool','scope_grant','approval',
    'quarantine','quarantine_release','egress_allow','sealed_credential'] loop
    execute format('create trigger policy_changed after insert or update or delete on %I for each row execute function ambit_policy_changed()', t);
  end loop;
end $$;
