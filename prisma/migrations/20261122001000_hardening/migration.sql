-- What a stolen role of the application or the gateway could still do. SQLSTATE: AM009 a leaf that is not what its row says.

-- A leaf says what its row says. Canonical JSON (RFC 8785) has data first and all that columns repeat after it, so comparing the end
-- of the bytes compares them all. Whether the data itself is canonical is not looked at: it would cost more than the insert; who
-- exports lists such an entry, and no export fails by it. Every call passes here, hence bytes and few regular expressions.
create function ambit_true_leaf() returns trigger language plpgsql as $$
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
  elsif not new.time between '2000-01-01Z' and '9999-12-31Z' or array_ndims(new.subjects) > 1 then
    fault := 'has a time or subjects that are none';
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
create trigger true_leaf before insert on audit_event for each row execute function ambit_true_leaf();

-- The log is the sequencer's: whoever has the role of the web application or of the gateway adds no entry, tile or checkpoint.
do $$ begin
  if not exists (select 1 from pg_roles where rolname = 'ambit_log') then create role ambit_log nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
grant usage on schema public to ambit_log;
revoke insert on log_entry, log_tile, checkpoint from ambit_app;
grant select on audit_event, log_entry, log_tile, checkpoint to ambit_log;
grant insert on log_entry, log_tile, checkpoint to ambit_log;

-- The epoch rises once per transaction, by what the row says: a setting of the session could be set by whoever wants no gateway to hear.
alter table policy_epoch add column raised_by xid8;
create or replace function ambit_policy_changed() returns trigger language plpgsql security definer set search_path = public as $$
declare r jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end; now_epoch bigint;
begin
  update policy_epoch set epoch = epoch + 1, raised_by = pg_current_xact_id() where id = 1 and raised_by is distinct from pg_current_xact_id();
  select epoch into now_epoch from policy_epoch where id = 1;
  perform pg_notify('ambit_policy', json_build_object('epoch', now_epoch, 'table', tg_table_name,
    'agent', case when tg_table_name = 'agent' then r ->> 'id' when tg_table_name = 'agent_key' then r ->> 'agent_id'
                  when tg_table_name = 'team_member' and r ->> 'member_kind' = 'agent' then r ->> 'member_id'
                  when tg_table_name = 'scope_grant' and r ->> 'principal_kind' = 'agent' then r ->> 'principal_id' end,
    'connector', case when tg_table_name = 'connector' then r ->> 'id' else r ->> 'connector_id' end)::text);
  return null;
end $$;

-- Which reviews count (invariants 1 and 2). Until there is an approval, the persons who decide it are those who could decide now: active,
-- in their role, without a conflict; an approval by somebody who lost the role meanwhile decides nothing. From then on the review is a
-- record of who was entitled when it was decided, and handing on a role or an ownership later takes nothing back. A suspended person,
-- though, is one whose word is not relied on any more: whatever would still begin by their review (enabling, resuming, a grant that
-- waits) needs a new one. What runs already goes on until somebody stops it.
create function ambit_counts(v review, stage text, r request) returns boolean language sql stable as $$
  select ambit_active_user(v.reviewer_id) and not ambit_conflicted(v.reviewer_id, r)
    and (v.on_behalf_of is null or (ambit_active_user(v.on_behalf_of) and not ambit_conflicted(v.on_behalf_of, r)))
    and (exists (select 1 from approval a where a.request_id = r.id)
      or (ambit_may_decide(coalesce(v.on_behalf_of, v.reviewer_id), stage, r)
        and not ambit_has_role(v.reviewer_id, 'auditor') and (v.on_behalf_of is null or not ambit_has_role(v.on_behalf_of, 'auditor')))) $$;
create or replace function ambit_satisfied(r request) returns boolean language sql stable as $$
  select r.digest is not null and ambit_stages_complete(r)
    and not exists (select 1 from review v where v.request_id = r.id and v.round = r.round and v.verdict = 'deny')
    and not exists (
      select 1 from request_stage st where st.request_id = r.id and st.round = r.round and st.quorum > (
        select count(distinct v.reviewer_id) from review v
        where v.stage_id = st.id and v.request_id = r.id and v.digest = r.digest and v.verdict = 'approve' and ambit_counts(v, st.kind, r))) $$;

-- Nothing is approved with a tool that counts for less than its definition suggests, unless two persons said so about that definition.
-- The tool's own change_id alone says nothing: whoever inserts a tool can write one.
create function ambit_effects_hold() returns trigger language plpgsql as $$
begin
  if exists (select 1 from version_tool w join tool t on t.id = w.tool_id where w.version_id = new.version_id
      and (ambit_effect_rank(t.effect) < ambit_effect_rank(w.effect) or not t.labels @> w.labels)
      and not exists (select 1 from change c join change_decision d on d.change_id = c.id and d.verdict = 'confirm'
        join version_tool k on k.tool_id = t.id and k.digest = w.digest
        join connector_version v on v.id = k.version_id and v.created_at < d.created_at
        where c.id = t.change_id and c.operation = 'tools.relabel' and c.subject_id = t.id and c.input ->> 'effect' = t.effect
          and t.labels @> array(select jsonb_array_elements_text(c.input -> 'labels')))) then
    raise exception 'version % has a tool that counts for less than was inferred', new.version_id using errcode = 'AM002';
  end if;
  return new;
end $$;
create trigger effects_hold before insert on approval for each row execute function ambit_effects_hold();
-- A relabelling takes away what its two persons agreed on, no more.
create or replace function ambit_tool_write() returns trigger language plpgsql as $$
begin
  if new.connector_id <> old.connector_id or new.kind <> old.kind or new.name <> old.name then
    raise exception 'tool %: its identity stays', old.id using errcode = 'AM004';
  end if;
  if (ambit_effect_rank(new.effect) < ambit_effect_rank(old.effect) or not new.labels @> old.labels) and not (
      ambit_confirmed(new.change_id, 'tools.relabel', new.id, null) and new.change_id is distinct from old.change_id
      and exists (select 1 from change c where c.id = new.change_id and c.input ->> 'effect' = new.effect
        and new.labels @> array(select jsonb_array_elements_text(c.input -> 'labels')))) then
    raise exception 'lowering tool % needs a second person', new.id using errcode = 'AM005';
  end if;
  return new;
end $$;
