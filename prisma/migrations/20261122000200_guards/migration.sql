-- What PostgreSQL refuses on its own (invariants 1, 2, 3, 4, 13, 15). The functions count reviews themselves and trust no status.
-- SQLSTATE: AM002 not approved · AM003 reviewer not eligible · AM005 needs a second person · AM006 transition not allowed · AM007 grant not allowed.

alter table connector_version add constraint version_digest check (digest = encode(sha256(content), 'hex'));
alter table version_tool add constraint tool_digest check (digest = encode(sha256(definition), 'hex'));
alter table request add constraint request_digest check (digest is null or digest = encode(sha256(content), 'hex'));
alter table review add constraint review_reason check (length(btrim(reason)) > 0);
alter table review add constraint review_verdict check (verdict in ('approve', 'deny', 'request_changes'));
alter table role_assignment add constraint role_known
  check (role in ('security_reviewer', 'data_protection_reviewer', 'platform_reviewer', 'auditor', 'administrator'));
alter table request add constraint request_tier check (state = 'draft' or tier in ('low', 'medium', 'high'));
alter table change_decision add constraint change_verdict check (verdict in ('confirm', 'reject', 'expire'));
-- A list that is null would answer null, and null refuses nothing.
do $$ declare row record; begin
  for row in select * from (values ('request', 'agent_ids'), ('request_stage', 'after'), ('review', 'tools'), ('approval', 'tools'),
    ('approval', 'hold_tools'), ('approval', 'agent_ids'), ('change', 'beneficiaries'), ('tool', 'labels'), ('version_tool', 'labels'),
    ('version_tool', 'why')) as v(tab, col) loop
    execute format('alter table %I alter column %I set default %L, alter column %I set not null', row.tab, row.col, '{}', row.col);
  end loop;
end $$;
create unique index role_once on role_assignment (user_id, role) where revoked_at is null;
create unique index member_once on team_member (team_id, member_id) where removed_at is null;
create unique index egress_once on egress_allow (host, port) where removed_at is null;
create unique index role_change_once on role_assignment (change_id) where change_id is not null;
create unique index member_change_once on team_member (change_id) where change_id is not null;
create unique index key_change_once on agent_key (change_id) where change_id is not null;
create unique index egress_change_once on egress_allow (change_id) where change_id is not null;
create unique index tiers_change_once on tier_config (change_id) where change_id is not null;
-- One person counts once per request and round, through whatever stages and delegations.
create unique index review_person_once on review (request_id, round, reviewer_id) where verdict = 'approve';
create unique index review_behalf_once on review (request_id, round, (coalesce(on_behalf_of, reviewer_id))) where verdict = 'approve';

create function ambit_effect_rank(effect text) returns int language sql immutable as $$
  select case effect when 'read' then 1 when 'write' then 2 else 3 end $$;
create function ambit_tier_rank(tier text) returns int language sql immutable as $$
  select case tier when 'low' then 1 when 'medium' then 2 else 3 end $$;
create function ambit_class_rank(class text) returns int language sql immutable as $$
  select case class when 'public' then 1 when 'internal' then 2 when 'confidential' then 3 else 4 end $$;
create function ambit_active_user(p text) returns boolean language sql stable as $$
  select exists (select 1 from app_user where id = p and status = 'active') $$;
create function ambit_has_role(p text, r text) returns boolean language sql stable as $$
  select exists (select 1 from role_assignment where user_id = p and role = r and revoked_at is null) $$;
create function ambit_in_team(p text, t text) returns boolean language sql stable as $$
  select exists (select 1 from team_member where team_id = t and member_kind = 'user' and member_id = p and removed_at is null) $$;
-- Owners of a thing, teams resolved to people; `must_be_confirmed` leaves out those whom nobody from security confirmed.
create function ambit_owns(p text, subject text, must_be_confirmed boolean) returns boolean language sql stable as $$
  select exists (select 1 from ownership o where o.subject_id = subject and o.ended_at is null
    and (not must_be_confirmed or o.confirmed_at is not null)
    and case o.owner_kind when 'team' then ambit_in_team(p, o.owner_id) else o.owner_id = p end) $$;
create function ambit_delegate_of(d text, p text) returns boolean language sql stable as $$
  select exists (select 1 from delegate where user_id = p and delegate_id = d and cancelled_at is null and now() between starts_at and ends_at) $$;

-- Invariant 2: who never counts on a request, whatever role they hold.
create function ambit_conflicted(p text, r request) returns boolean language sql stable as $$
  select p = r.requester_id
    or exists (select 1 from connector_version v where v.id = r.version_id and v.created_by = p and r.kind <> 'grant' and r.kind <> 'extension')
    or exists (select 1 from unnest(r.agent_ids) a where ambit_owns(p, a, false))
    or exists (select 1 from ownership o where o.subject_id = r.connector_id and o.ended_at is null and o.confirmed_at is null
                 and o.named_by = r.requester_id
                 and case o.owner_kind when 'team' then ambit_in_team(p, o.owner_id) else o.owner_id = p end) $$;
create function ambit_excluded(p text, r request) returns boolean language sql stable as $$
  select ambit_conflicted(p, r) or ambit_has_role(p, 'auditor') or exists (
    select 1 from delegate d where d.delegate_id = p and d.cancelled_at is null and now() between d.starts_at and d.ends_at
      and ambit_conflicted(d.user_id, r)) $$;
