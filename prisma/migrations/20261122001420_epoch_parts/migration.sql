-- The epoch is the sum of two rows: one that the gateways raise by a quarantine, one that everybody else raises. Whoever raises a row
-- holds it until the end of the transaction; a gateway that never ends one would otherwise keep everybody from suspending anything.
alter table policy_epoch rename to policy_epoch_part;
alter table policy_epoch_part drop constraint policy_epoch_one;
alter table policy_epoch_part add constraint policy_epoch_two check (id in (1, 2));
insert into policy_epoch_part (id, epoch) values (2, 0);
revoke all on policy_epoch_part from ambit_app, ambit_gateway;
create view policy_epoch as select 1 as id, sum(epoch)::bigint as epoch from policy_epoch_part;
grant select on policy_epoch to ambit_app, ambit_gateway;

create or replace function ambit_policy_changed() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  r jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
  part int := case when session_user = 'ambit_gateway' then 2 else 1 end;
  now_epoch bigint;
begin
  update policy_epoch_part set epoch = epoch + 1, raised_by = pg_current_xact_id()
    where id = part and raised_by is distinct from pg_current_xact_id();
  select epoch into now_epoch from policy_epoch;
  perform pg_notify('ambit_policy', json_build_object('epoch', now_epoch, 'table', tg_table_name,
    'agent', case when tg_table_name = 'agent' then r ->> 'id' when tg_table_name = 'agent_key' then r ->> 'agent_id'
                  when tg_table_name = 'team_member' and r ->> 'member_kind' = 'agent' then r ->> 'member_id'
                  when tg_table_name = 'scope_grant' and r ->> 'principal_kind' = 'agent' then r ->> 'principal_id' end,
    'connector', case when tg_table_name = 'connector' then r ->> 'id' else r ->> 'connector_id' end)::text);
  return null;
end $$;
