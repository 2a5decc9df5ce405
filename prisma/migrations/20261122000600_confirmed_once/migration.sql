-- A confirmation carries out its change once, in its own transaction: an old one opens nothing again. Otherwise a person or agent
-- whose suspension was once lifted by two could be let in again by one, with the earlier change's id.
create or replace function ambit_confirmed(p_change text, p_operation text, p_subject text, p_beneficiary text) returns boolean language sql stable as $$
  select exists (select 1 from change c join change_decision d on d.change_id = c.id
    where c.id = p_change and c.operation = p_operation and c.subject_id = p_subject and d.verdict = 'confirm' and d.created_at = now()
      and d.decided_by <> c.proposed_by and d.decided_by <> all (c.beneficiaries) and d.decided_by is distinct from p_beneficiary
      and ambit_active_user(d.decided_by) and ambit_active_user(c.proposed_by)) $$;

-- Who owns an agent gains by what its new team was granted.
create or replace function ambit_member_insert() returns trigger language plpgsql as $$
begin
  if new.removed_at is null and ((new.source = 'change' and ambit_confirmed(new.change_id, 'teams.add-member', new.team_id, new.member_id)
      and exists (select 1 from change c where c.id = new.change_id and c.input ->> 'memberId' = new.member_id and c.input ->> 'memberKind' = new.member_kind)
      and not exists (select 1 from change_decision d where d.change_id = new.change_id and new.member_kind = 'agent'
        and ambit_owns(d.decided_by, new.member_id, false)))
    or (new.source = 'demo' and ambit_demo_seed())) then return new; end if;
  raise exception 'membership in team % needs a second person', new.team_id using errcode = 'AM005';
end $$;