-- Who answers for a connector (confirmed, and not only as its security owner) decides its owner stage and no other.
create function ambit_answers(p text, connector text) returns boolean language sql stable as $$
  select exists (select 1 from ownership o where o.subject_id = connector and o.ended_at is null and o.confirmed_at is not null
    and o.role <> 'security' and case o.owner_kind when 'team' then ambit_in_team(p, o.owner_id) else o.owner_id = p end) $$;
create function ambit_may_decide(p text, stage text, r request) returns boolean language sql stable as $$
  select case when stage = 'owner' then ambit_answers(p, r.connector_id)
    when ambit_answers(p, r.connector_id) then false
    when stage in ('security', 'data_protection', 'platform') then ambit_has_role(p, stage || '_reviewer') else false end $$;
create function ambit_eligible(reviewer text, behalf text, stage text, r request) returns boolean language sql stable as $$
  select ambit_active_user(reviewer) and not ambit_excluded(reviewer, r)
    and case when behalf is null then ambit_may_decide(reviewer, stage, r)
      else behalf <> reviewer and ambit_active_user(behalf) and not ambit_excluded(behalf, r)
        and ambit_delegate_of(reviewer, behalf) and ambit_may_decide(behalf, stage, r) end $$;

create function ambit_tier_settings(v int) returns jsonb language sql stable as $$ select settings from tier_config where version = v $$;

-- What the reviewers of a grant decide on: { principal, connectorId, versionDigest, scope, durationDays }, canonical.
create function ambit_content(r request) returns jsonb language sql immutable as $$ select convert_from(r.content, 'UTF8')::jsonb $$;
-- Whether a scope selects a tool; what nobody could name counts as destructive.
create function ambit_selects(scope jsonb, name text, effect text) returns boolean language sql immutable as $$
  select case when scope -> 'tools' ? 'names' then scope -> 'tools' -> 'names' ? name
    when effect in ('destructive', 'unknown') then scope -> 'tools' -> 'effects' ?| array['destructive', 'unknown']
    else scope -> 'tools' -> 'effects' ? effect end $$;
-- A grant that includes more than reading, or on medium and above calls a tool without any constraint.
create function ambit_wide(r request) returns boolean language sql stable as $$
  select coalesce(ambit_content(r) -> 'scope' -> 'tools' -> 'effects' ?| array['write', 'destructive', 'unknown'], false) or exists (
    select 1 from tool t where t.connector_id = r.connector_id and ambit_selects(ambit_content(r) -> 'scope', t.name, t.effect)
      and (t.effect <> 'read' or (r.tier <> 'low' and ambit_content(r) -> 'scope' -> 'actions' ? 'invoke' and not exists (
        select 1 from jsonb_array_elements(ambit_content(r) -> 'scope' -> 'constraints') c where c ->> 'tool' is null or c ->> 'tool' = t.name)))) $$;
-- An extension of exactly what its grant covers, on the same version.
create function ambit_unchanged(r request) returns boolean language sql stable as $$
  select r.kind = 'extension' and exists (select 1 from scope_grant g where g.id = r.grant_id and g.connector_id = r.connector_id
    and g.version_id = r.version_id and g.scope = ambit_content(r) -> 'scope'
    and g.principal_id = ambit_content(r) -> 'principal' ->> 'id' and g.principal_kind = ambit_content(r) -> 'principal' ->> 'kind') $$;

-- The stages that a request of this kind and tier must have: frozen rows of its round, no fewer than its settings ask for.
create function ambit_stages_complete(r request) returns boolean language sql stable as $$
  select case when r.kind in ('connector', 'version') then
      ambit_tier_settings(r.config_version) is not null and not exists (
        select 1 from jsonb_array_elements(ambit_tier_settings(r.config_version) -> r.tier -> 'stages') s
        where not exists (select 1 from request_stage st where st.request_id = r.id and st.round = r.round
          and st.kind = s ->> 'kind' and st.quorum >= (s ->> 'quorum')::int
          and st.after @> array(select a from jsonb_array_elements_text(coalesce(s -> 'after', '[]')) a
            where exists (select 1 from request_stage o where o.request_id = r.id and o.round = r.round and o.kind = a))))
      and exists (select 1 from request_stage st where st.request_id = r.id and st.round = r.round and st.kind = 'security')
    else exists (select 1 from request_stage st where st.request_id = r.id and st.round = r.round and st.kind = 'owner' and st.quorum >= 1)
      and (ambit_unchanged(r) or not ambit_wide(r) or exists (
        select 1 from request_stage st where st.request_id = r.id and st.round = r.round and st.kind = 'security' and st.quorum >= 1)) end $$;

-- Counts the reviews of exactly this digest, by persons eligible now.
create function ambit_satisfied(r request) returns boolean language sql stable as $$
  select r.digest is not null and ambit_stages_complete(r)
    and not exists (select 1 from review v where v.request_id = r.id and v.round = r.round and v.verdict = 'deny')
    and not exists (
      select 1 from request_stage st where st.request_id = r.id and st.round = r.round and st.quorum > (
        select count(distinct v.reviewer_id) from review v
        where v.stage_id = st.id and v.request_id = r.id and v.digest = r.digest and v.verdict = 'approve'
          and not ambit_conflicted(v.reviewer_id, r) and (v.on_behalf_of is null or not ambit_conflicted(v.on_behalf_of, r)))) $$;

