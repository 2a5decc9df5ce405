-- Three roles: the migration owner, the application (web, worker, CLI's API) and the gateway. Each has what it needs, nothing more.
-- ambit_app never updates or deletes audit rows; ambit_gateway reads what a decision needs and writes calls, quarantines and its tokens.
create extension if not exists pg_trgm;
create index tool_text on tool using gin ((name || ' ' || coalesce(title, '') || ' ' || coalesce(description, '')) gin_trgm_ops);
create index connector_text on connector using gin ((slug || ' ' || name || ' ' || purpose) gin_trgm_ops);

do $$ begin
  if not exists (select 1 from pg_roles where rolname = 'ambit_app') then create role ambit_app nologin; end if;
  if not exists (select 1 from pg_roles where rolname = 'ambit_gateway') then create role ambit_gateway nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;

revoke all on all tables in schema public from public;
revoke create on schema public from public;
grant usage on schema public to ambit_app, ambit_gateway;

-- The application reads all but the gateway's own stores.
grant select on all tables in schema public to ambit_app;
revoke select on side_payload, oauth_artifact, setup_code from ambit_app;
grant select (id, code_hash, purpose, expires_at, used_at, used_by) on setup_code to ambit_app;

-- Insert-only for the application: evidence of what people did.
grant insert on review, request_stage, comment, version_tool, package_release, change, change_decision, quarantine_release, tier_config,
  log_entry, log_tile, checkpoint to ambit_app;
grant insert (id, type, time, principal_kind, principal_id, subjects, leaf, call_id, connector_id, agent_id, tool, decision, reason, grant_id)
  on audit_event to ambit_app, ambit_gateway;
grant usage on sequence audit_event_seq_seq to ambit_app, ambit_gateway;

-- Insert and limited updates (column triggers narrow them further).
grant insert, update on app_user, team, team_member, role_assignment, delegate, access_token, agent, agent_key, ownership, connector,
  connector_version, tool, request, approval, scope_grant, egress_allow, finding, sealed_credential to ambit_app;
grant update (used_at, used_by) on setup_code to ambit_app;
grant update (setup_closed_at) on instance to ambit_app;

-- Bookkeeping without governance.
grant insert, update, delete on probe, notification, idempotency_key, evidence_pack, stage_notice to ambit_app;
grant delete on request to ambit_app;

-- The gateway.
grant select on instance, agent, agent_key, team_member, connector, connector_version, version_tool, tool, scope_grant, approval, quarantine,
  quarantine_release, egress_allow, sealed_credential, policy_epoch, audit_event to ambit_gateway;
grant insert on quarantine, side_payload to ambit_gateway;
grant select, insert, update, delete on oauth_artifact to ambit_gateway;

insert into tier_config (version, source, settings) values (1, 'default', '{
  "low":    {"stages": [{"kind": "security", "quorum": 1}], "dueWorkingDays": 3, "grantMaxDays": 365},
  "medium": {"stages": [{"kind": "security", "quorum": 1}, {"kind": "owner", "quorum": 1}], "dueWorkingDays": 5, "grantMaxDays": 180},
  "high":   {"stages": [{"kind": "security", "quorum": 2}, {"kind": "owner", "quorum": 1}, {"kind": "data_protection", "quorum": 1},
              {"kind": "platform", "quorum": 1, "after": ["security", "owner", "data_protection"]}], "dueWorkingDays": 5, "grantMaxDays": 90}
}');