create function ambit_review_insert() returns trigger language plpgsql as $$
declare r request; st request_stage;
begin
  new.created_at := clock_timestamp();
  select * into r from request where id = new.request_id for update;
  select * into st from request_stage where id = new.stage_id;
  new.round := coalesce(st.round, 0);
  if r.id is null or st.id is null or st.request_id <> r.id or st.round <> r.round or r.state not in ('submitted', 'in_review', 'changes_requested') then
    raise exception 'request % takes no review of stage %', new.request_id, new.stage_id using errcode = 'AM006';
  end if;
  if not (new.via = 'session' and new.sign_in_age_seconds between 0 and 600
      or new.via = 'token' and exists (select 1 from instance where mode = 'demo')) then
    raise exception 'a review takes a sign-in of the last ten minutes' using errcode = 'AM003';
  end if;
  if new.digest is distinct from r.digest then
    raise exception 'request % changed: its digest is no longer %', r.id, new.digest using errcode = 'AM002';
  end if;
  if not ambit_eligible(new.reviewer_id, new.on_behalf_of, st.kind, r) then
    raise exception 'person % may not decide stage % of request %', new.reviewer_id, st.kind, r.id using errcode = 'AM003';
  end if;
  if new.verdict = 'approve' and exists (select 1 from review v where v.request_id = r.id and v.round = new.round and v.verdict = 'approve'
      and (v.reviewer_id in (new.reviewer_id, new.on_behalf_of) or v.on_behalf_of in (new.reviewer_id, new.on_behalf_of))) then
    raise exception 'person % already counts on request %', new.reviewer_id, r.id using errcode = 'AM003';
  end if;
  if new.verdict = 'approve' and exists (
      select 1 from request_stage w where w.request_id = r.id and w.round = r.round and w.kind = any (st.after) and w.quorum > (
        select count(distinct v.reviewer_id) from review v where v.stage_id = w.id and v.digest = r.digest and v.verdict = 'approve')) then
    raise exception 'stage % of request % waits for another stage', st.kind, r.id using errcode = 'AM006';
  end if;
  return new;
end $$;
create trigger eligible before insert on review for each row execute function ambit_review_insert();

create function ambit_stage_insert() returns trigger language plpgsql as $$
declare r request;
begin
  select * into r from request where id = new.request_id;
  if r.state is null or new.round <> r.round or new.quorum < 1
    or exists (select 1 from review v join request_stage s on s.id = v.stage_id where v.request_id = r.id and s.round = new.round) then
    raise exception 'stages of request % are frozen', new.request_id using errcode = 'AM004';
  end if;
  return new;
end $$;
create trigger frozen before insert on request_stage for each row execute function ambit_stage_insert();

create function ambit_request_write() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.state <> 'draft' then raise exception 'request % is not a draft', old.id using errcode = 'AM004'; end if;
    return old;
  end if;
  if tg_op = 'INSERT' then
    if new.state <> 'draft' then raise exception 'a request starts as a draft' using errcode = 'AM006'; end if;
    return new;
  end if;
  if new.id <> old.id or new.requester_id <> old.requester_id or new.kind <> old.kind then
    raise exception 'request %: its kind and requester stay', old.id using errcode = 'AM004';
  end if;
  if old.state <> new.state and not (case old.state
      when 'draft' then new.state in ('submitted', 'in_review')
      when 'submitted' then new.state in ('in_review', 'approved', 'denied', 'withdrawn', 'expired', 'changes_requested')
      when 'in_review' then new.state in ('approved', 'denied', 'withdrawn', 'expired', 'changes_requested')
      when 'changes_requested' then new.state in ('in_review', 'denied', 'withdrawn', 'expired')
      else false end) then
    raise exception 'request %: % does not become %', old.id, old.state, new.state using errcode = 'AM006';
  end if;
  if old.state in ('approved', 'denied', 'withdrawn', 'expired') then
    raise exception 'request % is %; that does not change', old.id, old.state using errcode = 'AM004';
  end if;
  if old.state <> 'draft' and new.round = old.round and (new.digest is distinct from old.digest or new.tier is distinct from old.tier
      or new.connector_id is distinct from old.connector_id or new.version_id is distinct from old.version_id
      or new.agent_ids is distinct from old.agent_ids or new.config_version is distinct from old.config_version
      or new.content is distinct from old.content or new.form is distinct from old.form or new.grant_id is distinct from old.grant_id
      or new.classification is distinct from old.classification) then
    raise exception 'request % changes only by a new round', old.id using errcode = 'AM004';
  end if;
  if new.round < old.round or new.round > old.round + 1 then
    raise exception 'rounds of request % count up' , old.id using errcode = 'AM006';
  end if;
  if new.round > old.round and new.state not in ('submitted', 'in_review') then
    raise exception 'a new round of request % is in review', old.id using errcode = 'AM006';
  end if;
  if new.round > old.round and new.config_version is distinct from (select max(version) from tier_config) then
    raise exception 'request % is not about the tiers and stages in force', old.id using errcode = 'AM004';
  end if;
  if new.state = 'approved' and not ambit_satisfied(new) then
    raise exception 'request % does not have its approvals', old.id using errcode = 'AM002';
  end if;
  return new;
end $$;
create trigger transitions before insert or update or delete on request for each row execute function ambit_request_write();

-- The lowest tier that the asked-for tools, the classification and the transport allow.
create function ambit_tier_floor(r request, tools text[]) returns int language sql stable as $$
  select greatest(
    case r.classification when 'restricted' then 3 when 'confidential' then 2 else 1 end,
    (select case v.identity ->> 'transport' when 'stdio' then 2 else 1 end from connector_version v where v.id = r.version_id),
    coalesce((select max(ambit_effect_rank(t.effect)) from tool t join unnest(tools) n on n = t.name
      where t.connector_id = r.connector_id and t.kind = 'tool'), 1)) $$;

create function ambit_approval_insert() returns trigger language plpgsql as $$
declare r request; v connector_version; days int;
begin
  new.approved_at := now();
  select * into r from request where id = new.request_id for update;
  select * into v from connector_version where id = new.version_id;
  if r.state is distinct from 'approved' or not ambit_satisfied(r) or new.digest <> r.digest
    or new.connector_id <> r.connector_id or new.version_id is distinct from r.version_id or v.connector_id <> r.connector_id or new.tier <> r.tier then
    raise exception 'request % does not have its approvals', new.request_id using errcode = 'AM002';
  end if;
  if r.kind in ('connector', 'version') then
    if v.digest <> r.digest
      or (select count(*) from version_tool t where t.version_id = v.id) <> jsonb_array_length(convert_from(v.content, 'UTF8')::jsonb -> 'capabilities')
      or exists (select t.kind, t.name, t.digest from version_tool t where t.version_id = v.id
        except select c ->> 'kind', c ->> 'name', c ->> 'digest' from jsonb_array_elements(convert_from(v.content, 'UTF8')::jsonb -> 'capabilities') c) then
      raise exception 'version % is not what its digest covers', v.id using errcode = 'AM002';
    end if;
    if exists (select n from unnest(new.tools) n except select jsonb_array_elements_text(r.form -> 'tools')) then
      raise exception 'request % did not ask for all of these tools', r.id using errcode = 'AM002';
    end if;
    -- An effect below what was inferred takes the two persons of tools.relabel.
    if exists (select 1 from version_tool w join tool t on t.id = w.tool_id where w.version_id = v.id and t.change_id is null
        and ambit_effect_rank(t.effect) < ambit_effect_rank(w.effect)) then
      raise exception 'version % has a tool that counts for less than was inferred', v.id using errcode = 'AM002';
    end if;
    if ambit_tier_rank(r.tier) < ambit_tier_floor(r, new.tools) then
      raise exception 'request % needs a higher tier for these tools', r.id using errcode = 'AM002';
    end if;
  else
    if ambit_content(r) ->> 'connectorId' is distinct from r.connector_id or ambit_content(r) ->> 'versionDigest' is distinct from v.digest then
      raise exception 'request % is about another version', r.id using errcode = 'AM002';
    end if;
    if not exists (select 1 from approval w join request q on q.id = w.request_id where w.version_id = v.id and w.revoked_at is null
        and q.kind in ('connector', 'version') and ambit_tier_rank(w.tier) <= ambit_tier_rank(r.tier) and new.tools <@ w.tools) then
      raise exception 'request % asks for what its connector was not approved for', r.id using errcode = 'AM002';
    end if;
    if exists (select 1 from unnest(new.tools) n where not exists (select 1 from tool t where t.connector_id = r.connector_id and t.name = n
        and ambit_selects(ambit_content(r) -> 'scope', t.name, t.effect))) then
      raise exception 'request % did not ask for all of these tools', r.id using errcode = 'AM002';
    end if;
  end if;
  -- No approval allows what one of the counted reviews left out, held, kept from an agent or ended earlier.
  if exists (select 1 from review w where w.request_id = r.id and w.round = r.round and w.verdict = 'approve' and (
      (not w.all_tools and exists (select unnest(new.tools) except select unnest(w.tools)))
      or not new.hold_tools @> array(select jsonb_array_elements_text(w.conditions -> 'holdTools'))
      or (jsonb_typeof(w.conditions -> 'agentIds') = 'array' and (new.any_agent
        or not new.agent_ids <@ array(select jsonb_array_elements_text(w.conditions -> 'agentIds'))))
      or new.expires_at > (w.conditions ->> 'expiresAt')::timestamptz)) then
    raise exception 'request %: a review allows less than this', r.id using errcode = 'AM002';
  end if;
  days := (ambit_tier_settings(coalesce(r.config_version, 1)) -> r.tier ->> 'grantMaxDays')::int;
  if days is null or new.expires_at > new.approved_at + make_interval(days => days) + interval '1 minute' then
    raise exception 'request %: expires later than its tier allows', r.id using errcode = 'AM007';
  end if;
  return new;
end $$;
create trigger counted before insert on approval for each row execute function ambit_approval_insert();

create function ambit_version_write() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'proposed' then raise exception 'a version starts as proposed' using errcode = 'AM006'; end if;
    return new;
  end if;
  if old.status <> new.status and not (case old.status when 'proposed' then new.status in ('approved', 'rejected', 'superseded')
      when 'approved' then new.status in ('superseded', 'revoked') else false end) then
    raise exception 'version %: % does not become %', old.id, old.status, new.status using errcode = 'AM006';
  end if;
  if new.status = 'approved' and not exists (select 1 from approval a join request r on r.id = a.request_id
      where a.version_id = new.id and a.revoked_at is null and r.kind in ('connector', 'version') and r.digest = new.digest and ambit_satisfied(r)) then
    raise exception 'version % does not have its approvals', new.id using errcode = 'AM002';
  end if;
  return new;
end $$;
create trigger transitions before insert or update on connector_version for each row execute function ambit_version_write();

create function ambit_version_tool_insert() returns trigger language plpgsql as $$
begin
  if exists (select 1 from review v join request r on r.id = v.request_id where r.version_id = new.version_id and v.digest = r.digest)
    or (select status from connector_version where id = new.version_id) is distinct from 'proposed' then
    raise exception 'version % is under review', new.version_id using errcode = 'AM004';
  end if;
  if not exists (select 1 from tool t join connector_version v on v.connector_id = t.connector_id
      where t.id = new.tool_id and v.id = new.version_id and t.kind = new.kind and t.name = new.name) then
    raise exception 'tool % is not % of this connector', new.tool_id, new.name using errcode = 'AM004';
  end if;
  return new;
end $$;
create trigger frozen before insert on version_tool for each row execute function ambit_version_tool_insert();

-- A change of two: proposed by one, confirmed by another who neither proposed nor benefits, about exactly this subject.
create function ambit_confirmed(p_change text, p_operation text, p_subject text, p_beneficiary text) returns boolean language sql stable as $$
  select exists (select 1 from change c join change_decision d on d.change_id = c.id
    where c.id = p_change and c.operation = p_operation and c.subject_id = p_subject and d.verdict = 'confirm'
      and d.decided_by <> c.proposed_by and d.decided_by <> all (c.beneficiaries) and d.decided_by is distinct from p_beneficiary
      and ambit_active_user(d.decided_by)) $$;

create function ambit_change_decide() returns trigger language plpgsql as $$
declare c change;
begin
  new.created_at := now();
  select * into c from change where id = new.change_id;
  if new.verdict = 'confirm' and (c.expires_at <= now() or new.decided_by = c.proposed_by or new.decided_by = any (c.beneficiaries)
      or not ambit_active_user(new.decided_by)
      or not (ambit_has_role(new.decided_by, 'administrator')
        or (c.operation like any (array['agents.%', 'connectors.%', 'tools.%']) and ambit_has_role(new.decided_by, 'security_reviewer')))) then
    raise exception 'person % may not confirm change %', new.decided_by, c.id using errcode = 'AM005';
  end if;
  return new;
end $$;
create trigger second_person before insert on change_decision for each row execute function ambit_change_decide();

create function ambit_demo_seed() returns boolean language sql stable as $$
  select current_user not in ('ambit_app', 'ambit_gateway') and exists (select 1 from instance where mode = 'demo') $$;

create function ambit_role_insert() returns trigger language plpgsql as $$
declare admins int := (select count(distinct user_id) from role_assignment where role = 'administrator' and revoked_at is null);
begin
  if new.revoked_at is not null or not ambit_active_user(new.user_id) then
    raise exception 'role % cannot be given to %', new.role, new.user_id using errcode = 'AM005';
  end if;
  if new.source = 'change' and ambit_confirmed(new.change_id, 'roles.assign', new.user_id, new.user_id)
    and exists (select 1 from change c where c.id = new.change_id and c.input ->> 'role' = new.role) then return new; end if;
  -- The path of the first administrator (and of host recovery): a code that only the migration owner can write, used in this transaction.
  if new.source = 'setup' and new.role = 'administrator' and exists (
      select 1 from setup_code s where s.used_by = new.user_id and s.used_at = now() and s.expires_at > now()
        and (s.purpose = 'recovery' or (admins = 0 and exists (select 1 from instance where setup_closed_at is null)))) then return new; end if;
  -- The one administrator that there is names the second, once; from then on everything takes two.
  if new.source = 'second' and new.role = 'administrator' and admins = 1
    and not exists (select 1 from role_assignment where source in ('second', 'demo')) then return new; end if;
  if new.source = 'demo' and ambit_demo_seed() then return new; end if;
  raise exception 'role % for % needs a second person', new.role, new.user_id using errcode = 'AM005';
end $$;
create trigger two_persons before insert on role_assignment for each row execute function ambit_role_insert();

create function ambit_setup_use() returns trigger language plpgsql as $$
begin
  if old.expires_at <= now() or new.used_at is distinct from now() or new.used_by is null then
    raise exception 'setup code % is not valid any more', old.id using errcode = 'AM006';
  end if;
  return new;
end $$;
create trigger single_use before update on setup_code for each row execute function ambit_setup_use();

create function ambit_key_insert() returns trigger language plpgsql as $$
begin
  if new.revoked_at is null and ((new.source = 'change' and ambit_confirmed(new.change_id, 'agents.add-key', new.agent_id, null)
      and exists (select 1 from change c where c.id = new.change_id and c.input -> 'publicJwk' = new.public_jwk)
      and not exists (select 1 from change_decision d where d.change_id = new.change_id and ambit_owns(d.decided_by, new.agent_id, false)))
    or (new.source = 'demo' and ambit_demo_seed())) then return new; end if;
  raise exception 'a key of agent % needs a second person', new.agent_id using errcode = 'AM005';
end $$;
create trigger two_persons before insert on agent_key for each row execute function ambit_key_insert();

create function ambit_member_insert() returns trigger language plpgsql as $$
begin
  if new.removed_at is null and ((new.source = 'change' and ambit_confirmed(new.change_id, 'teams.add-member', new.team_id, new.member_id)
      and exists (select 1 from change c where c.id = new.change_id and c.input ->> 'memberId' = new.member_id and c.input ->> 'memberKind' = new.member_kind))
    or (new.source = 'demo' and ambit_demo_seed())) then return new; end if;
  raise exception 'membership in team % needs a second person', new.team_id using errcode = 'AM005';
end $$;
create trigger two_persons before insert on team_member for each row execute function ambit_member_insert();

-- A delegate widens who may approve, so naming one takes a second person too.
create function ambit_delegate_insert() returns trigger language plpgsql as $$
begin
  if new.cancelled_at is null and new.delegate_id <> new.user_id and new.ends_at > new.starts_at and new.ends_at <= now() + interval '61 days'
    and ambit_confirmed(new.change_id, 'delegates.set', new.user_id, new.delegate_id)
    and exists (select 1 from change c where c.id = new.change_id and c.proposed_by = new.user_id and c.input ->> 'delegateId' = new.delegate_id) then
    return new;
  end if;
  raise exception 'delegate of % needs a second person', new.user_id using errcode = 'AM005';
end $$;
create trigger two_persons before insert on delegate for each row execute function ambit_delegate_insert();

create function ambit_egress_insert() returns trigger language plpgsql as $$
begin
  if new.expires_at > now() and ((new.source = 'change' and exists (select 1 from change c where c.id = new.change_id
        and ambit_confirmed(c.id, 'egress.add', c.subject_id, null) and c.input ->> 'host' = new.host and (c.input ->> 'port')::int = new.port))
    or (new.source = 'demo' and ambit_demo_seed())) then return new; end if;
  raise exception 'allow-list entry %:% needs a second person and an expiry', new.host, new.port using errcode = 'AM005';
end $$;
create trigger two_persons before insert on egress_allow for each row execute function ambit_egress_insert();

create function ambit_tiers_insert() returns trigger language plpgsql as $$
begin
  if new.source = 'default' and new.version = 1 and current_user not in ('ambit_app', 'ambit_gateway') then return new; end if;
  if new.source = 'change' and new.version = (select max(version) + 1 from tier_config) and exists (select 1 from change c where c.id = new.change_id
      and ambit_confirmed(c.id, 'tiers.update', c.subject_id, null) and c.input -> 'settings' = new.settings) then return new; end if;
  raise exception 'tiers and stages need a second person' using errcode = 'AM005';
end $$;
create trigger two_persons before insert on tier_config for each row execute function ambit_tiers_insert();

create function ambit_ownership_write() returns trigger language plpgsql as $$
begin
  if new.confirmed_by is null or (tg_op = 'UPDATE' and old.confirmed_by is not null) then
    if (new.confirmed_by is null) <> (new.confirmed_at is null) then
      raise exception 'ownership of % needs confirmation by security', new.subject_id using errcode = 'AM005';
    end if;
    return new;
  end if;
  -- Either security confirms whom a requester named, or a second person confirmed exactly this hand-over.
  if new.confirmed_by <> new.named_by and new.confirmed_by <> new.owner_id and ambit_active_user(new.confirmed_by)
    and (ambit_has_role(new.confirmed_by, 'security_reviewer') or (
      ambit_confirmed(new.change_id, new.subject_kind || 's.set-owner', new.subject_id, new.owner_id)
      and exists (select 1 from change c where c.id = new.change_id and c.input ->> 'ownerId' = new.owner_id and c.input ->> 'role' = new.role))) then
    return new;
  end if;
  raise exception 'ownership of % needs confirmation by security', new.subject_id using errcode = 'AM005';
end $$;
create trigger confirmed before insert or update on ownership for each row execute function ambit_ownership_write();

create function ambit_user_write() returns trigger language plpgsql as $$
begin
  if new.issuer <> old.issuer or new.subject <> old.subject then
    raise exception 'person %: issuer and subject stay', old.id using errcode = 'AM004';
  end if;
  if old.status = 'suspended' and new.status = 'active' and not ambit_confirmed(new.change_id, 'people.resume', new.id, new.id) then
    raise exception 'resuming person % needs a second person', new.id using errcode = 'AM005';
  end if;
  return new;
end $$;
create trigger transitions before update on app_user for each row execute function ambit_user_write();

create function ambit_agent_write() returns trigger language plpgsql as $$
begin
  if old.status = 'retired' then raise exception 'agent % is retired', old.id using errcode = 'AM006'; end if;
  if new.created_by <> old.created_by then raise exception 'agent %: its creator stays', old.id using errcode = 'AM004'; end if;
  if old.status = 'suspended' and new.status = 'active' and not (ambit_confirmed(new.change_id, 'agents.resume', new.id, null)
      and new.change_id is distinct from old.change_id) then
    raise exception 'resuming agent % needs a second person', new.id using errcode = 'AM005';
  end if;
  return new;
end $$;
create trigger transitions before update on agent for each row execute function ambit_agent_write();

create function ambit_tool_write() returns trigger language plpgsql as $$
begin
  if new.connector_id <> old.connector_id or new.kind <> old.kind or new.name <> old.name then
    raise exception 'tool %: its identity stays', old.id using errcode = 'AM004';
  end if;
  if (ambit_effect_rank(new.effect) < ambit_effect_rank(old.effect) or not new.labels @> old.labels) and not (
      ambit_confirmed(new.change_id, 'tools.relabel', new.id, null) and new.change_id is distinct from old.change_id
      and exists (select 1 from change c where c.id = new.change_id and c.input ->> 'effect' = new.effect)) then
    raise exception 'lowering tool % needs a second person', new.id using errcode = 'AM005';
  end if;
  return new;
end $$;
create trigger transitions before update on tool for each row execute function ambit_tool_write();

create function ambit_connector_enabled(c connector) returns boolean language sql stable as $$
  select exists (select 1 from connector_version v join approval a on a.version_id = v.id join request r on r.id = a.request_id
      where v.id = c.approved_version_id and v.connector_id = c.id and v.status = 'approved' and a.revoked_at is null and a.expires_at > now()
        and a.digest = v.digest and r.kind in ('connector', 'version') and ambit_satisfied(r))
    and exists (select 1 from ownership o where o.subject_id = c.id and o.role = 'accountable' and o.ended_at is null and o.confirmed_at is not null
      and (o.owner_kind = 'team' or ambit_active_user(o.owner_id)))
    and not exists (select 1 from quarantine q where q.connector_id = c.id and q.tool_id is null
      and not exists (select 1 from quarantine_release x where x.quarantine_id = q.id)) $$;

create function ambit_connector_write() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.status <> 'requested' or new.approved_version_id is not null then
      raise exception 'a connector starts as requested' using errcode = 'AM006';
    end if;
    return new;
  end if;
  if new.slug <> old.slug or new.created_by <> old.created_by or new.transport <> old.transport then
    raise exception 'connector %: slug, transport and creator stay', old.id using errcode = 'AM004';
  end if;
  if old.status <> new.status then
    new.status_at := now();
    if not (case old.status when 'requested' then new.status in ('approved', 'retired')
        when 'approved' then new.status in ('enabled', 'suspended', 'retired')
        when 'enabled' then new.status in ('suspended', 'quarantined', 'retired')
        when 'suspended' then new.status in ('enabled', 'retired')
        when 'quarantined' then new.status in ('enabled', 'suspended', 'retired') else false end) then
      raise exception 'connector %: % does not become %', old.id, old.status, new.status using errcode = 'AM006';
    end if;
  end if;
  if new.status = 'approved' and old.status <> 'approved' and not exists (select 1 from connector_version v where v.id = new.approved_version_id
      and v.connector_id = new.id and v.status = 'approved') then
    raise exception 'connector % has no approved version', new.id using errcode = 'AM002';
  end if;
  if new.status = 'enabled' and (old.status <> 'enabled' or new.approved_version_id is distinct from old.approved_version_id)
    and not ambit_connector_enabled(new) then
    raise exception 'connector % is not approved to be enabled', new.id using errcode = 'AM002';
  end if;
  if old.status <> 'requested' and (ambit_tier_rank(new.tier) < ambit_tier_rank(old.tier)
      or ambit_class_rank(new.classification) < ambit_class_rank(old.classification))
    and not exists (select 1 from approval a join request r on r.id = a.request_id where a.version_id = new.approved_version_id
      and a.connector_id = new.id and a.revoked_at is null and a.tier = new.tier and r.classification = new.classification) then
    raise exception 'lowering connector % needs a review', new.id using errcode = 'AM005';
  end if;
  if old.status = 'suspended' and new.status = 'enabled' and not (ambit_confirmed(new.change_id, 'connectors.resume', new.id, null)
      and new.change_id is distinct from old.change_id) then
    raise exception 'resuming connector % needs a second person', new.id using errcode = 'AM005';
  end if;
  return new;
end $$;
create trigger transitions before insert or update on connector for each row execute function ambit_connector_write();

create function ambit_release_insert() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from quarantine q join approval a on a.connector_id = q.connector_id
      join request r on r.id = a.request_id and r.kind in ('connector', 'version')
      where q.id = new.quarantine_id and a.id = new.approval_id and a.approved_at > q.created_at and a.revoked_at is null) then
    raise exception 'quarantine % ends only by a later approval', new.quarantine_id using errcode = 'AM002';
  end if;
  return new;
end $$;
create trigger reviewed before insert on quarantine_release for each row execute function ambit_release_insert();

create function ambit_package_release_insert() returns trigger language plpgsql as $$
begin
  if not (ambit_active_user(new.released_by) and ambit_has_role(new.released_by, 'platform_reviewer'))
    or exists (select 1 from probe p where p.id = new.probe_id and p.requested_by = new.released_by) then
    raise exception 'person % may not release a package', new.released_by using errcode = 'AM003';
  end if;
  return new;
end $$;
create trigger platform_only before insert on package_release for each row execute function ambit_package_release_insert();

-- Whether the request that an approval is of asked for this grant: principal, limits, and no tool beyond the approval's.
create function ambit_asked_for(g scope_grant, a approval, r request) returns boolean language sql stable as $$
  select case when r.kind in ('connector', 'version') then
      g.principal_kind = 'agent' and g.principal_id = any (r.agent_ids) and g.scope -> 'tools' ? 'names'
      and g.scope -> 'actions' <@ '["discover", "invoke"]'
      and g.scope -> 'constraints' = r.form -> 'constraints' and g.scope -> 'rate' = r.form -> 'rate'
      and g.expires_at <= a.approved_at + make_interval(days => (r.form ->> 'durationDays')::int) + interval '1 minute'
    else g.principal_kind = ambit_content(r) -> 'principal' ->> 'kind' and g.principal_id = ambit_content(r) -> 'principal' ->> 'id'
      and (g.scope - 'tools') = (ambit_content(r) -> 'scope') - 'tools'
      and (g.scope -> 'tools' ? 'names' or (g.scope -> 'tools' = ambit_content(r) -> 'scope' -> 'tools' and not exists (
        select 1 from review w where w.request_id = r.id and w.round = r.round and w.verdict = 'approve' and not w.all_tools)))
      and g.expires_at <= a.approved_at + make_interval(days => (ambit_content(r) ->> 'durationDays')::int) + interval '1 minute' end $$;
-- Whether a grant only continues one of the version before: the same limits, no longer, and by name tools that it covered
-- whose definition is the same in both versions.
create function ambit_continues(n scope_grant) returns boolean language sql stable as $$
  select n.scope -> 'tools' ? 'names' and exists (
    select 1 from scope_grant g where g.connector_id = n.connector_id and g.principal_kind = n.principal_kind and g.principal_id = n.principal_id
      and g.version_id <> n.version_id and (g.status = 'active' or (g.status = 'pending' and n.status = 'pending'))
      and g.expires_at >= n.expires_at and (g.scope - 'tools') = (n.scope - 'tools')
      and not exists (select 1 from jsonb_array_elements_text(n.scope -> 'tools' -> 'names') wanted
        where not exists (select 1 from version_tool w join tool t on t.id = w.tool_id
            where w.version_id = g.version_id and w.name = wanted and ambit_selects(g.scope, t.name, t.effect))
          or not exists (select 1 from approval b join request q on q.id = b.request_id where b.version_id = g.version_id
            and q.kind in ('connector', 'version') and wanted = any (b.tools))
          or exists (select 1 from version_tool w where w.version_id = n.version_id and w.name = wanted and not exists (
            select 1 from version_tool o where o.version_id = g.version_id and o.tool_id = w.tool_id and o.digest = w.digest)))) $$;

create function ambit_grant_write() returns trigger language plpgsql as $$
declare a approval; r request; days int;
begin
  if tg_op = 'UPDATE' then
    if old.status <> new.status and not (case old.status when 'pending' then new.status in ('active', 'expired', 'revoked')
        when 'active' then new.status in ('expired', 'revoked') else false end) then
      raise exception 'grant %: % does not become %', old.id, old.status, new.status using errcode = 'AM006';
    end if;
    if new.status <> 'active' or old.status = 'active' then return new; end if;
  end if;
  select * into a from approval where id = new.approval_id;
  select * into r from request where id = a.request_id;
  days := (ambit_tier_settings(coalesce(r.config_version, 1)) -> r.tier ->> 'grantMaxDays')::int;
  if a.id is null or new.request_id <> r.id or r.state <> 'approved' or not ambit_satisfied(r) or a.revoked_at is not null
    or new.connector_id <> a.connector_id or new.version_id <> a.version_id
    or new.expires_at > a.expires_at or days is null or new.expires_at > a.approved_at + make_interval(days => days) + interval '1 minute'
    -- What a grant covers never changes, so it is looked at once.
    or (tg_op = 'INSERT' and (not coalesce(ambit_asked_for(new, a, r) or (r.kind in ('connector', 'version') and ambit_continues(new)), false)
      or exists (select jsonb_array_elements_text(coalesce(new.scope -> 'tools' -> 'names', '[]')) except select unnest(a.tools))))
    or not (a.any_agent or new.principal_id = any (a.agent_ids))
    or new.status not in ('pending', 'active')
    or (new.status = 'active' and not exists (select 1 from connector_version v join approval w on w.version_id = v.id join request q on q.id = w.request_id
         where v.id = new.version_id and v.status = 'approved' and w.revoked_at is null and q.kind in ('connector', 'version')
           and w.expires_at >= new.expires_at)) then
    raise exception 'grant % has no approved request that covers it', new.id using errcode = 'AM007';
  end if;
  return new;
end $$;
create trigger covered before insert or update on scope_grant for each row execute function ambit_grant_write();
